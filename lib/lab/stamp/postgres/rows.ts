import type { CountedRow } from '../../workload/count';
import type { Cluster } from './cluster';

/** Milliseconds. */
const TIMEOUT = 20_000;

/** The rows of the sample workload and the effects of its messages; nothing while nobody has written yet. */
export async function countRows({ server, logins: { database } }: Cluster): Promise<{ rows: CountedRow[]; effects: number[] }> {
  const [made] = await server.query<{ there: boolean }>(
    `select to_regclass('orders') is not null as there`,
    [],
    TIMEOUT,
    database,
  );
  if (made?.there !== true) return { rows: [], effects: [] };
  const rows = await server.query<CountedRow>(
    'select number::float8 as number, item, quantity from orders',
    [],
    TIMEOUT,
    database,
  );
  const effects = await server.query<{ message: number }>(
    'select message::float8 as message from shipment_effects',
    [],
    TIMEOUT,
    database,
  );
  return { rows, effects: effects.map(({ message }) => message) };
}

/** Changes or deletes a share of the rows, the same ones every time. Says how many. */
export async function damageRows(
  { server, logins: { database } }: Cluster,
  mode: 'corrupt' | 'delete',
  share: number,
): Promise<number> {
  const statement = mode === 'corrupt' ? `update orders set item = 'damaged'` : 'delete from orders';
  const touched = await server.query(
    `${statement} where abs(hashint8(number)) % 1000 < $1 returning number`,
    [Math.round(share * 1000)],
    TIMEOUT,
    database,
  );
  return touched.length;
}

/** Every transaction is read-only from now on, or no longer. */
export async function setReadOnly({ server }: Cluster, full: boolean): Promise<void> {
  await server.query(`alter system ${full ? 'set default_transaction_read_only = on' : 'reset default_transaction_read_only'}`);
  await server.query('select pg_reload_conf()');
}

/** Tries a write that changes nothing. */
export async function refusesWrites({ server, logins: { database } }: Cluster): Promise<boolean> {
  try {
    await server.query('update lab.beat set at = at', [], TIMEOUT, database);
    return false;
  } catch {
    return true;
  }
}
