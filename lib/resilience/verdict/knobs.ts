import { type AssumptionName } from '../../facts/assumptions';
import { Assumed } from '../assumed';
import type { GroupModel, StampModel } from '../model/types';
import { exceeds, judgeAgain } from '../prove-shape';
import type { Knob, Profile, Verdict } from '../types';
import { seconds } from './arithmetic';
import { addChecks, checkSettings, latencyInstead } from './routing-knobs';

/** One way to turn a group's model, or an assumption, into another. */
export interface Turn {
  readonly name: string;
  readonly change: string;
  /** {@link change} for somebody who has no `stamps/` folder. @default - the same */
  readonly plainly?: string;
  readonly cost: number;
  readonly model?: GroupModel;
  readonly overrides?: Readonly<Record<string, number>>;
}

/** What a proof rests on, for those who want to try another one. */
export interface ProofBasis {
  readonly profile: Profile;
  readonly overrides: Readonly<Record<string, number>>;
  /** Name of the file that says what is asked, when that is no `stamps/` folder: changes are then said without its settings. */
  readonly objectivesFile?: string;
}

/**
 * The cheapest changes that bring a violated verdict back, each computed by judging the failure again with the knob turned. When no
 * single one is enough, the best pair of them; and at the end always the objective that would hold.
 */
export function findKnobs(model: GroupModel, verdict: Verdict, basis: ProofBasis): readonly Knob[] {
  const trial = new Trial(model, verdict, basis);
  const turns = [
    ...settings(model),
    ...assumptionTurns(verdict, basis),
    ...capacityTurns(model, trial),
    ...dataTurns(model, verdict),
  ]
    .map((turn) => (basis.objectivesFile === undefined ? turn : { ...turn, change: turn.plainly ?? turn.change }))
    .sort((a, b) => a.cost - b.cost);
  const tried = turns.map((turn) => ({ turn, knob: trial.turn(turn) }));
  const enough = tried.filter(({ knob }) => knob.enough).map(({ knob }) => knob);
  const found = enough.length > 0 ? enough.slice(0, 3) : pairOf(tried, trial);
  const objective = objectiveKnob(verdict);
  return objective === undefined ? found : [...found, objective];
}

class Trial {
  public constructor(
    private readonly model: GroupModel,
    private readonly verdict: Verdict,
    private readonly basis: ProofBasis,
  ) {}

  public turn({ name, change, cost, model = this.model, overrides = {} }: Turn): Knob {
    const assumed = new Assumed(this.basis.profile, { ...this.basis.overrides, ...overrides });
    const again = judgeAgain(model, assumed, this.verdict.failure);
    if (again === undefined) return { name, change, cost, enough: false };
    const { rto, rpo } = again.worst;
    const { rtoObjective, rpoObjective } = this.verdict;
    const enough = !exceeds(again.worst, rtoObjective, rpoObjective);
    const deciding = rtoViolated(this.verdict) ? rto.pessimistic : rpo.pessimistic;
    return { name, change, cost, enough, ...(deciding !== undefined && { result: deciding }) };
  }

  public holds(model: GroupModel): boolean {
    return this.turn({ name: '', change: '', cost: 0, model }).enough;
  }
}

/** Settings that cost nothing. */
function settings(model: GroupModel): Turn[] {
  const keepAlive = Math.max(0, ...model.stamps.map(({ clientKeepAlive }) => clientKeepAlive));
  const capped = model.dns.records.some(({ TTL }) => (TTL ?? 0) > 60);
  return [
    ...checkSettings(model),
    ...addChecks(model),
    ...latencyInstead(model),
    ...(capped ? [{ name: 'ttl', change: 'TTL of 60 s on the group’s records', cost: 1, model: withTtl(model, 60) }] : []),
    ...(keepAlive > 60
      ? [
          {
            name: 'edge.clientKeepAlive',
            change: 'edge.clientKeepAlive: 60s',
            plainly: 'client_keep_alive.seconds of 60 on the load balancers',
            cost: 1,
            model: { ...model, stamps: model.stamps.map((stamp) => ({ ...stamp, clientKeepAlive: 60 })) },
          },
        ]
      : []),
    ...(model.writerGrace > 60
      ? [
          {
            name: 'failover.writerGrace',
            change: 'failover.writerGrace: 60s',
            plainly: 'writerGrace: 60s, when the health checks forgive no longer',
            cost: 2,
            model: { ...model, writerGrace: 60 },
          },
        ]
      : []),
    ...(model.stamps.some(({ deployment }) => (deployment.alarmSeconds ?? Infinity) > 60)
      ? [
          {
            name: 'deployment alarms',
            change: 'alarms of the deployment that need one datapoint of 60 s, with rollback',
            cost: 2,
            model: {
              ...model,
              stamps: model.stamps.map((stamp) => ({ ...stamp, deployment: { ...stamp.deployment, alarmSeconds: 60 } })),
            },
          },
        ]
      : []),
  ];
}

