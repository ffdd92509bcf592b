// npm run bench: what stampkit costs beside a plain CDK app with the same stacks, packs and validation. See docs/performance.md.
//   npm run bench -- [--quick] [--json] [--stamps 1,10,100] [--rounds 5]
// --quick: the median of three rounds instead of five.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { BUNDLE_SETTINGS } from '../scripts/bundle-cli.mjs';
import { writeFleet } from './fleets.mjs';
import { measureByTurns } from './measure.mjs';

/** Most that each may take (ratios to the plain app, seconds). */
const AIMS = { oneStampRatio: 1.15, checkSeconds: 0.6, helpSeconds: 0.3 };

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    stamps: { type: 'string', default: '1,10,100' },
    rounds: { type: 'string' },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 3 : 5));
if (!Number.isInteger(rounds) || rounds % 2 !== 1)
  throw new Error(`--rounds ${options.rounds}: give an odd number, for a median`);
const sizes = options.stamps.split(',').map(Number);
if (sizes.some((size) => !Number.isInteger(size) || size < 1)) throw new Error(`--stamps ${options.stamps}: give whole numbers`);

const program = (name) => join(root, 'dist', 'bin', `${name}.js`);
// Inside the package, where aws-cdk-lib is found; not in what is published.
const bundles = join(root, 'dist', 'bench');
const work = mkdtempSync(join(tmpdir(), 'stampkit-bench-'));
const progress = (text) => process.stderr.write(`${text}\n`);

try {
  await build({
    ...BUNDLE_SETTINGS,
    absWorkingDir: root,
    entryPoints: ['bench/plain-app.ts', 'bench/fleet-json.ts'],
    outdir: bundles,
  });
  const before = loadavg();
  const synth = [];
  for (const size of sizes) synth.push(measureSynth(size));
  progress('commands');
  const commands = measureByTurns(
    {
      node: { args: ['--eval', '0'] },
      help: { args: [program('stampkit'), '--help'] },
      check: { args: [program('stampkit'), 'check', '--stamps', join(root, 'stamps')] },
    },
    rounds,
  );
  report({
    schemaVersion: 1,
    rounds,
    machine: { node: process.version, cpus: cpus().length, loadBefore: before, loadAfter: loadavg() },
    synth,
    commands,
    aims: AIMS,
  });
} finally {
  rmSync(work, { recursive: true, force: true });
  rmSync(bundles, { recursive: true, force: true });
}

function measureSynth(stamps) {
  const folder = join(work, `fleet-${stamps}`);
  writeFleet(folder, stamps);
  execFileSync(process.execPath, [program('stampkit'), 'lock', '--stamps', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  const fleet = join(work, `fleet-${stamps}.json`);
  writeFileSync(fleet, execFileSync(process.execPath, [join(bundles, 'fleet-json.js'), folder], { maxBuffer: 1024 ** 3 }));
  const programs = {
    stampkit: { args: [program('app')], env: { CDK_CONTEXT_JSON: JSON.stringify({ stamps: folder }) } },
    plain: { args: [join(bundles, 'plain-app.js')], env: { BENCH_FLEET: fleet } },
  };
  progress(`synth of ${stamps}: ${rounds} rounds after the one that compares templates`);
  const made = new Map();
  const { stampkit, plain } = measureByTurns(programs, rounds, (name, output) => {
    made.set(name, describeTemplates(output));
    if (name === 'plain') requireSame(made.get('stampkit'), made.get('plain'), stamps);
  });
  const { stacks, resources } = made.get('stampkit');
  const ratio = (key) => stampkit[key] / plain[key];
  return {
    stamps,
    stacks,
    resources,
    stampkit,
    plain,
    ratio: { seconds: ratio('seconds'), cpuSeconds: ratio('cpuSeconds'), peakMiB: ratio('peakMiB') },
  };
}

function describeTemplates(folder) {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.template.json'))
    .sort();
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  return {
    hash: createHash('sha256').update(files.join()).update(texts.join()).digest('hex'),
    stacks: files.length,
    resources: texts.reduce((sum, text) => sum + Object.keys(JSON.parse(text).Resources).length, 0),
  };
}

/** A comparison of programs that make different things would say nothing: their templates must be equal, byte for byte. */
function requireSame(a, b, stamps) {
  if (a.hash !== b.hash) throw new Error(`${stamps} stamps: stampkit and the plain app make different templates`);
}

function report(result) {
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    return;
  }
  const { machine, commands } = result;
  const load = (list) => list.map((value) => value.toFixed(1)).join(' ');
  const lines = [
    `Node.js ${machine.node}, ${machine.cpus} CPUs, load average ${load(machine.loadBefore)} before and ${load(machine.loadAfter)} after; median of ${rounds}`,
    '',
    table(
      [
        'STAMPS',
        'STACKS',
        'RESOURCES',
        'STAMPKIT s',
        'PLAIN s',
        'RATIO',
        'CPU s',
        'PLAIN CPU s',
        'CPU RATIO',
        'PEAK MiB',
        'PLAIN MiB',
        'RATIO',
      ],
      result.synth.map(({ stamps, stacks, resources, stampkit, plain, ratio }) => [
        ...[stamps, stacks, resources].map(String),
        ...[stampkit.seconds, plain.seconds, ratio.seconds, stampkit.cpuSeconds, plain.cpuSeconds, ratio.cpuSeconds].map(
          (value) => value.toFixed(2),
        ),
        stampkit.peakMiB.toFixed(0),
        plain.peakMiB.toFixed(0),
        ratio.peakMiB.toFixed(2),
      ]),
    ),
    '',
    table(
      ['COMMAND', 'WALL s', 'CPU s', 'PEAK MiB', 'AIM s'],
      [
        ['node (nothing)', commands.node, '-'],
        ['stampkit --help', commands.help, String(AIMS.helpSeconds)],
        ['stampkit check', commands.check, String(AIMS.checkSeconds)],
      ].map(([name, used, aim]) => [name, used.seconds.toFixed(2), used.cpuSeconds.toFixed(2), used.peakMiB.toFixed(0), aim]),
    ),
    '',
    ...verdicts(result),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function verdicts({ synth, commands }) {
  const one = synth.find(({ stamps }) => stamps === 1);
  return [
    ...(one ? [['synth of one stamp, ratio of wall clock', one.ratio.seconds, AIMS.oneStampRatio]] : []),
    ['stampkit --help, s', commands.help.seconds, AIMS.helpSeconds],
    ['stampkit check, s', commands.check.seconds, AIMS.checkSeconds],
  ].map(([what, value, aim]) => `${value <= aim ? 'ok  ' : 'OVER'} ${what}: ${value.toFixed(2)} (aim ${aim})`);
}

function table(header, rows) {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  return [header, ...rows]
    .map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '))
    .join('\n');
}
