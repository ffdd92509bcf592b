// npm run bench: what stampkit costs beside a plain CDK app with the same stacks, packs and validation. See docs/performance.md.
//   npm run bench -- [--quick] [--json] [--stamps 1,10,100,1000,3000] [--plain-up-to 1000] [--rounds 3] [--only synth|proof|operations]
// --quick: plain CDK, which takes minutes for 1,000 stamps, up to 100 only, and one round instead of three.
// --only: synthesis and commands beside plain CDK, what the proof costs after the templates are read (proof.mjs), or what operations cost beside AWS (operations.mjs).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { BUNDLE_SETTINGS } from '../scripts/bundle-cli.mjs';
import { loadSource } from '../scripts/load-source.mjs';
import { writeFleet } from './fleets.mjs';
import { measureByTurns } from './measure.mjs';
import { benchOperations, operationsAims, operationsTable } from './operations.mjs';
import { benchProof, proofAims, proofTable } from './proof.mjs';
import { aimLines, table } from './table.mjs';

/** Most that each may take: ratios, and seconds where it says so. */
const AIMS = {
  oneStampToPlain: 1.15,
  thousandToPlain: 0.1,
  thousandMemoryToPlain: 0.3,
  thousandToOne: 2,
  threeThousandToThousand: 4,
  largeCommandSeconds: 1.5,
  checkSeconds: 0.6,
  helpSeconds: 0.3,
};
/** Above this many stamps the templates of both programs are only counted, and plain CDK, which takes minutes then, runs once. */
const LARGE = 100;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    stamps: { type: 'string', default: '1,10,100,1000,3000' },
    rounds: { type: 'string' },
    'plain-up-to': { type: 'string' },
    only: { type: 'string' },
  },
});
if (![undefined, 'synth', 'proof', 'operations'].includes(options.only))
  throw new Error(`--only ${options.only}: synth, proof or operations`);
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
if (!Number.isInteger(rounds) || rounds % 2 !== 1)
  throw new Error(`--rounds ${options.rounds}: give an odd number, for a median`);
const sizes = options.stamps.split(',').map(Number);
if (sizes.some((size) => !Number.isInteger(size) || size < 1)) throw new Error(`--stamps ${options.stamps}: give whole numbers`);
const plainUpTo = Number(options['plain-up-to'] ?? (options.quick ? 100 : 1000));
// Plain CDK keeps every construct of every stamp: more than Node.js allows by default.
const env = { NODE_OPTIONS: '--max-old-space-size=16384' };

/** As cdk.json starts the app; the plain one too. */
const { app: command } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
const nodeFlags = command.split(' ').filter((word) => word.startsWith('--'));
const program = (name) => join(root, 'dist', 'bin', `${name}.js`);
// Inside the package, where aws-cdk-lib is found; not in what is published.
const bundles = join(root, 'dist', 'bench');
const work = mkdtempSync(join(tmpdir(), 'stampkit-bench-'));
const { foldConstants } = await loadSource('stacks/stamp-values.ts');
const progress = (text) => process.stderr.write(`${text}\n`);

try {
  const before = loadavg();
  const wanted = (part) => options.only === undefined || options.only === part;
  const measured = wanted('synth') ? await measureAll() : {};
  const proof = wanted('proof') ? { proof: await benchProof([10, 100, 1000], progress) } : {};
  const operations = wanted('operations') ? { operations: await benchOperations(progress) } : {};
  report({
    schemaVersion: 1,
    rounds,
    machine: { node: process.version, cpus: cpus().length, loadBefore: before, loadAfter: loadavg() },
    ...measured,
    ...proof,
    ...operations,
  });
} finally {
  rmSync(work, { recursive: true, force: true });
  rmSync(bundles, { recursive: true, force: true });
}

async function measureAll() {
  await build({
    ...BUNDLE_SETTINGS,
    absWorkingDir: root,
    entryPoints: ['bench/plain-app.ts', 'bench/fleet-json.ts'],
    outdir: bundles,
  });
  const synth = [];
  for (const size of sizes) synth.push(measureSynth(size));
  progress('commands');
  const commands = measureByTurns(
    {
      node: { args: ['--eval', '0'] },
      help: { args: [program('stampkit'), '--help'] },
      check: { args: [program('stampkit'), 'check', '--stamps', join(root, 'stamps')] },
      ...largeCommands(),
    },
    Math.max(rounds, 3),
  );
  return { synth, commands, aims: AIMS };
}

function largeCommands() {
  if (!sizes.includes(1000)) return {};
  const stamps = ['--stamps', join(work, 'fleet-1000')];
  return {
    'check of 1,000 stamps': { args: [program('stampkit'), 'check', ...stamps] },
    'topology of 1,000 stamps': { args: [program('stampkit'), 'topology', ...stamps] },
  };
}

