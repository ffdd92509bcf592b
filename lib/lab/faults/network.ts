import { type FaultCheck, PortError } from '../../ports';
import { call } from '../net/rpc';
import type { WideAreaRule } from '../net/wide-area';
import type { FaultAction, FaultWorld, RequestOf } from './fault-actions';
import { notFound, writerStamp } from './losses';

/** Rules in the wide area network, and the question whether they bite. */
function ruled(
  { plan, id }: FaultWorld,
  ways: readonly (readonly [string, string])[],
  effect: WideAreaRule['effect'],
): FaultAction {
  const { rpc } = plan.internet;
  const names = ways.map((_, at) => `${id}-${at}`);
  return {
    start: async () => {
      for (const [at, [from, to]] of ways.entries()) await call(rpc, 'addRule', { id: names[at], from, to, effect });
    },
    check: async (): Promise<FaultCheck> => {
      const probe = effect.kind === 'drop' ? 'dropped' : 'delayed';
      const seen = await Promise.all(
        ways.map(([from, to]) => call<boolean | number>(rpc, probe, { from: from.replace(/\*$/, 'any'), to })),
      );
      const held = seen.filter((value) => value !== false && value !== 0).length;
      return {
        holds: held === ways.length,
        evidence: `${held} of ${ways.length} ways ${probe}: ${ways.map((way) => way.join(' > ')).join(', ')}`,
      };
    },
    end: async () => {
      for (const name of names) await call(rpc, 'removeRule', { id: name });
    },
  };
}

function known({ plan }: FaultWorld, region: string): void {
  if (!plan.regions.some((each) => each.region === region)) throw notFound(`Region ${region}`);
}

export function regionPartition(world: FaultWorld, { between: [a, b] }: RequestOf<'region-partition'>): FaultAction {
  known(world, a);
  known(world, b);
  const kinds = ['region', 'replication'];
  const ways = [
    ...kinds.flatMap((from) => kinds.map((to) => [`${from}:${a}`, `${to}:${b}`] as const)),
    ...kinds.flatMap((from) => kinds.map((to) => [`${from}:${b}`, `${to}:${a}`] as const)),
  ];
  return ruled(world, ways, { kind: 'drop' });
}

export function checkerPartition(world: FaultWorld, { region, locations }: RequestOf<'checker-partition'>): FaultAction {
  known(world, region);
  const from = locations === undefined ? ['checkers:*'] : locations.map((location) => `checkers:${location}`);
  return ruled(
    world,
    from.map((each) => [each, `region:${region}`] as const),
    { kind: 'drop' },
  );
}

export function clientPartition(world: FaultWorld, { population, region }: RequestOf<'client-partition'>): FaultAction {
  known(world, region);
  return ruled(world, [[`clients:${population}`, `region:${region}`]], { kind: 'drop' });
}

/**
 * Replication into a Region is late; nothing else is. Of a table: from every other Region. Never faster than said: lag is held against
 * `maxReplicationLag` and the RPO, which no speed divides.
 */
export function slowReplication(world: FaultWorld, { group, to, seconds }: RequestOf<'slow-replication'>): FaultAction {
  const { plan } = world;
  const stamp = plan.stamps.find((each) => each.group === group && each.region === to);
  if (stamp === undefined) throw notFound(`stamp of ${group} in ${to}`);
  const milliseconds = seconds * 1000;
  const { database } = stamp;
  if (database.engine === 'none') {
    throw new PortError('invalid', { service: 'lab', region: to, call: 'fault' }, `${group} replicates nothing`);
  }
  if (database.engine === 'dynamodb') {
    const sources = plan.regions.filter(
      ({ region }) => region !== to && plan.stamps.some((each) => each.group === group && each.region === region),
    );
    const set = async (delay: number): Promise<void> => {
      for (const { rpc } of sources) await call(rpc, 'table.delay', { table: database.table, to, milliseconds: delay });
    };
    return {
      start: () => set(milliseconds),
      check: async () => {
        const delays = await Promise.all(
          sources.map(({ rpc }) => call<number>(rpc, 'table.delayOf', { table: database.table, to })),
        );
        return {
          holds: delays.length > 0 && delays.every((delay) => delay === milliseconds),
          evidence: `${sources.length} Regions send ${milliseconds} ms later to ${to}`,
        };
      },
      end: () => set(0),
    };
  }
  let rule: FaultAction | undefined;
  return {
    start: async () => {
      const writer = await writerStamp(world, group);
      rule = ruled(world, [[`region:${writer.region}`, `replication:${to}`]], { kind: 'delay', milliseconds });
      await rule.start();
    },
    check: () => rule?.check() ?? Promise.resolve({ holds: false, evidence: 'nothing is late' }),
    end: () => rule?.end() ?? Promise.resolve(),
  };
}
