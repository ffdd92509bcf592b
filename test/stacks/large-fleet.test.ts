import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(__dirname, '..', '..');
/** Programs of its threads, which the build puts beside the app. */
const WORKERS = ['proof-worker.js', 'validation-worker.js'];

const scratch = mkdtempSync(join(tmpdir(), 'stampkit-large-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** A copy of the built programs: only in such a one may a test take something away. */
function installation(name: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** The example's simplest group, sixty times: many stacks of few shapes. */
function writeLargeFleet(folder: string): void {
  cpSync(join(ROOT, 'stamps', 'fleet.yaml'), join(folder, 'fleet.yaml'), { recursive: true });
  mkdirSync(join(folder, 'groups'));
  const group = readFileSync(join(ROOT, 'stamps', 'groups', 'internal.yaml'), 'utf8');
  for (let index = 10; index < 70; index += 1) {
    writeFileSync(join(folder, 'groups', `team${index}.yaml`), group.replaceAll('internal', `team${index}`));
  }
  const { status, stderr } = run(join(ROOT, 'dist', 'bin', 'stampkit.js'), ['lock', '--stamps', folder]);
  if (status !== 0) throw new Error(stderr);
}

function run(program: string, args: readonly string[], env = {}): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env: { ...process.env, ...env } });
}

/** Runs the app of an installation on a fleet, as the CDK CLI does. */
function synthesized(root: string, stamps: string): { status: number | null; stderr: string; files: Map<string, Buffer> } {
  const outdir = mkdtempSync(join(scratch, 'out-'));
  const env = { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ stamps }) };
  const { status, stderr } = run(join(root, 'dist', 'bin', 'app.js'), [], env);
  const entries = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return { status, stderr, files: new Map(paths.map((path) => [relative(outdir, path), readFileSync(path)])) };
}

function toldByThread(): object {
  return {
    ruleName: 'from-a-thread',
    description: 'Told by the thread',
    severity: 'error',
    violatingResources: [{ locations: [] }],
  };
}

describe('a fleet that is large enough for threads', { timeout: 120_000 }, () => {
  const stamps = join(scratch, 'stamps');
  beforeAll(() => {
    writeLargeFleet(stamps);
  });

  test('is the same, byte for byte, as without them', () => {
    const alone = installation('alone');
    for (const worker of WORKERS) rmSync(join(alone, 'dist', 'bin', worker));
    const [threaded, plain] = [synthesized(ROOT, stamps), synthesized(alone, stamps)];
    expect(threaded.status).toBe(0);
    expect([threaded.status, threaded.stderr]).toEqual([plain.status, plain.stderr]);
    expect([...threaded.files.keys()]).toEqual([...plain.files.keys()]);
    expect(threaded.files.size).toBeGreaterThan(360);
    for (const [file, bytes] of plain.files) expect([file, bytes.equals(threaded.files.get(file)!)]).toEqual([file, true]);
  });

  test.each([
    [
      'proof',
      'proof-worker.js',
      [{ code: 'from-a-thread', severity: 'error', where: {}, message: 'Told by the thread', fix: '' }],
    ],
    ['validation', 'validation-worker.js', { report: { success: false, violations: [toldByThread()] }, version: '1' }],
  ])('the %s is what its thread says', (name, worker, answer) => {
    const other = installation(name);
    writeFileSync(
      join(other, 'dist', 'bin', worker),
      `const { port, counts } = require('node:worker_threads').workerData.port;
      port.postMessage(${JSON.stringify(answer)});
      Atomics.add(counts, 0, 1);
      Atomics.notify(counts, 0);`,
    );
    const { status, stderr } = synthesized(other, stamps);
    expect(status).toBe(1);
    expect(stderr).toContain('Told by the thread');
  });

  test('ends at once, with what is wrong, when a file cannot be read', () => {
    const wrong = join(scratch, 'wrong');
    cpSync(stamps, wrong, { recursive: true });
    const [file = ''] = readdirSync(join(wrong, 'groups'));
    appendFileSync(join(wrong, 'groups', file), 'nonsense: true\n');
    const { status, stderr, files } = synthesized(ROOT, wrong);
    expect(status).toBe(1);
    expect(stderr).toContain(`groups/${file}:`);
    expect([...files.keys()]).toEqual([]);
  });
});