function measureSynth(stamps) {
  const folder = join(work, `fleet-${stamps}`);
  writeFleet(folder, stamps);
  execFileSync(process.execPath, [program('stampkit'), 'lock', '--stamps', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  const fleet = join(work, `fleet-${stamps}.json`);
  writeFileSync(fleet, execFileSync(process.execPath, [join(bundles, 'fleet-json.js'), folder], { maxBuffer: 1024 ** 3 }));
  const withPlain = stamps <= plainUpTo;
  const large = stamps > LARGE;
  // A machine does not keep its speed: what is compared with one stamp takes turns with one stamp.
  const withOne = large && sizes.includes(1);
  progress(`synth of ${stamps}: ${counted(rounds)}${withPlain ? (large ? ', plain CDK once' : '') : ', without the plain app'}`);
  const made = new Map();
  const inspect = (name, output) => {
    if (name === 'one') return;
    made.set(name, describeTemplates(output, !large));
    if (name === 'plain') requireSame(made.get('stampkit'), made.get('plain'), stamps);
  };
  const plainProgram = { plain: { args: [...nodeFlags, join(bundles, 'plain-app.js')], env: { ...env, BENCH_FLEET: fleet } } };
  const { stampkit, one, ...others } = measureByTurns(
    {
      ...(withOne && { one: appProgram(join(work, 'fleet-1')) }),
      stampkit: appProgram(folder),
      ...(withPlain && !large && plainProgram),
    },
    rounds,
    inspect,
  );
  const { plain } = withPlain && large ? measureByTurns(plainProgram, 1, inspect) : others;
  const { stacks, resources } = made.get('stampkit');
  const ratioTo = (other) =>
    Object.fromEntries(['seconds', 'cpuSeconds', 'peakMiB'].map((key) => [key, stampkit[key] / other[key]]));
  return {
    stamps,
    stacks,
    resources,
    stampkit,
    ...(withPlain && { plain, ratio: ratioTo(plain) }),
    ...(withOne && { one, ratioToOne: ratioTo(one) }),
  };
}

function appProgram(stamps) {
  return { args: [...nodeFlags, program('app')], env: { ...env, CDK_CONTEXT_JSON: JSON.stringify({ stamps }) } };
}

function counted(rounds) {
  return rounds === 1 ? 'one round' : `${rounds} rounds`;
}

function describeTemplates(folder, compare) {
  const hash = createHash('sha256');
  let [stacks, resources] = [0, 0];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.template.json')) continue;
    const template = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    stacks += 1;
    resources += Object.keys(template.Resources).length;
    // In the form in which the tests compare them: constants folded, sets of policies in order.
    hash.update(file).update(compare ? JSON.stringify(foldConstants(template)) : '');
  }
  return { hash: hash.digest('hex'), stacks, resources };
}

/** A comparison of programs that make different things would say nothing. */
function requireSame(a, b, stamps) {
  if (a.hash !== b.hash || a.resources !== b.resources)
    throw new Error(`${stamps} stamps: stampkit and the plain app make different templates`);
}

function report(result) {
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    return;
  }
  const { machine, synth, proof, operations } = result;
  const load = (list) => list.map((value) => value.toFixed(1)).join(' ');
  const lines = [
    `Node.js ${machine.node}, ${machine.cpus} CPUs, load average ${load(machine.loadBefore)} before and ${load(machine.loadAfter)} after`,
    ...(synth ? ['', ...synthLines(result)] : []),
    ...(proof ? ['', proofTable(proof), '', ...proofAims(proof)] : []),
    ...(operations ? ['', operationsTable(operations), '', ...operationsAims(operations)] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function synthLines(result) {
  const { synth, commands } = result;
  const fixed = (value) => (value === undefined ? '-' : value.toFixed(2));
  const whole = (value) => (value === undefined ? '-' : value.toFixed(0));
  return [
    rounds === 1 ? 'one round' : `median of ${rounds}; plain CDK above ${LARGE} stamps once`,
    ...(plainUpTo < Math.max(...sizes) ? [`plain CDK measured up to ${plainUpTo} stamps`] : []),
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
        'RATIO',
        'PEAK MiB',
        'PLAIN MiB',
        'RATIO',
      ],
      synth.map(({ stamps, stacks, resources, stampkit, plain, ratio }) => [
        ...[stamps, stacks, resources].map(String),
        ...['seconds', 'cpuSeconds'].flatMap((key) => [stampkit[key], plain?.[key], ratio?.[key]].map(fixed)),
        whole(stampkit.peakMiB),
        whole(plain?.peakMiB),
        fixed(ratio?.peakMiB),
      ]),
    ),
    '',
    table(
      ['COMMAND', 'WALL s', 'CPU s', 'PEAK MiB'],
      Object.entries(commands).map(([name, used]) => [
        name,
        used.seconds.toFixed(2),
        used.cpuSeconds.toFixed(2),
        used.peakMiB.toFixed(0),
      ]),
    ),
    '',
    ...verdicts(result),
  ];
}

function verdicts({ synth, commands }) {
  const of = (stamps) => synth.find((row) => row.stamps === stamps);
  const [one, thousand, most] = [of(1), of(1000), of(3000)];
  const compare = (a, b) => (a && b ? { seconds: a.seconds / b.seconds, cpuSeconds: a.cpuSeconds / b.cpuSeconds } : undefined);
  return aimLines([
    ['one stamp to plain CDK, time', one?.ratio, AIMS.oneStampToPlain],
    ['1,000 stamps to plain CDK, time', thousand?.ratio, AIMS.thousandToPlain],
    ['1,000 stamps to plain CDK, memory', thousand?.ratio && { seconds: thousand.ratio.peakMiB }, AIMS.thousandMemoryToPlain],
    ['1,000 stamps to one stamp, time', thousand?.ratioToOne, AIMS.thousandToOne],
    ['3,000 stamps to 1,000, time', compare(most?.stampkit, thousand?.stampkit), AIMS.threeThousandToThousand],
    ['check of 1,000 stamps, s', commands['check of 1,000 stamps'], AIMS.largeCommandSeconds],
    ['topology of 1,000 stamps, s', commands['topology of 1,000 stamps'], AIMS.largeCommandSeconds],
    ['stampkit --help, s', commands.help, AIMS.helpSeconds],
    ['stampkit check of 6 stamps, s', commands.check, AIMS.checkSeconds],
  ]);
}
