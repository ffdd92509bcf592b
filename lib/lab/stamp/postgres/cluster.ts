import { cpSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from '../../net/endpoint';
import { baseCopy } from './base-copy';
import { sleep } from '../../time/lab-time';
import { PostgresServer, type ServerSettings, own, ownAll } from './server';

/** What the control plane of databases sees of a cluster. */
export interface ClusterStatus {
  readonly exists: boolean;
  readonly running: boolean;
  /** Undefined when it does not answer. */
  readonly role: 'writer' | 'replica' | undefined;
  /** The replica gets what the writer writes. */
  readonly streaming: boolean;
  readonly endpoint: Endpoint;
}

export interface Lag {
  readonly seconds: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Logins of one group: what the database bootstrap makes on AWS. */
export interface Logins {
  readonly database: string;
  readonly app: string;
}

/** Milliseconds between two beats of a writer, which its replicas measure their lag by. */
const BEAT = 500;

/** One member of a global database: a server, and what the service around it does on AWS. */
export class Cluster {
  public readonly server: PostgresServer;
  private lag: Lag | undefined;
  private beating: NodeJS.Timeout | undefined;
  private busy = false;

  public constructor(
    public readonly identifier: string,
    private readonly settings: ServerSettings,
    public readonly logins: Logins,
  ) {
    this.server = new PostgresServer(settings);
  }

  /** A new writer with the group's logins and nothing in it. */
  public async create(): Promise<void> {
    // The Region looks after its members: it must not start a server whose files are being made.
    await this.exclusively(() => this.makeWriter());
    this.beat();
  }

  private async makeWriter(): Promise<void> {
    await this.server.init();
    this.server.configure();
    await this.server.start();
    const { database, app } = this.logins;
    await this.server.query(`create role ${app} login password '${this.settings.password}'`);
    // The database that comes with a new server is renamed, and the one that nobody connects to is dropped: every one has 300 files to copy.
    await this.server.query(`alter database postgres rename to ${database}`);
    await this.server.query(`alter database ${database} owner to ${app}`);
    await this.server.query(`update pg_database set datistemplate = false where datname = 'template0'`);
    await this.server.query('drop database template0');
    await this.server.query(`grant create on schema public to ${app}`, [], 5000, database);
    await this.server.query('create schema if not exists lab', [], 5000, database);
    await this.server.query('create table lab.beat (at timestamptz not null)', [], 5000, database);
    await this.server.query('insert into lab.beat (at) values (now())', [], 5000, database);
  }

  /** Becomes a replica by a fresh copy of the writer's files. What was here before is kept under another name when `keep` gives one. */
  public async rebuild(source: PostgresServer | string, link: Endpoint, keep?: string): Promise<void> {
    await this.exclusively(async () => {
      this.stopBeat();
      await this.server.stop('hard');
      if (keep !== undefined && existsSync(this.server.data)) renameSync(this.server.data, join(this.server.data, '..', keep));
      if (typeof source === 'string') renameSync(source, this.server.data);
      else await baseCopy(source, this.server.data, this.settings.uid);
      this.server.configure(link);
      await this.server.start();
      this.beat();
    });
  }

  /** Starts it as what it was. */
  public async start(): Promise<void> {
    await this.exclusively(async () => {
      await this.server.start();
      this.beat();
    });
  }

  /** Ends it without losing what its replicas could still get. */
  public async stopSmoothly(): Promise<void> {
    this.stopBeat();
    await this.server.stop('smooth');
  }

  public async stopHard(): Promise<void> {
    this.stopBeat();
    await this.server.stop('hard');
  }

  /** Goes on as a replica of another writer; only after a smooth stop, or what it has and the writer has not would be in the way. */
  public async follow(link: Endpoint): Promise<void> {
    await this.exclusively(async () => {
      await this.server.stop('smooth');
      this.server.configure(link);
      await this.server.start();
      this.beat();
    });
  }

  /** Puts the files of a backup in place, to recover up to a moment when it starts; without one, up to the end of the backup. */
  public prepareRestore(from: string, until?: { readonly at: number; readonly archive: string }): void {
    const { data } = this.server;
    cpSync(from, data, { recursive: true });
    ownAll(data, this.settings.uid);
    this.server.configure(
      undefined,
      until === undefined
        ? {}
        : {
            restore_command: `cp "${until.archive}/%f" %p`,
            // No letter for the zone: the setting is read before names of zones are.
            recovery_target_time: new Date(until.at).toISOString().replace('T', ' ').replace('Z', '+00'),
            recovery_target_action: 'promote',
          },
    );
    if (until !== undefined) {
      writeFileSync(join(data, 'recovery.signal'), '', { mode: 0o600 });
      own(join(data, 'recovery.signal'), this.settings.uid);
    }
  }

  /** Starts what was restored and ends when it takes writes. */
  public async finishRestore(): Promise<void> {
    await this.start();
    while (await this.server.inRecovery()) await sleep(50);
  }

  /** Everything up to now gets into the archive. */
  public async archiveNow(): Promise<void> {
    const [row] = await this.server.query<{ file: string }>('select pg_walfile_name(pg_switch_wal()) as file');
    const deadline = performance.now() + 15_000;
    while (row !== undefined && performance.now() < deadline) {
      const [done] = await this.server.query<{ last: string | null }>('select last_archived_wal as last from pg_stat_archiver');
      if (done?.last !== null && done?.last !== undefined && done.last >= row.file) return;
      await sleep(50);
    }
  }

  public get archive(): string {
    return this.settings.archive;
  }

  public async backup(folder: string): Promise<void> {
    await baseCopy(this.server, folder, this.settings.uid);
  }

  public async promote(): Promise<void> {
    await this.exclusively(() => this.server.promote());
  }

  public async destroy(): Promise<void> {
    await this.stopHard();
    rmSync(join(this.server.data, '..'), { recursive: true, force: true });
  }

  public async status(): Promise<ClusterStatus> {
    const { exists, running, endpoint } = this.server;
    if (!running) return { exists, running, role: undefined, streaming: false, endpoint };
    try {
      const [row] = await this.server.query<{ standby: boolean; streaming: boolean }>(
        `select pg_is_in_recovery() as standby, exists (select from pg_stat_wal_receiver where status = 'streaming') as streaming`,
        [],
        2000,
      );
      return {
        exists,
        running,
        role: row?.standby === true ? 'replica' : 'writer',
        streaming: row?.streaming === true,
        endpoint,
      };
    } catch {
      return { exists, running, role: undefined, streaming: false, endpoint };
    }
  }

  /** Last lag of a replica while its source was heard. */
  public lagReading(): Lag | undefined {
    return this.lag;
  }

  /** True while something changes that a supervisor must not step into. */
  public get changing(): boolean {
    return this.busy;
  }

  private async exclusively(work: () => Promise<void>): Promise<void> {
    if (this.busy) throw new Error(`${this.identifier} is being changed already`);
    this.busy = true;
    try {
      await work();
    } finally {
      this.busy = false;
    }
  }

  private beat(): void {
    this.stopBeat();
    this.beating = setInterval(() => {
      void this.beatOnce().catch(() => undefined);
    }, BEAT);
  }

  private stopBeat(): void {
    clearInterval(this.beating);
    this.beating = undefined;
  }

  /** The writer writes the time; a replica reads how old what it has is. */
  private async beatOnce(): Promise<void> {
    if (this.busy || !this.server.running) return;
    const { database } = this.logins;
    const [row] = await this.server.query<{ standby: boolean; streaming: boolean; age: number }>(
      `select pg_is_in_recovery() as standby, exists (select from pg_stat_wal_receiver where status = 'streaming') as streaming,
         extract(epoch from clock_timestamp() - (select at from lab.beat))::float8 as age`,
      [],
      2000,
      database,
    );
    if (row === undefined) return;
    if (!row.standby) await this.server.query('update lab.beat set at = clock_timestamp()', [], 2000, database);
    else if (row.streaming) this.lag = { seconds: Math.max(0, row.age - BEAT / 1000), at: Date.now() };
  }
}
