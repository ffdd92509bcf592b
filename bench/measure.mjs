import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const USAGE = join(dirname(fileURLToPath(import.meta.url)), 'usage.cjs');

/** Deleted at the end: a file system that is still busy with hundreds of megabytes that were deleted slows whoever writes next. */
const folders = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs a program once in a process of its own: wall-clock and CPU seconds, peak MiB. Throws when it fails. */
function runOnce(args, env = {}, inspect = () => undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'stampkit-bench-run-'));
  folders.push(folder);
  // What the program before left to be written is not this one's. Not on every system; then it is measured as it is.
  spawnSync('sync');
  const usage = join(folder, 'usage.json');
  const output = join(folder, 'out');
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--require', USAGE, ...args], {
    env: { ...process.env, ...env, BENCH_USAGE: usage, CDK_OUTDIR: output },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr.slice(-4000)}`);
  inspect(output);
  return { seconds, ...JSON.parse(readFileSync(usage, 'utf8')) };
}

/**
 * Measures programs by turns, so that a machine that gets busier slows all of them: one round that only warms the file cache, and
 * whose output `inspect(name, folder)` may look at, then `rounds`. A single round is measured as it comes. Returns the median of every
 * number, per program.
 */
export function measureByTurns(programs, rounds, inspect = () => undefined) {
  const look = (name) => (folder) => inspect(name, folder);
  if (rounds > 1) for (const [name, { args, env }] of Object.entries(programs)) runOnce(args, env, look(name));
  const runs = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, { args, env }] of Object.entries(programs))
      runs[name].push(runOnce(args, env, rounds > 1 ? undefined : look(name)));
  return Object.fromEntries(
    Object.entries(runs).map(([name, list]) => [
      name,
      Object.fromEntries(['seconds', 'cpuSeconds', 'peakMiB'].map((key) => [key, median(list.map((run) => run[key]))])),
    ]),
  );
}

/** @param numbers an odd count */
function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
