import type { Finding } from '../../findings';
import { ASSUMPTIONS } from '../../facts/assumptions';
import type { Assumed } from '../assumed';
import { answersRequests, databaseAnswers, lagCapBlocks, memberOf } from '../evaluate/stamp-state';
import { type World, mergeLosses, usualWorld } from '../evaluate/world';
import { GROUP_MARK, stampMark } from '../model/names';
import type { GroupModel } from '../model/types';
import type { ShapeProof } from '../prove-shape';
import type { Outcome, Verdict } from '../types';
import { boundText, seconds } from './arithmetic';
import { groupFinding } from './report-finding';
import { emptyTargetGroups, failOpen, sharedProbes, targetHealthIgnored } from './routing-flags';
import { switchFlags } from './switch-flags';

/** What is worth knowing although no single failure leaves its objective because of it, and what is wrong before anything fails. */
export function flags(proof: ShapeProof, assumed: Assumed): readonly Finding[] {
  const { model } = proof;
  return [
    ...missingStamps(model),
    ...usuallyUnfit(proof),
    ...switchFlags(proof),
    ...failOpen(model, proof.singles),
    ...scaleOuts(proof.singles),
    ...emptyTargetGroups(model),
    ...targetHealthIgnored(model),
    ...replicationLag(proof, assumed),
    ...dependencies(model),
    ...sharedProbes(model),
    ...sources(model),
    ...decision(proof.singles, assumed),
    ...brokenPromises(model),
    ...notJudged(model),
  ];
}

function missingStamps({ stamps }: GroupModel): Finding[] {
  return stamps.flatMap(({ present }, index) =>
    present
      ? []
      : [
          groupFinding(
            'stamp-missing',
            'error',
            ['placement'],
            `the templates hold no stamp ${stampMark(index)}`,
            'Synthesize all stacks of the fleet; an assembly of a part of it proves nothing about the whole',
          ),
        ],
  );
}

/** A group that is not well before anything fails: every further verdict would rest on it. */
function usuallyUnfit({ usual, model, evaluator }: ShapeProof): Finding[] {
  const said = new Map<string, Outcome['orientation']>();
  const say = (problem: string | undefined, orientation: Outcome['orientation']): void => {
    if (problem !== undefined && !said.has(problem)) said.set(problem, orientation);
  };
  for (const outcome of usual) say(unfitness(outcome, model), outcome.orientation);
  model.stamps.forEach((_, stamp) => {
    say(unfitStamp(model, evaluator.shared.usually('before'), stamp), 'before');
  });
  return [...said].map(([problem, orientation]) =>
    groupFinding(
      'usually-unfit',
      'error',
      ['placement'],
      `${orientation === 'after' ? 'after a failover and ' : ''}before anything fails, ${problem}`,
      'Repair the records, checks, tasks or database that say so; verdicts on failures rest on it',
    ),
  );
}

/** A stamp that could not serve even if it were answered. */
function unfitStamp(model: GroupModel, world: World, stamp: number): string | undefined {
  if (model.stamps[stamp]?.present !== true) return undefined;
  const mark = stampMark(stamp);
  if (!answersRequests(model, world, stamp)) return `${mark} keeps no task running`;
  if (databaseAnswers(model, world, stamp)) return undefined;
  return `${mark} has no ${model.data.kind === 'table' ? 'replica of the table' : 'database'} in its Region, so it is out of service`;
}

/** What configuration promises, and the templates do not hold. */
function brokenPromises({ stamps, promisedCopies, data }: GroupModel): Finding[] {
  if (promisedCopies === undefined || data.kind === 'none' || data.kind === 'external') return [];
  return stamps.flatMap(({ backups, present }, index) => {
    if (!present) return [];
    if (backups.rules === 0) {
      const message = `configuration promises backups, and no plan in the templates of ${stampMark(index)} takes its data`;
      return [groupFinding('backup-missing', 'error', ['backup'], message, 'Restore plan and selection')];
    }
    if (backups.copies >= promisedCopies) return [];
    const message = `configuration promises ${promisedCopies} copies of every backup, and the plan of ${stampMark(index)} makes ${backups.copies}: the loss of data and of its Region would be for good`;
    return [
      groupFinding('backup-copies-missing', 'error', ['backup', 'copyTo'], message, 'Restore the copy actions of the plan'),
    ];
  });
}

