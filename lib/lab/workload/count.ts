import { type DataCount, PortError } from '../../ports';
import { call } from '../net/rpc';
import type { LabPlan, StampPlan } from '../plan/lab-plan';
import type { Item } from '../region/item';
import { isIntact } from './content';

/** Milliseconds. */
const TIMEOUT = 20_000;

/** A row of the sample workload, of whichever store. */
export interface CountedRow {
  readonly number: number;
  readonly item: string;
  readonly quantity: number;
}

/** What a stamp's database and queues hold now, read past load balancers and DNS. @throws PortError `unreachable`, `not-found` */
export async function countData(plan: LabPlan, id: string): Promise<DataCount> {
  const stamp = plan.stamps.find((each) => each.id === id);
  const place = { service: 'lab', region: stamp?.region ?? '-', call: 'count' };
  const region = plan.regions.find((each) => each.region === stamp?.region);
  if (stamp === undefined || region === undefined) throw new PortError('not-found', place, `the lab has no stamp ${id}`);
  const { rows, effects } = await dataOf(stamp, region.rpc);
  const queued: number[] = [];
  if (stamp.queue !== undefined) {
    for (const name of [stamp.queue.name, stamp.queue.deadLetter]) {
      const bodies = await call<string[]>(region.rpc, 'sqs.bodies', { name }, { timeoutMs: TIMEOUT, place });
      queued.push(...bodies.map(numberIn).filter((number) => number !== undefined));
    }
  }
  const messages: Record<number, number> = {};
  for (const message of effects) messages[message] = (messages[message] ?? 0) + 1;
  return {
    rows: rows.map(({ number }) => number).sort((a, b) => a - b),
    damaged: rows
      .filter((row) => !isIntact(row.number, row))
      .map(({ number }) => number)
      .sort((a, b) => a - b),
    messages,
    queued: queued.sort((a, b) => a - b),
  };
}

async function dataOf(
  { database, agent, region }: StampPlan,
  rpc: { readonly host: string; readonly port: number },
): Promise<{ rows: readonly CountedRow[]; effects: readonly number[] }> {
  switch (database.engine) {
    case 'none':
      return { rows: [], effects: [] };
    case 'aurora':
      return call(agent, 'db.count', {}, { timeoutMs: TIMEOUT, place: { service: 'postgresql', region, call: 'select' } });
    case 'dynamodb': {
      const place = { service: 'dynamodb', region, call: 'Scan' };
      const items = await call<Item[]>(rpc, 'table.all', { table: database.table }, { timeoutMs: TIMEOUT, place });
      const text = (item: Item, key: string): string => {
        const value = item[key] ?? {};
        return typeof value['S'] === 'string' ? value['S'] : typeof value['N'] === 'string' ? value['N'] : '';
      };
      return {
        rows: items
          .filter((item) => text(item, 'sk') === 'order')
          .map((item) => ({
            number: Number(text(item, 'number')),
            item: text(item, 'item'),
            quantity: Number(text(item, 'quantity')),
          })),
        effects: items.filter((item) => text(item, 'sk') === 'shipment').map((item) => Number(text(item, 'message'))),
      };
    }
  }
}

/** One cluster or table, or what an old writer kept of itself when it was rebuilt. */
export interface ResourceRequest {
  readonly region: string;
  readonly group: string;
  readonly resource: string;
  readonly kept: boolean;
}

/** Orders in one resource of a group. @throws PortError `not-found`, `unreachable` */
export async function countResource(
  plan: LabPlan,
  { region: name, group, resource, kept }: ResourceRequest,
): Promise<Pick<DataCount, 'rows' | 'damaged'> & { readonly evidence: string }> {
  const stamp = plan.stamps.find((each) => each.group === group && each.region === name);
  const region = plan.regions.find((each) => each.region === name);
  const place = { service: 'lab', region: name, call: 'count' };
  if (stamp === undefined || region === undefined)
    throw new PortError('not-found', place, `the lab has no stamp of ${group} in ${name}`);
  const { rows, evidence } = await rowsOf(stamp, region.rpc, resource, kept);
  return {
    rows: rows.map(({ number }) => number),
    damaged: rows.filter((row) => !isIntact(row.number, row)).map(({ number }) => number),
    evidence,
  };
}

async function rowsOf(
  stamp: StampPlan,
  rpc: { readonly host: string; readonly port: number },
  resource: string,
  kept: boolean,
): Promise<{ rows: readonly CountedRow[]; evidence: string }> {
  if (stamp.database.engine === 'aurora') {
    const name = kept ? 'db.countKept' : 'db.countOf';
    const place = { service: 'postgresql', region: stamp.region, call: 'select' };
    return call(stamp.agent, name, { cluster: resource }, { timeoutMs: TIMEOUT, place });
  }
  const { rows } = await dataOf({ ...stamp, database: { engine: 'dynamodb', table: resource } }, rpc);
  return { rows, evidence: `table ${resource}` };
}

/** The number of a message; undefined for poison. */
function numberIn(body: string): number | undefined {
  try {
    const { number } = JSON.parse(body) as { number?: unknown };
    return typeof number === 'number' ? number : undefined;
  } catch {
    return undefined;
  }
}
