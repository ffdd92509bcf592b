import { StampError } from '../../lib/errors';
import type { JournalEntry } from '../../lib/operations/journal/journal-entry';
import type { LeaseRecord } from '../../lib/operations/lease/lease-record';
import type { OperationRequest } from '../../lib/operations/request';
import { FakeAws } from '../fakes/fake-aws';
import { interpose, type PortCall } from '../fakes/interpose';
import { failover, FLEET, groupOf, Operator, REASON } from './support';

/** What fast-check chooses: who goes on at each turn, and what goes wrong. */
export interface Schedule {
  /** The next turn: an index into who may go on. Used round and round. */
  readonly tape: readonly number[];
  readonly situation: 'planned' | 'gone' | 'versions';
  /** What the second operator wants. */
  readonly second: 'same' | 'back' | 'evacuate' | 'drain-standby';
  /** What the second does about an unfinished operation of the first. */
  readonly about: 'resume' | 'supersede';
  /** The first stands still from this call on, until the second is through. 0: never. */
  readonly pauseAt: number;
  /** The first is killed at this call. 0: never. */
  readonly crashAt: number;
  /** Answers of the control table that are lost. */
  readonly lost: number;
  /** A control-table Region that does not answer, between these turns. */
  readonly silent: { readonly region: string; readonly from: number; readonly turns: number };
  /** Milliseconds, and share, by which the second's clocks are off. */
  readonly skew: number;
  readonly drift: number;
}

interface Gate {
  readonly who: 0 | 1;
  readonly open: () => void;
}

const TURNS = 6_000;

/** Runs two operators over one fleet, call by call in the order of the schedule, and returns every broken promise. */
export async function runSchedule(schedule: Schedule): Promise<string[]> {
  const aws = new FakeAws(FLEET);
  const broken: string[] = [];
  await prepare(aws, schedule);
  const before = aws.switches.history.length;
  const gates: Gate[] = [];
  const done: [boolean, boolean] = [false, false];
  let calls = 0;
  const first = { dead: false, paused: false };
  const gate =
    (who: 0 | 1) =>
    (call: PortCall): Promise<void> | undefined => {
      // Reads that decide nothing between two operators pass: the turns go to what counts.
      if (!call.mutates && !['controlTable', 'databases'].includes(call.port)) return undefined;
      if (who === 0) {
        calls += 1;
        if (calls === schedule.crashAt) first.dead = true;
        if (calls === schedule.pauseAt) first.paused = true;
      }
      if (who === 0 && first.dead) return new Promise(() => undefined);
      return new Promise((open) => {
        gates.push({ who, open });
      });
    };
  const operator = (who: 0 | 1): Operator =>
    new Operator(aws, who === 0 ? { name: 'jo' } : { name: 'kim', skew: schedule.skew, drift: schedule.drift }, (ports) =>
      interpose(ports, { before: gate(who) }),
    );
  const operators = [operator(0), operator(1)] as const;
  const late = new LateEffects(aws, before);
  const finished = (who: 0 | 1) => (): void => {
    done[who] = true;
  };
  void act(operators[0], failover()).then(finished(0));
  void act(operators[1], secondRequest(schedule), schedule.about).then(finished(1));

  for (let turn = 0; turn < TURNS; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    if (turn === schedule.silent.from) aws.world.silent.add(`dynamodb@${schedule.silent.region}`);
    if (turn === schedule.silent.from + schedule.silent.turns) aws.world.silent.delete(`dynamodb@${schedule.silent.region}`);
    broken.push(...twoWriters(aws), ...late.look());
    if (broken.length > 0 || (done[1] && (done[0] || first.dead))) break;
    const open = gates.filter((each) => !(each.who === 0 && (first.dead || (first.paused && !done[1]))));
    const choice = schedule.tape[turn % schedule.tape.length]! % (open.length + 1);
    const next = open[choice] ?? open[0];
    // Time goes on by itself only when the schedule says so, or when nobody else may.
    if (choice === open.length && aws.world.advance()) continue;
    if (next !== undefined) {
      gates.splice(gates.indexOf(next), 1);
      next.open();
    } else if (!aws.world.advance()) break;
  }
  return [...broken, ...tokensFall(aws, before), ...unsaid(aws, operators, before), ...misled(aws)];
}

async function prepare(aws: FakeAws, { situation, lost }: Schedule): Promise<void> {
  const setup = new Operator(aws, { name: 'setup' });
  await setup.look(failover());
  if (situation === 'versions') aws.databases.clusters.get('us-west-2/shop-enterprise-usw2')!.engineVersion = '16.6';
  // us-east-1 holds no control Region: what fails is the primary alone.
  if (situation !== 'planned') aws.world.down.add('us-east-1');
  aws.control.loseAnswers = lost;
}

function secondRequest({ second }: Schedule): OperationRequest {
  switch (second) {
    case 'same':
      return failover();
    case 'back':
      return { operation: 'failback', group: 'enterprise', reason: REASON };
    case 'drain-standby':
      return { operation: 'evacuate', group: 'enterprise', stamp: 'enterprise-usw2', reason: REASON };
    case 'evacuate':
      return { operation: 'evacuate', group: 'enterprise', stamp: 'enterprise-use1', reason: REASON };
  }
}

