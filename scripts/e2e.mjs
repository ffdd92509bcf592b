// npm run test:e2e: deploys a fleet to an emulator on this machine and looks at what landed.
//
// Installs the emulator into .venv (once), starts it on a free loopback port, runs the tests, and ends everything it started,
// whether they pass, fail or are interrupted.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const venv = join(root, '.venv');
const python = join(venv, 'bin', 'python');
const requirements = join(root, 'test', 'e2e', 'emulator', 'requirements.txt');
const START_TIMEOUT_MILLISECONDS = 60_000;

function installTools() {
  const marker = join(venv, 'stampkit-e2e');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(python) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  process.stderr.write(`installing the emulator into ${venv}\n`);
  run('python3', ['-m', 'venv', venv]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  writeFileSync(marker, wanted);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? `exit code ${status}`}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function untilReady(url, server) {
  const until = Date.now() + START_TIMEOUT_MILLISECONDS;
  for (;;) {
    if (server.exitCode !== null) throw new Error('the emulator ended before it was ready');
    try {
      if ((await fetch(`${url}/moto-api/`)).ok) return;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > until) throw new Error('the emulator did not start in time');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function ended(child) {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode ?? 1)
    : new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

installTools();
// What is tested is the built package, from today's sources.
run(process.execPath, [join(root, 'scripts', 'build.mjs'), '--bundles', '--if-needed']);
const scratch = mkdtempSync(join(tmpdir(), 'stampkit-e2e-'));
const log = join(scratch, 'emulator.log');
const skipped = join(scratch, 'skipped.txt');
writeFileSync(skipped, '');
const custom = join(scratch, 'custom.txt');
writeFileSync(custom, '');
const port = await freePort();
// moto recognises the addresses of templates by the word "localhost".
const url = `http://localhost:${port}`;
const logFile = openSync(log, 'w');
const server = spawn(
  python,
  [join(root, 'test', 'e2e', 'emulator', 'server.py'), '--host', '127.0.0.1', '--port', String(port)],
  {
    stdio: ['pipe', logFile, logFile],
    env: { ...process.env, EMULATOR_SKIPPED: skipped, EMULATOR_CUSTOM: custom, PYTHONUNBUFFERED: '1' },
  },
);
closeSync(logFile);
let tests;
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopped = true;
    // The whole group: Vitest, its workers, and what they started. A deployment passes the signal on to the CDK CLI.
    if (tests?.pid !== undefined) process.kill(-tests.pid, signal === 'SIGHUP' ? 'SIGTERM' : signal);
    else server.kill();
  });
}
let exitCode = 1;
try {
  await untilReady(url, server);
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_') && !name.startsWith('CDK_'));
  tests = spawn('npx', ['--no-install', 'vitest', 'run', '--config', 'vitest.e2e.config.mts', ...process.argv.slice(2)], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    env: {
      ...Object.fromEntries(inherited),
      // What the tests and the programs they run write goes with this folder.
      TMPDIR: scratch,
      // No profile, no instance metadata, no real endpoint: nothing can reach AWS from here.
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      NODE_NO_WARNINGS: '1',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      EMULATOR_LOG: log,
      EMULATOR_SKIPPED: skipped,
      EMULATOR_CUSTOM: custom,
      EMULATOR_PYTHON: python,
    },
  });
  exitCode = await ended(tests);
} finally {
  server.stdin.end();
  server.kill();
  await ended(server);
  if (exitCode !== 0 && !stopped) process.stderr.write(`the emulator's log: ${log}\n`);
  else rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = stopped ? 3 : exitCode;
