// node bench/operations.mjs [--json]: what operations cost beside AWS: planning a failover in a fleet of a thousand stamps, and the engine with its journal on
// this disk per executed step. run.mjs calls benchOperations.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { BUNDLE_SETTINGS } from '../scripts/bundle-cli.mjs';
import { aimLines, table } from './table.mjs';

/** Seconds that each may take at most. */
export const OPERATION_AIMS = { planSeconds: 0.2, perStepSeconds: 0.02 };
/** Groups of the generated fleet: about a thousand stamps. */
const GROUPS = 518;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export async function benchOperations(progress = () => undefined) {
  const work = mkdtempSync(join(tmpdir(), 'stampkit-bench-operations-'));
  const bundles = join(root, 'dist', 'bench-operations');
  try {
    await build({ ...BUNDLE_SETTINGS, absWorkingDir: root, entryPoints: ['bench/operations.ts'], outdir: bundles });
    const run = (...args) =>
      JSON.parse(
        execFileSync(process.execPath, [join(bundles, 'operations.js'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] }),
      );
    progress('operations: planning');
    const stamps = join(work, 'fleet');
    const generator = join(root, 'scripts', 'generate-fleet.mjs');
    execFileSync(process.execPath, [generator, '--groups', String(GROUPS), '--out', stamps, '--seed', '7'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const planning = { ...run('plan', stamps), loadBefore: loadavg()[0] };
    progress('operations: steps');
    const steps = { ...run('steps', join(work, 'journal')), loadBefore: loadavg()[0] };
    return { schemaVersion: 1, aims: OPERATION_AIMS, planning, steps };
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(bundles, { recursive: true, force: true });
  }
}

export function operationsTable({ planning, steps }) {
  const ms = (seconds) => (seconds * 1000).toFixed(1);
  return [
    table(
      ['FLEET', 'STAMPS', 'LOAD s', 'FIRST PLAN ms', 'MEDIAN ms'],
      [
        [
          'generated',
          String(planning.stamps),
          planning.loadSeconds.toFixed(2),
          ms(planning.firstSeconds),
          ms(planning.medianSeconds),
        ],
      ],
    ),
    '',
    table(
      ['ENGINE AND JOURNAL', 'OPERATIONS', 'ENTRIES', 'PER STEP ms', 'WORST ms'],
      [
        [
          'fake AWS, this disk',
          String(steps.operations),
          String(steps.entries),
          ms(steps.perStepSeconds),
          ms(steps.worstPerStepSeconds),
        ],
      ],
    ),
  ].join('\n');
}

export function operationsAims({ planning, steps, aims }) {
  return aimLines([
    ['plan of a failover in 1,000 stamps, s', { seconds: planning.firstSeconds }, aims.planSeconds],
    ['engine and journal per executed step, s', { seconds: steps.perStepSeconds }, aims.perStepSeconds],
  ]);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { json: { type: 'boolean' } } });
  const report = await benchOperations((text) => process.stderr.write(`${text}\n`));
  if (values.json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else process.stdout.write(`${[operationsTable(report), '', ...operationsAims(report)].join('\n')}\n`);
}