/** Times that a team can measure and lower: the value that would be needed. */
function assumptionTurns(verdict: Verdict, { profile, overrides }: ProofBasis): Turn[] {
  const { pessimistic, terms } = verdict.worst.rto;
  const excess = (pessimistic ?? Infinity) - verdict.rtoObjective;
  if (!Number.isFinite(excess) || excess <= 0 || profile === 'lab') return [];
  const measurable: readonly AssumptionName[] = [
    'decisionTime',
    'auroraGlobalFailover',
    'auroraRestore',
    'dynamoDbRestore',
    'ecsScaleOut',
  ];
  const assumed = new Assumed(profile, overrides);
  return measurable.flatMap((name) => {
    const used = terms.some(({ critical, assumptions }) => critical && assumptions.includes(name));
    const needed = Math.floor(assumed.of(name).pessimistic - excess);
    if (!used || needed < 1) return [];
    const change = `assumptions.${name}: ${needed}s, once drills have measured that it takes no longer`;
    return [{ name: `assumptions.${name}`, change, cost: 3, overrides: { [name]: needed } }];
  });
}

function capacityTurns(model: GroupModel, trial: Trial): Turn[] {
  const { peak, perTask } = model;
  if (peak === undefined || perTask === undefined) return [];
  const standby = model.stamps.findIndex(({ role }) => role === 'standby');
  const turns: Turn[] = [];
  if (standby >= 0) {
    const least = [5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100].find((percent) =>
      trial.holds(withTasks(model, standby, (peak * percent) / 100 / perTask)),
    );
    if (least !== undefined) {
      turns.push({
        name: 'placement.standbyCapacity',
        change: `standbyCapacity >= ${least} %`,
        plainly: `tasks that always run in the standby for ${least} % of the peak`,
        cost: 10,
        model: withTasks(model, standby, (peak * least) / 100 / perTask),
      });
    }
  }
  const all = model.stamps.reduce((changed, _, index) => withTasks(changed, index, peak / perTask), model);
  return [
    ...turns,
    {
      name: 'tasks',
      change: `tasks for the whole peak of ${peak} requests/s in every stamp, with one zone gone`,
      cost: 20,
      model: all,
    },
  ];
}

/** A stamp with tasks for so many, one zone gone (aws-facts 3.6). */
function withTasks(model: GroupModel, index: number, needed: number): GroupModel {
  return { ...model, stamps: model.stamps.map((stamp, at) => (at === index ? resized(stamp, needed) : stamp)) };
}

function resized(stamp: StampModel, needed: number): StampModel {
  const zones = Math.max(1, stamp.zones.length);
  const perZone = zones === 1 ? Math.ceil(needed) : Math.ceil(Math.ceil(needed) / (zones - 1));
  const minTasks = Math.max(stamp.minTasks, perZone * zones);
  if (minTasks === stamp.minTasks) return stamp;
  return {
    ...stamp,
    minTasks,
    maxTasks: Math.max(stamp.maxTasks, minTasks),
    zones: stamp.zones.map((zone) => ({ ...zone, tasks: Math.max(zone.tasks, perZone) })),
  };
}

function dataTurns(model: GroupModel, verdict: Verdict): Turn[] {
  const { data } = model;
  const turns: Turn[] = [];
  if (data.kind === 'aurora') {
    const capped = Math.max(20, Math.floor(verdict.rpoObjective));
    if (data.members.some(({ home, lagCap }) => home && (lagCap ?? Infinity) > capped) && verdict.rpoObjective >= 20) {
      const members = data.members.map((member) => (member.home ? { ...member, lagCap: capped } : member));
      turns.push({
        name: 'database.maxReplicationLag',
        change: `database.maxReplicationLag: ${capped}s`,
        plainly: `rds.global_db_rpo of ${capped} s in the writer’s cluster parameters`,
        cost: 4,
        model: { ...model, data: { ...data, members } },
      });
    }
    const joined = data.members.map((member) => ({ ...member, replicationGroup: 0 }));
    if (new Set(data.members.map(({ replicationGroup }) => replicationGroup)).size > 1) {
      turns.push({
        name: 'global cluster',
        change: 'every cluster of the group in one global cluster',
        cost: 30,
        model: { ...model, data: { ...data, members: joined } },
      });
    }
    const readers = data.members.map((member) => ({
      ...member,
      instanceZones: (model.stamps[member.stamp]?.zones ?? [])
        .slice(0, Math.max(2, member.instanceZones.length))
        .map(({ zone }) => zone),
    }));
    if (data.members.some(({ instanceZones }) => instanceZones.length < 2)) {
      turns.push({
        name: 'readers',
        change: 'a reader in a second zone',
        cost: 15,
        model: { ...model, data: { ...data, members: readers } },
      });
    }
  }
  return [...turns, ...backupTurns(model)];
}

