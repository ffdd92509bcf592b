#!/usr/bin/env node
// npm run generate-fleet: a made-up, valid and locked stamps/ folder for load tests. The same arguments write the same bytes.
import { parseArgs } from 'node:util';
import { loadSource } from './load-source.mjs';

const HELP = `Usage: npm run generate-fleet -- --groups N --out DIR [--regions N] [--accounts N] [--seed N]

Writes a valid, varied and locked stamps/ folder for load tests: modes, engines, compute kinds, tenants, weights and
accounts are mixed, and its promises hold: npx stampkit verify finds no error. The same arguments write the same bytes.

  --groups N     tenant groups, 1 to 2000
  --out DIR      a folder that is empty or does not exist yet
  --regions N    Regions that stamps live in, 1 to 10 (default 3); control Regions come on top
  --accounts N   AWS accounts that the groups are spread over, 1 to 50, each with a delegated zone of its own (default 1)
  --seed N       0 to 4294967295 (default 1)
  --help         this text

Example:
  $ npm run generate-fleet -- --groups 500 --regions 3 --seed 7 --out /tmp/fleet
  $ npx stampkit check --stamps /tmp/fleet

Exit codes: 0 ok, 1 the fleet could not be written, 2 usage.
`;

const OPTIONS = {
  groups: { type: 'string' },
  regions: { type: 'string', default: '3' },
  accounts: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' },
  out: { type: 'string' },
  help: { type: 'boolean', default: false },
};

function fail(text, exitCode) {
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}

/** Progress is for people who watch. */
const say = process.stderr.isTTY ? (text) => process.stderr.write(`${text}\n`) : undefined;

async function main() {
  let options;
  try {
    options = parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    return fail(`${error.message}\nnpm run generate-fleet -- --help explains the options.`, 2);
  }
  if (options.help) return void process.stdout.write(HELP);
  for (const name of ['groups', 'out']) if (options[name] === undefined) return fail(`--${name} is missing.\n\n${HELP}`, 2);
  for (const name of ['groups', 'regions', 'accounts', 'seed']) {
    if (!/^\d{1,10}$/.test(options[name])) return fail(`--${name} ${options[name]}: give a whole number.`, 2);
  }
  const { writeFleet } = await loadSource('../bench/fleet-generator/write-fleet.ts');
  const number = (name) => Number(options[name]);
  const size = { groups: number('groups'), regions: number('regions'), accounts: number('accounts'), seed: number('seed') };
  try {
    const { groups, stamps } = writeFleet(options.out, size, say);
    process.stdout.write(`wrote ${groups} groups with ${stamps} stamps to ${options.out}\n`);
  } catch (error) {
    fail(error.message, error.code === 'USAGE' ? 2 : 1);
  }
}

await main();
