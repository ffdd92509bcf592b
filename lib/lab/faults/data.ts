import { PortError } from '../../ports';
import { call } from '../net/rpc';
import type { Item } from '../region/item';
import { countData } from '../workload/count';
import type { FaultAction, FaultWorld, RequestOf } from './fault-actions';
import { notFound, stampOf, writerStamp } from './losses';

/** Milliseconds. */
const WORK = 20_000;

function invalid(why: string): PortError {
  return new PortError('invalid', { service: 'lab', region: '-', call: 'fault' }, why);
}

/** The quota of the database's storage is used up: it takes no more writes, as RDS does in the state storage-full. */
export function diskFull(world: FaultWorld, { stamp: id }: RequestOf<'disk-full'>): FaultAction {
  const { agent, database } = stampOf(world, id);
  if (database.engine !== 'aurora') throw invalid(`${id} has no disk of its own`);
  return {
    start: () => call(agent, 'db.readOnly', { full: true }, { timeoutMs: WORK }),
    check: async () => {
      const refused = await call<boolean>(agent, 'db.refusesWrites', {}, { timeoutMs: WORK });
      return { holds: refused, evidence: refused ? 'a write was refused' : 'a write was taken' };
    },
    end: () => call(agent, 'db.readOnly', { full: false }, { timeoutMs: WORK }),
  };
}

/** Rows of live data change or go. Nothing undoes that but a restore. */
export function dataDamage(world: FaultWorld, { group, mode, share }: RequestOf<'data-damage'>): FaultAction {
  const { plan } = world;
  const [first] = plan.stamps.filter((stamp) => stamp.group === group);
  if (first === undefined) throw notFound(`group ${group}`);
  const { database } = first;
  let touched = 0;
  let target = first;
  const start = async (): Promise<void> => {
    if (database.engine === 'none') throw invalid(`${group} has no data`);
    if (database.engine === 'aurora') {
      target = await writerStamp(world, group);
      touched = await call<number>(target.agent, 'db.damage', { mode, share }, { timeoutMs: WORK });
      return;
    }
    const region = plan.regions.find((each) => each.region === target.region);
    if (region === undefined) throw notFound(`Region ${target.region}`);
    const items = await call<Item[]>(region.rpc, 'table.all', { table: database.table }, { timeoutMs: WORK });
    const orders = items.filter((item) => item['sk']?.['S'] === 'order');
    for (const item of orders.slice(0, Math.ceil(orders.length * share))) {
      if (mode === 'delete') await call(region.rpc, 'table.delete', { table: database.table, key: item });
      else await call(region.rpc, 'table.put', { table: database.table, item: { ...item, item: { S: 'damaged' } } });
      touched += 1;
    }
  };
  return {
    start,
    check: async () => {
      const { damaged, rows } = await countData(plan, target.id);
      const evidence =
        mode === 'corrupt'
          ? `${damaged.length} of ${rows.length} rows are not what was written`
          : `${touched} rows are gone, ${rows.length} are left`;
      return { holds: touched > 0 && (mode === 'delete' || damaged.length > 0), evidence };
    },
    end: () => Promise.resolve(),
  };
}

/** Messages that are no work: nobody can ever do them. */
export function poisonMessages(world: FaultWorld, { stamp: id, count }: RequestOf<'poison-messages'>): FaultAction {
  const { queue, region: name } = stampOf(world, id);
  const region = world.plan.regions.find((each) => each.region === name);
  if (queue === undefined || region === undefined) throw invalid(`${id} has no queue`);
  const mark = `poison of ${world.id}`;
  return {
    start: () =>
      call(region.rpc, 'sqs.send', {
        name: queue.name,
        bodies: Array.from({ length: count }, (_, at) => JSON.stringify({ poison: mark, at })),
      }),
    check: async () => {
      const places = [queue.name, queue.deadLetter];
      const bodies = await Promise.all(places.map((each) => call<string[]>(region.rpc, 'sqs.bodies', { name: each })));
      const [waiting = 0, dead = 0] = bodies.map((list) => list.filter((body) => body.includes(mark)).length);
      return { holds: waiting + dead === count, evidence: `${waiting} in the queue, ${dead} dead letters of ${count}` };
    },
    end: () => Promise.resolve(),
  };
}
