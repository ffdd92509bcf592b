// node bench/proof.mjs [--sizes 10,100,1000] [--json]: what the proof costs after the templates are read, on the example and on
// made-up fleets (npm run generate-fleet). Each is proved once, in a fresh process: just-in-time compilation is part of it.
// run.mjs calls benchProof.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { BUNDLE_SETTINGS } from '../scripts/bundle-cli.mjs';
import { aimLines, table } from './table.mjs';

/** Most that each may take. Growth: seconds per stamp, to seconds per stamp of the next smaller fleet; 1 is linear. */
export const PROOF_AIMS = { exampleSeconds: 0.3, thousandStampsSeconds: 5, thousandStampsMegabytes: 1024, growth: 1 };
/** Stamps per group of the generated fleets, nearly. */
const STAMPS_PER_GROUP = 1.93;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Measures the example fleet and generated ones of about so many stamps. */
export async function benchProof(sizes, progress = () => undefined) {
  const work = mkdtempSync(join(tmpdir(), 'stampkit-bench-proof-'));
  // Inside the package, where aws-cdk-lib is found; not in what is published.
  const bundles = join(root, 'dist', 'bench-proof');
  try {
    await build({ ...BUNDLE_SETTINGS, absWorkingDir: root, entryPoints: ['bench/proof.ts'], outdir: bundles });
    const run = (...args) =>
      execFileSync(process.execPath, [join(bundles, 'proof.js'), ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
        maxBuffer: 1024 ** 3,
      });
    const measure = (name, stamps) => {
      progress(`proof: ${name}`);
      const assembly = join(work, `${name}.out`);
      run('synth', stamps, assembly);
      return { name, loadBefore: loadavg()[0], ...JSON.parse(run('prove', stamps, assembly)) };
    };
    const results = [measure('example', join(root, 'stamps'))];
    for (const size of sizes) {
      const stamps = join(work, `fleet-${size}`);
      const groups = Math.max(1, Math.round(size / STAMPS_PER_GROUP));
      execFileSync(
        process.execPath,
        [join(root, 'scripts', 'generate-fleet.mjs'), '--groups', String(groups), '--out', stamps, '--seed', '7'],
        {
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      results.push(measure(`generated-${size}`, stamps));
    }
    return { schemaVersion: 1, aims: PROOF_AIMS, results };
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(bundles, { recursive: true, force: true });
  }
}

export function proofTable({ results }) {
  return table(
    ['FLEET', 'STAMPS', 'GROUPS', 'SHAPES', 'JUDGED', 'READ s', 'PROOF s', 'CPU s', 'PEAK MiB', 'LOAD'],
    results.map((row) => [
      row.name,
      ...[row.stamps, row.counts.groups, row.counts.shapes, row.counts.judged].map(String),
      ...[row.readSeconds, row.proveSeconds, row.proveCpuSeconds].map((value) => value.toFixed(2)),
      String(row.peakMegabytes),
      row.loadBefore.toFixed(1),
    ]),
  );
}

/** What was measured against the aims; sizes that were not measured are left out. */
export function proofAims({ results, aims }) {
  const of = (name) => results.find((row) => row.name === name);
  const used = (row) => row && { seconds: row.proveSeconds, cpuSeconds: row.proveCpuSeconds };
  const growth = (from, to) =>
    from &&
    to && {
      seconds: to.proveSeconds / to.stamps / (from.proveSeconds / from.stamps),
      cpuSeconds: to.proveCpuSeconds / to.stamps / (from.proveCpuSeconds / from.stamps),
    };
  const [ten, hundred, thousand] = [10, 100, 1000].map((size) => of(`generated-${size}`));
  return aimLines([
    ['proof of the example (3 groups), s', used(of('example')), aims.exampleSeconds],
    ['proof of 1,000 stamps, s', used(thousand), aims.thousandStampsSeconds],
    ['proof of 1,000 stamps, MiB', thousand && { seconds: thousand.peakMegabytes }, aims.thousandStampsMegabytes],
    ['proof, seconds per stamp, 100 stamps to 10', growth(ten, hundred), aims.growth],
    ['proof, seconds per stamp, 1,000 stamps to 100', growth(hundred, thousand), aims.growth],
  ]);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { sizes: { type: 'string', default: '10,100,1000' }, json: { type: 'boolean' } } });
  const report = await benchProof(values.sizes.split(',').map(Number), (text) => process.stderr.write(`${text}\n`));
  if (values.json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else process.stdout.write(`${[proofTable(report), '', ...proofAims(report)].join('\n')}\n`);
}