/** An operator who tries, and goes on with what somebody else left, as the refusal says. Refusals are fine; errors of ports are too. */
async function act(operator: Operator, request: OperationRequest, about?: 'resume' | 'supersede'): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const report = await operator.start(request);
      if (report.result === 'completed' || about === undefined) return;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (about === undefined) return;
    }
    const lease = operator.aws.control.body('group#enterprise', 'lease') as LeaseRecord | undefined;
    if (lease?.unfinished === undefined) continue;
    try {
      if (about === 'resume') await operator.startResume('enterprise', lease.unfinished);
      else await operator.start(request, { supersedes: lease.unfinished });
    } catch (error) {
      if (!(error instanceof StampError) && !(error instanceof Error)) throw error;
    }
  }
}

/** Regions that live and in which a database of the group takes writes: never more than one. */
function twoWriters(aws: FakeAws): string[] {
  const writers = aws.databases
    .writers()
    .filter((each) => each.identifier.includes('-enterprise-') && !aws.world.down.has(each.region));
  return writers.length > 1 ? [`two writers: ${writers.map((each) => each.region).join(' and ')}`] : [];
}

/** Nothing takes effect under a token that is not the lease's any more. */
class LateEffects {
  private promotions = 0;

  public constructor(
    private readonly aws: FakeAws,
    private switches: number,
  ) {}

  public look(): string[] {
    const lease = this.aws.control.body('group#enterprise', 'lease') as LeaseRecord | undefined;
    const fresh = [
      ...this.aws.switches.history.slice(this.switches).map((each) => ({ what: each.key, token: each.token })),
      ...this.aws.databases.promotions
        .slice(this.promotions)
        .map((each) => ({ what: each, token: Number(each.split(' token ')[1]) })),
    ];
    this.switches = this.aws.switches.history.length;
    this.promotions = this.aws.databases.promotions.length;
    return fresh.flatMap(({ what, token }) =>
      token < (lease?.token ?? 0) ? [`late: ${what} took effect under token ${token}, the lease is at ${lease!.token}`] : [],
    );
  }
}

/** When nothing is unfinished, users of a healthy group are led to the healthy writer. */
function misled(aws: FakeAws): string[] {
  const lease = aws.control.body('group#enterprise', 'lease') as LeaseRecord | undefined;
  if (lease?.unfinished !== undefined) return [];
  const enterprise = groupOf('enterprise');
  const writer = enterprise.stamps.find(
    (stamp) => aws.traffic.healthy(enterprise, stamp.id) && aws.traffic.health(enterprise, stamp.id).writable,
  );
  const answered = aws.traffic.answered(enterprise);
  return writer !== undefined && !answered.includes(writer.id)
    ? [`users are led to ${answered.join()}, the healthy writer is ${writer.id}`]
    : [];
}

/** What takes effect never carries a lower token than what took effect before it. */
function tokensFall(aws: FakeAws, before: number): string[] {
  const promotions = aws.databases.promotions.map((each) => ({
    what: `promotion in ${each}`,
    token: Number(each.split(' token ')[1]),
  }));
  const broken = falling('promotions', promotions);
  for (const key of new Set(aws.switches.history.map((each) => each.key))) {
    broken.push(
      ...falling(
        key,
        aws.switches.history
          .slice(before)
          .filter((each) => each.key === key)
          .map((each) => ({ what: key, token: each.token })),
      ),
    );
  }
  return broken;
}

function falling(name: string, list: readonly { readonly what: string; readonly token: number }[]): string[] {
  return list.flatMap((each, at) =>
    (list[at - 1]?.token ?? 0) > each.token ? [`${name}: token ${each.token} after ${list[at - 1]!.token}`] : [],
  );
}

/** Whatever was changed, the control table has the operation that did it; whatever has not ended, the lease names. */
function unsaid(aws: FakeAws, operators: readonly Operator[], before: number): string[] {
  const entries = [...aws.control.items.values()]
    .filter((item) => item.pk.startsWith('journal#'))
    .map((item) => item.body as JournalEntry);
  const lease = aws.control.body('group#enterprise', 'lease') as LeaseRecord | undefined;
  const used = new Set([
    ...aws.switches.history.slice(before).map((each) => each.token),
    ...aws.databases.promotions.map((each) => Number(each.split(' token ')[1])),
  ]);
  const said = new Set(entries.filter((entry) => entry.kind === 'begin' || entry.kind === 'resume').map((entry) => entry.token));
  const silent = [...used]
    .filter((token) => !said.has(token))
    .map((token) => `token ${token} changed something and no journal says so`);
  const begun = entries.filter((entry) => entry.kind === 'begin').map((entry) => entry.operation);
  // The end may still be on its way to the table; then the machine has it.
  const local = operators.flatMap((operator) =>
    [...operator.process.disk.values()].flat().map((line) => JSON.parse(line) as JournalEntry),
  );
  const ended = new Set([...entries, ...local].filter((entry) => entry.kind === 'end').map((entry) => entry.operation));
  const open = begun.filter((operation) => !ended.has(operation) && lease?.unfinished !== operation);
  return [...silent, ...open.map((operation) => `${operation} has not ended and the lease does not name it`)];
}
