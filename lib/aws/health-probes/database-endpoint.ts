import type { DatabaseAnswer, Unknown } from '../../health/observation';
import { connectOnly } from './connection';
import { PointerUnreadable, type DatabasePointer, type PointerReader } from './database-pointer';
import type { Probe } from './probe';
import { inspect, type SqlDialect } from './sql-dialect';
import type { KeptSession } from './sql-session';

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ['aurora-postgresql', 5432],
  ['aurora-mysql', 3306],
]);

/** A look at the writer or the reader endpoint that the pointer names at this moment. */
export class DatabaseEndpoint implements Probe {
  public constructor(
    private readonly which: 'writer' | 'reader',
    private readonly pointer: Pick<PointerReader, 'current'>,
    /** Absent: only a connection is opened. */
    private readonly sql: { readonly dialect: SqlDialect; readonly session: KeptSession; readonly region: string } | undefined,
  ) {}

  public async observe(signal: AbortSignal): Promise<DatabaseAnswer | Unknown> {
    let pointer: DatabasePointer;
    try {
      pointer = await this.pointer.current(signal);
    } catch (error) {
      if (error instanceof PointerUnreadable) return { unknown: error.message };
      throw error;
    }
    const host = pointer[this.which];
    if (host === undefined) throw new Error(`the database pointer names no ${this.which}`);
    const port = pointer.port ?? DEFAULT_PORTS.get(pointer.engine);
    if (port === undefined) throw new Error('the database pointer names no port');
    if (this.sql === undefined) return connectOnly(host, port, signal);
    const { dialect, session, region } = this.sql;
    if (pointer.name === undefined) throw new Error('the database pointer names no database');
    return session.run(
      { host, port, database: pointer.name },
      signal,
      (connection) => inspect(connection, { dialect, region, aurora: pointer.engine.startsWith('aurora-') }),
      // After a failover inside the Region the kept connection still holds the old writer, which is a reader now.
      (answer) => this.which === 'writer' && answer.readOnly === true,
    );
  }
}