function unfitness({ first, rto, canWrite }: Outcome, model: GroupModel): string | undefined {
  if (model.stamps.length === 0)
    return `no record leads to a load balancer of these templates for ${GROUP_MARK}: nothing is judged`;
  if (model.dns.name === undefined) return `no record answers the name of ${GROUP_MARK}`;
  if (first.answers.length === 0) return `the name of ${GROUP_MARK} leads to none of its stamps`;
  if (first.failOpen) {
    return `no stamp of ${GROUP_MARK} is healthy for Route 53, which falls open: a failure cannot make the answer better`;
  }
  const dead = first.answers.filter(({ serves }) => !serves).map(({ stampId }) => stampId);
  if (dead.length > 0) return `clients are sent to ${dead.join(' and ')}, which does not serve`;
  if (rto.unbounded !== undefined) return rto.unbounded;
  const scaling = rto.terms.find(({ kind }) => kind === 'scale-out');
  if (scaling !== undefined) return 'the tasks that always run are too few for the peak';
  return canWrite || model.data.kind === 'external' ? undefined : 'clients cannot write';
}

function scaleOuts(singles: readonly Verdict[]): Finding[] {
  const scaled = singles.filter(({ worst, outcomes }) =>
    [worst, ...outcomes].some(({ rto }) => rto.terms.some(({ name }) => name === 'scale-out' || name === 'raise-minimum')),
  );
  if (scaled.length === 0) return [];
  const note = scaled
    .flatMap(({ outcomes }) => outcomes.flatMap(({ notes }) => notes))
    .find((text) => text.startsWith('capacity only'));
  return [
    groupFinding(
      'capacity-after-scale-out',
      'warning',
      ['placement', 'standbyCapacity'],
      `room for the peak exists only after a scale-out, which is counted: ${scaled.map(({ failure }) => failure).join(', ')}${note === undefined ? '' : ` (${note.replace('capacity only after a scale-out: ', '')})`}`,
      'Capacity that runs before the failure needs no control plane: placement.standbyCapacity: 100%',
    ),
  ];
}

function replicationLag({ model, evaluator }: ShapeProof, assumed: Assumed): Finding[] {
  const { data } = model;
  if (data.kind !== 'aurora' || data.members.length < 2) return [];
  const before = usualWorld(model, 'before');
  const writer = before.writer === undefined ? undefined : memberOf(data, before.writer);
  if (writer === undefined) return [];
  const others = data.members.filter((member) => member !== writer);
  const lost = {
    ...before,
    lost: mergeLosses([
      { kind: 'database', id: '', what: '', takes: { databases: others.map(({ stamp }) => stampMark(stamp)) } },
    ]),
  };
  const price = evaluator.outcomes(
    'database',
    [{ kind: 'database', id: '', what: '', takes: { databases: others.map(({ stamp }) => stampMark(stamp)) } }],
    'before',
  )[0];
  if (writer.lagCap === undefined) {
    return [
      groupFinding(
        'replication-lag-unbounded',
        'warning',
        ['database', 'maxReplicationLag'],
        `nothing bounds replication lag: the rpo of ${seconds(assumed.of('auroraReplicationLag').pessimistic)} is assumed, not proven`,
        'database.maxReplicationLag (Aurora PostgreSQL, 20 s or more) makes commits wait instead; its price: while the last replica is lost, nothing can be written until an operator lifts it',
      ),
    ];
  }
  const blocks = lagCapBlocks(model, lost);
  return [
    groupFinding(
      'replication-lag-price',
      'info',
      ['database', 'maxReplicationLag'],
      `rds.global_db_rpo ${seconds(writer.lagCap)} bounds the loss of a failover${blocks && price !== undefined ? `; its price: losing the only standby stops writes for up to ${boundText(price.rto)}` : ''}. While another Region than home writes, nothing bounds it: ${seconds(assumed.of('auroraReplicationLag').pessimistic)} is assumed`,
      'Nothing to do; the runbook needs the step that lifts it',
    ),
  ];
}

