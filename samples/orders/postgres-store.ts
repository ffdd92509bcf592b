import { Pool, type PoolClient } from 'pg';
import { type Order, type OrderStore, ReadOnlyError, type StoredOrder } from './store';
import type { DatabaseSettings } from './settings';

/** Milliseconds. A statement that takes longer helps nobody who waits for it. */
const STATEMENT_TIMEOUT = 1500;
const CONNECT_TIMEOUT = 1000;

const SCHEMA = `
  create table if not exists orders (
    number bigint primary key, tenant text not null, item text not null, quantity integer not null,
    at timestamptz not null default clock_timestamp());
  create table if not exists shipments (message bigint primary key);
  create table if not exists shipment_effects (id bigint generated always as identity primary key, message bigint not null);`;

/** What PostgreSQL says to whoever writes to a replica: read_only_sql_transaction. */
const READ_ONLY = '25006';
/** Nobody has ordered anything yet, so nobody has made the tables: undefined_table. */
const NO_TABLE = '42P01';

/**
 * Orders in Aurora PostgreSQL. Whether this database is the writer is asked of the database itself, on the connection that writes and before every
 * write: after a failover the old writer may still take connections, and writes that nobody will ever see (application contract).
 */
export class PostgresStore implements OrderStore {
  private readonly writer: Pool;
  private readonly reader: Pool;
  private ready: Promise<void> | undefined;

  public constructor({ writer, reader, port, name }: Extract<DatabaseSettings, { engine: 'aurora-postgresql' }>, user: string) {
    const common = {
      port,
      database: name,
      user,
      // On AWS: an IAM token, made for each new connection by Signer of @aws-sdk/rds-signer, and TLS with the RDS root certificates.
      password: process.env['DATABASE_PASSWORD'] ?? '',
      ssl: process.env['DATABASE_TLS'] !== 'off',
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      statement_timeout: STATEMENT_TIMEOUT,
      query_timeout: STATEMENT_TIMEOUT,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
    };
    // Bulkhead: reads never wait for connections that writes hold, nor the other way round.
    this.writer = new Pool({ ...common, host: writer, max: 3 });
    this.reader = new Pool({ ...common, host: reader, max: 3 });
    for (const pool of [this.writer, this.reader]) {
      // An idle connection that is cut is no event: the next query opens another one.
      pool.on('error', () => undefined);
    }
  }

  public async writable(): Promise<boolean> {
    const { rows } = await this.writer.query<{ standby: boolean }>('select pg_is_in_recovery() as standby');
    return rows[0]?.standby === false;
  }

  public async place({ number, tenant, item, quantity }: Order): Promise<'created' | 'existed'> {
    return this.write(async (client) => {
      const { rowCount } = await client.query(
        'insert into orders (number, tenant, item, quantity) values ($1, $2, $3, $4) on conflict (number) do nothing',
        [number, tenant, item, quantity],
      );
      return rowCount === 1 ? 'created' : 'existed';
    });
  }

  public async ship(message: number): Promise<'done' | 'done before'> {
    return this.write(async (client) => {
      // The key and the effect in one transaction: either both are there, or the message comes again.
      await client.query('begin');
      const { rowCount } = await client.query('insert into shipments (message) values ($1) on conflict do nothing', [message]);
      if (rowCount === 1) await client.query('insert into shipment_effects (message) values ($1)', [message]);
      await client.query('commit');
      return rowCount === 1 ? 'done' : 'done before';
    });
  }

  public async find(number: number): Promise<StoredOrder | undefined> {
    const [order] = await this.read('where number = $1', number);
    return order;
  }

  public latest(limit: number): Promise<readonly StoredOrder[]> {
    return this.read('order by number desc limit $1', limit);
  }

  private async read(rest: string, value: number): Promise<readonly StoredOrder[]> {
    try {
      const { rows } = await this.reader.query<StoredOrder>(
        `select number::int, tenant, item, quantity, at from orders ${rest}`,
        [value],
      );
      return rows;
    } catch (error) {
      if (hasCode(error, NO_TABLE)) return [];
      throw error;
    }
  }

  public async close(): Promise<void> {
    await Promise.all([this.writer.end(), this.reader.end()]);
  }

  private async write<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.writer.connect();
    let broken = false;
    try {
      const { rows } = await client.query<{ standby: boolean }>('select pg_is_in_recovery() as standby');
      if (rows[0]?.standby !== false) throw new ReadOnlyError();
      await this.prepare(client);
      return await work(client);
    } catch (error) {
      if (hasCode(error, READ_ONLY)) throw new ReadOnlyError();
      // A connection in an unknown state is not given back.
      broken = !(error instanceof ReadOnlyError);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Tables are made by whoever comes first, under a lock, in the one database that can. */
  private prepare(client: PoolClient): Promise<void> {
    this.ready ??= (async () => {
      await client.query('select pg_advisory_lock(20261121)');
      try {
        await client.query(SCHEMA);
      } finally {
        await client.query('select pg_advisory_unlock(20261121)');
      }
    })().catch((error: unknown) => {
      this.ready = undefined;
      throw error;
    });
    return this.ready;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