function backupTurns(model: GroupModel): Turn[] {
  const { data, stamps } = model;
  if (data.kind !== 'aurora' && data.kind !== 'table') return [];
  const everywhere = stamps.map(({ region, account }) => ({ region, account }));
  const continuous = everywhere.map((place) => ({ ...place, kind: 'continuous' as const, retentionDays: 35 }));
  const copies = everywhere.map((place) => ({ ...place, kind: 'copy' as const, interval: 86_400 }));
  const add = (extra: typeof continuous | typeof copies): GroupModel => ({
    ...model,
    data:
      data.kind === 'table'
        ? { ...data, backups: [...data.backups, ...extra] }
        : { ...data, members: data.members.map((member) => ({ ...member, backups: [...member.backups, ...extra] })) },
  });
  return [
    {
      name: 'backup.continuous',
      change: 'a backup plan with continuous: true',
      plainly: 'a backup plan with continuous backups, in every Region of the group',
      cost: 5,
      model: add(continuous),
    },
    {
      name: 'backup.copyTo',
      change: 'copies to peers (schedule: daily)',
      plainly: 'a daily copy of backups to every Region of the group',
      cost: 6,
      model: add(copies),
    },
  ];
}

function withTtl(model: GroupModel, ttl: number): GroupModel {
  const records = model.dns.records.map((record) => ((record.TTL ?? 0) > ttl ? { ...record, TTL: ttl } : record));
  return { ...model, dns: { ...model.dns, records } };
}

/** Two of those that help, together, when one is not enough. */
function pairOf(tried: readonly { readonly turn: Turn; readonly knob: Knob }[], trial: Trial): readonly Knob[] {
  const models = tried.filter(
    ({ turn, knob }) => turn.model === undefined && turn.overrides !== undefined && knob.result !== undefined,
  );
  const settingsOnly = tried.filter(({ turn }) => turn.model !== undefined).slice(0, 6);
  for (const { turn: a } of settingsOnly) {
    for (const { turn: b } of models) {
      if (a.model === undefined || b.overrides === undefined) continue;
      const both = trial.turn({
        name: `${a.name} and ${b.name}`,
        change: `${a.change}, and ${b.change}`,
        cost: a.cost + b.cost,
        model: a.model,
        overrides: b.overrides,
      });
      if (both.enough) return [both];
    }
  }
  return [];
}

/** The objective that the templates keep as they are. */
function objectiveKnob({ objective, worst, rtoObjective, rpoObjective }: Verdict): Knob | undefined {
  const { rto, rpo } = worst;
  if (rto.unbounded !== undefined || rpo.unbounded !== undefined) return undefined;
  const needs = [
    ...((rto.pessimistic ?? 0) > rtoObjective ? [`rto of ${minutes(rto.pessimistic ?? 0)}`] : []),
    ...((rpo.pessimistic ?? 0) > rpoObjective ? [`rpo of ${minutes(rpo.pessimistic ?? 0)}`] : []),
  ];
  if (needs.length === 0) return undefined;
  return {
    name: `objectives.${objective}`,
    change: `objectives.${objective}: ${needs.join(' and ')} or more`,
    enough: true,
    cost: 100,
  };
}

function minutes(value: number): string {
  return value > 60 ? `${Math.ceil(value / 60)}m` : `${Math.ceil(value)}s`;
}

function rtoViolated({ worst, rtoObjective }: Verdict): boolean {
  return worst.rto.unbounded !== undefined || (worst.rto.pessimistic ?? 0) > rtoObjective;
}

/** `checks at 10 s x 3: 168 s`. */
export function knobText({ change, result, enough, name }: Knob): string {
  if (result === undefined || name.startsWith('objectives.')) return change;
  return `${change}: ${seconds(result)}${enough ? '' : ', which is not enough'}`;
}
