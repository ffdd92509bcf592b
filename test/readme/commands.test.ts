import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deploy } from '../../lib/cli/deploy/deploy';
import { deployCommand } from '../../lib/cli/deploy/options';
import { deployPhases } from '../../lib/topology/deploy-order';
import { FakeAccount } from '../cli/deploy/fake-ports';
import { StampsCopy } from '../support/cli';
import { exampleFleet } from '../support/loaded-fleets';
import { COMMAND_NAMES, wholeProgram } from '../support/program';
import { codeBlocks, pages, readPage, ROOT, tableWith } from './markdown';

/** Commands that need what a test machine has not, and why. */
const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^npx cdk (bootstrap|diff|deploy|import) /, 'needs an AWS account and credentials'],
  [/^aws s3api put-object /, 'needs an AWS account and credentials'],
  [/^printf /, 'writes the body for the AWS command after it'],
  [/^npx stampkit ci /, 'writes into the current folder: test/cli/ci.test.ts does'],
  [/^npx stampkit preflight$/, 'synthesizes: test/cli/preflight.test.ts and test/cli/demo.test.ts do'],
  [/^npx cdk synth --quiet$/, 'synthesizes: npm run test:e2e does, and bin/app.ts is what test/cli/demo.test.ts runs'],
  [
    /^npx stampkit drill stamps\/drills\/\S+ --speed /,
    'a drill takes minutes in the lab: test/cli/drill has its command, test/drill its runs in virtual time',
  ],
  [/^npx stampkit lab /, 'starts processes that stay until somebody ends them: test/lab/running starts and ends labs'],
  [/^scripts\/import-mapping\.sh /, 'needs a stack that was removed: npm run test:e2e removes one'],
];

/** Every line of the shell blocks of a page, without comments. */
function commandsOf(page: string): string[] {
  return codeBlocks(readPage(page), 'sh')
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** A dry run in an account that holds every stack of the example fleet. */
async function planDeployment(args: readonly string[]): Promise<{ exitCode: number; phases: unknown[] }> {
  const account = new FakeAccount(exampleFleet().fleet);
  for (const { stacks } of deployPhases(exampleFleet().fleet)) for (const { stackName } of stacks) account.deployed(stackName);
  let exitCode = -1;
  const parser = deployCommand(async (options) => {
    exitCode = await deploy({ ...options, dryRun: true, json: true }, account.ports());
  }).exitOverride();
  await parser.parseAsync([...args], { from: 'user' });
  return { exitCode, phases: JSON.parse(account.out).phases };
}

const commands = pages().flatMap((page) => commandsOf(page).map((command) => [page, command] as const));
const stampkit = commands.filter(
  ([, command]) => command.startsWith('npx stampkit ') && !NOT_RUN.some(([is]) => is.test(command)),
);
const deployments = commands.filter(([, command]) => command.startsWith('scripts/deploy.sh'));

describe('shell commands in the documentation', () => {
  test('README’s two commands are the ones that the gate runs', () => {
    const gate = readFileSync(join(ROOT, '.ci/run'), 'utf8');
    expect(commandsOf('README.md').slice(0, 2)).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
    for (const part of ['npm ci', 'npm run demo', 'npm test']) expect(gate).toMatch(new RegExp(`^${part}\\b`, 'm'));
  });

  test.each(commands)('%s: %s is run by the gate or by a test, or is known to need more', (_page, command) => {
    const gate = readFileSync(join(ROOT, '.ci/run'), 'utf8').split('\n');
    const run = command.split(' && ').every((part) => gate.some((line) => line === part || line.startsWith(`${part} `)));
    const listed = NOT_RUN.some(([is]) => is.test(command));
    expect(run || listed || [...stampkit, ...deployments].some(([, known]) => known === command)).toBe(true);
  });

  test.each(deployments)('%s: %s plans something in the example fleet', async (_page, command) => {
    const { exitCode, phases } = await planDeployment(command.split(/\s+/).slice(1));
    expect(exitCode).toBe(0);
    expect(phases).not.toEqual([]);
  });

  test.each(stampkit)('%s: %s works on the example fleet', async (_page, command) => {
    const stamps = new StampsCopy();
    try {
      const { exitCode, err } = await stamps.run(...command.split(/\s+/).slice(2));
      expect(err).toBe('');
      expect(exitCode).toBe(0);
    } finally {
      stamps.remove();
    }
  });
});

describe('the table of commands', () => {
  const rows = tableWith(readPage('README.md'), 'Command', 'Does').map(([usage = '']) => usage.replaceAll('`', ''));

  test('names the commands of the parser, in its order', () => {
    expect(rows.map((usage) => usage.split(' ')[2])).toEqual(COMMAND_NAMES);
  });

  test.each(COMMAND_NAMES)('names every option of %s', async (name) => {
    const command = (await wholeProgram()).commands.find((known) => known.name() === name)!;
    const usage = rows.find((row) => row.split(' ')[2] === name) ?? '';
    // Told of below the table: what every command takes, and every one that changes something.
    const common = ['--stamps', '--json', '--go', '--plan', '--reason', '--supersede', '--break-glass'];
    const options = command.options.map((option) => option.long).filter((long) => !common.includes(long ?? ''));
    const named = [...usage.matchAll(/--[a-z-]+/g)].map(([option]) => option).filter((option) => !common.includes(option));
    expect(named.sort()).toEqual(options.sort());
  });

  test('what is called planned does not exist', () => {
    const planned = /Planned: ((?:`[a-z]+`(?:, )?)+)/.exec(readPage('README.md'))?.[1] ?? '';
    const names = [...planned.matchAll(/[a-z]+/g)].map(([name]) => name);
    expect(names.filter((name) => COMMAND_NAMES.includes(name))).toEqual([]);
  });
});
