import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chownSync, createWriteStream, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Endpoint } from '../../net/endpoint';
import { killTree, processesIn } from '../../host/process-tree';
import { sleep } from '../../time/lab-time';

const run = promisify(execFile);

/** Superuser of every database of the lab. */
const SUPERUSER = 'postgres';
/** The one database that every server has. */
export const MAINTENANCE = 'template1';

/** Milliseconds a server may take to answer after its start, recovery included, on a busy machine. */
const START_DEADLINE = 60_000;

export interface ServerSettings {
  /** Data folder; its parent takes what belongs to it. */
  readonly data: string;
  readonly binaries: string;
  readonly endpoint: Endpoint;
  readonly password: string;
  /** Folder that the write-ahead log is archived in while it is a writer: what a restore to a time needs. */
  readonly archive: string;
  /** The server refuses to run as root: it gets this user id instead. */
  readonly uid: number | undefined;
}

/** One real PostgreSQL server. Memory is kept small: a lab runs several of them. */
export class PostgresServer {
  private process: ChildProcess | undefined;

  public constructor(private readonly settings: ServerSettings) {}

  public get endpoint(): Endpoint {
    return this.settings.endpoint;
  }

  public get data(): string {
    return this.settings.data;
  }

  public get exists(): boolean {
    return existsSync(join(this.settings.data, 'PG_VERSION'));
  }

  public get running(): boolean {
    return this.process !== undefined;
  }

  /** The configuration says that it follows another one. */
  public get standby(): boolean {
    return existsSync(join(this.settings.data, 'standby.signal'));
  }