function dependencies({ dependencies: all, stamps }: GroupModel): Finding[] {
  if (stamps.length < 2) return [];
  return all.flatMap(({ name, shared, everywhere }) => {
    if (!everywhere) return [];
    if (!shared) {
      return [
        groupFinding(
          'dependency-takes-all',
          'warning',
          ['health', 'dependencies'],
          `${name} is behind every stamp and not marked shared: when it fails, all deep checks fail at once and Route 53 falls open`,
          'Write shared: true, so that it warns and never takes a stamp out; or give each Region its own with {region} in the url',
        ),
      ];
    }
    return [
      groupFinding(
        'dependency-takes-all',
        'info',
        ['health', 'dependencies'],
        `every stamp stands on ${name}: no failover helps against its loss`,
        'Know it; the checks only warn, so it takes no stamp out',
      ),
    ];
  });
}

function sources({ stamps }: GroupModel): Finding[] {
  return stamps.flatMap(({ imageRegions, secretRegions, zones, region }, index) => [
    ...imageRegions.map((other) =>
      groupFinding(
        'image-elsewhere',
        'warning',
        ['compute', 'image'],
        `${stampMark(index)} in ${region} pulls an image from ${other}: while that Region is lost, no task of it can start`,
        'Replicate the image and write {region} in its name',
      ),
    ),
    ...secretRegions.map((other) =>
      groupFinding(
        'secret-elsewhere',
        'warning',
        ['compute', 'secrets'],
        `${stampMark(index)} in ${region} reads a secret or parameter in ${other}: while that Region is lost, no task of it can start`,
        'Keep the secret in the stamp’s own Region',
      ),
    ),
    ...zones
      .filter(({ exitZone }) => exitZone !== undefined)
      .map(({ zone, exitZone = '' }) =>
        groupFinding(
          'exit-in-one-zone',
          'warning',
          ['network'],
          `tasks of ${stampMark(index)} in ${zone} leave through a NAT gateway in ${exitZone}: they go with that zone`,
          'A NAT gateway per zone',
        ),
      ),
  ]);
}

/** Noticing is part of the decision: say when there is hardly time for the notice to arrive. */
function decision(singles: readonly Verdict[], assumed: Assumed): Finding[] {
  if (assumed.profile === 'lab' || !singles.some(({ worst }) => worst.rto.terms.some(({ name }) => name === 'decision')))
    return [];
  const allowed = assumed.of('decisionTime').pessimistic;
  const notice = assumed.of('metricDelay').pessimistic + assumed.of('notificationDelay').pessimistic;
  if (allowed >= notice) return [];
  return [
    groupFinding(
      'decision-within-notice',
      'info',
      ['assumptions', 'decisionTime'],
      `decisionTime ${seconds(allowed)} is from the turned check to the go (${ASSUMPTIONS.decisionTime.meaning}); an alarm alone may take ${seconds(notice)} to arrive at worst (metricDelay + notificationDelay)`,
      'Measure it in a drill that begins with the alarm, and write what you measured under assumptions',
    ),
  ];
}

function notJudged({ data, peak, perTask }: GroupModel): Finding[] {
  return [
    ...(data.kind === 'external'
      ? [
          groupFinding(
            'data-not-judged',
            'info',
            ['database'],
            `the database of ${GROUP_MARK} is neither an Aurora cluster nor a table of these templates: its failures, lag and backups are not judged`,
            'Hold whoever runs it to the same objectives',
          ),
        ]
      : []),
    ...(data.kind === 'missing'
      ? [
          groupFinding(
            'data-not-judged',
            'error',
            ['database'],
            `the templates hold no database of ${GROUP_MARK}, and configuration asks for one`,
            'Synthesize all stacks of the fleet, the data stack included',
          ),
        ]
      : []),
    ...(peak === undefined || perTask === undefined
      ? [
          groupFinding(
            'capacity-not-judged',
            'info',
            ['compute'],
            `nothing says what ${GROUP_MARK} has to carry, so capacity is not judged`,
            'Give peakRequestsPerSecond and requestsPerSecondPerTask',
          ),
        ]
      : []),
  ];
}