  /** Makes an empty server. */
  public async init(): Promise<void> {
    const { data, binaries, password, uid } = this.settings;
    const passwordFile = join(dirname(data), 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    own(passwordFile, uid);
    await run(
      join(binaries, 'bin', 'initdb'),
      [
        '-D',
        data,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--no-sync',
        '--no-locale',
        '-E',
        'UTF8',
        '-k',
        // Small segments: one is archived and sent every few seconds.
        '--wal-segsize=1',
      ],
      { ...identity(uid), cwd: dirname(data), env: {} },
    );
    rmSync(passwordFile);
    writeFileSync(
      join(data, 'pg_hba.conf'),
      'host all all 127.0.0.0/8 scram-sha-256\nhost replication all 127.0.0.0/8 scram-sha-256\n',
    );
  }

  /** Writes the configuration. @param source where to stream from; without one it is a writer */
  public configure(source?: Endpoint, further: Readonly<Record<string, string>> = {}): void {
    const { data, endpoint, password, uid, archive } = this.settings;
    const lines: Readonly<Record<string, string>> = {
      listen_addresses: endpoint.host,
      port: String(endpoint.port),
      unix_socket_directories: '',
      wal_level: 'replica',
      hot_standby: 'on',
      max_connections: '80',
      shared_buffers: '16MB',
      max_wal_senders: '6',
      wal_keep_size: '64MB',
      min_wal_size: '5MB',
      max_wal_size: '64MB',
      // Off only while it starts, see start(): copies need not be synchronized file by file.
      fsync: 'off',
      log_min_error_statement: 'panic',
      max_worker_processes: '4',
      autovacuum_max_workers: '1',
      jit: 'off',
      wal_receiver_status_interval: '1s',
      wal_receiver_timeout: '10s',
      wal_sender_timeout: '10s',
      wal_retrieve_retry_interval: '500ms',
      wal_log_hints: 'on',
      log_min_messages: 'warning',
      // Replicas too: each Region can restore by itself, whoever was the writer.
      archive_mode: 'always',
      archive_command: `cp %p "${archive}/%f.half" && mv "${archive}/%f.half" "${archive}/%f"`,
      archive_timeout: '10s',
      ...further,
      ...(source !== undefined && {
        primary_conninfo: `host=${source.host} port=${source.port} user=${SUPERUSER} password=${password} application_name=${endpoint.host}`,
      }),
    };
    const text = Object.entries(lines).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
    writeFileSync(join(data, 'postgresql.auto.conf'), text.join(''), { mode: 0o600 });
    own(join(data, 'postgresql.auto.conf'), uid);
    const signal = join(data, 'standby.signal');
    if (source === undefined) rmSync(signal, { force: true });
    else {
      writeFileSync(signal, '', { mode: 0o600 });
      own(signal, uid);
    }
  }

  /** Starts it and waits until it answers. @throws when it ends instead; the log is in the message */
  public async start(): Promise<void> {
    const { data, binaries, uid } = this.settings;
    if (this.process !== undefined) return;
    this.endLeftover();
    const logFile = join(dirname(data), 'postgres.log');
    const log = createWriteStream(logFile, { flags: 'a' });
    const child = spawn(join(binaries, 'bin', 'postgres'), ['-D', data], {
      ...identity(uid),
      cwd: data,
      // For cp and mv.
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.pipe(log);
    this.process = child;
    const ended = new Promise<never>((_, reject) => {
      child.once('exit', (code, signal) => {
        if (this.process === child) this.process = undefined;
        reject(new Error(`PostgreSQL ended (${signal ?? code ?? '?'}): ${readFileSync(logFile, 'utf8').slice(-2000)}`));
      });
    });
    ended.catch(() => undefined);
    await Promise.race([this.answers(), ended]);
    // From here on a commit is on disk before it is acknowledged.
    await this.query('alter system set fsync = on');
    await this.query('select pg_reload_conf()');
  }

  /** Two servers on one data folder would destroy it: what an agent left behind that died alone is ended first. */
  private endLeftover(): void {
    const file = join(this.settings.data, 'postmaster.pid');
    if (!existsSync(file)) return;
    const [pid] = readFileSync(file, 'utf8').split('\n').map(Number);
    if (pid !== undefined && processesIn(this.settings.data).includes(pid)) killTree(pid);
    rmSync(file, { force: true });
  }

  private async answers(): Promise<void> {
    const deadline = performance.now() + START_DEADLINE;
    for (;;) {
      try {
        await this.query('select 1', [], 2000);
        return;
      } catch (error) {
        // When it has ended, its log says more than a refused connection: start() waits for that.
        if (this.process === undefined) await sleep(1000);
        if (performance.now() > deadline) throw error;
        await sleep(50);
      }
    }
  }

  /** `smooth` sends everything to the replicas first, `hard` is the end that a crash is: no process of it does anything more. */
  public async stop(how: 'smooth' | 'hard'): Promise<void> {
    const child = this.process;
    if (child?.pid === undefined) return;
    const gone = new Promise<void>((resolve) =>
      child.once('exit', () => {
        resolve();
      }),
    );
    if (how === 'hard') killTree(child.pid);
    else child.kill('SIGINT');
    await gone;
    this.process = undefined;
  }

  public get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Calls back when the server ends although nobody stopped it. */
  public onEnd(listener: () => void): void {
    this.process?.once('exit', listener);
  }

  /** One statement on a connection of its own. */
  public async query<T extends object = Record<string, unknown>>(
    sql: string,
    values: readonly unknown[] = [],
    timeoutMs = 5000,
    database = MAINTENANCE,
  ): Promise<T[]> {
    const client = this.client(database, timeoutMs);
    try {
      await client.connect();
      return (await client.query(sql, [...values])).rows as T[];
    } finally {
      void client.end().catch(() => undefined);
    }
  }

  /** A connection that is not open yet. */
  public client(database: string, timeoutMs: number, user = SUPERUSER): Client {
    const { endpoint, password } = this.settings;
    const client = new Client({
      ...endpoint,
      user,
      password,
      database,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
    });
    client.on('error', () => undefined);
    return client;
  }

  /** True while it follows another one. */
  public async inRecovery(): Promise<boolean> {
    const [row] = await this.query<{ standby: boolean }>('select pg_is_in_recovery() as standby', [], 2000);
    return row?.standby === true;
  }

  /** Becomes a writer; ends when it is one. */
  public async promote(): Promise<void> {
    const [row] = await this.query<{ done: boolean }>('select pg_promote(true, 60) as done', [], 65_000);
    if (row?.done !== true) throw new Error('the promotion did not end within 60 s');
  }
}

export function identity(uid: number | undefined): { uid?: number; gid?: number } {
  return uid === undefined ? {} : { uid, gid: uid };
}

/** Gives a file or folder, with everything in it, to the user that databases run as. */
export function own(path: string, uid: number | undefined): void {
  if (uid === undefined) return;
  chownSync(path, uid, uid);
}

export function ownAll(path: string, uid: number | undefined): void {
  if (uid === undefined) return;
  chownSync(path, uid, uid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) ownAll(child, uid);
    else if (!entry.isSymbolicLink()) chownSync(child, uid, uid);
  }
}
