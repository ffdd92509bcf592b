import { describe, expect, test } from 'vitest';
import { readPage, tableWith } from '../readme/markdown';
import { COMMAND_NAMES, wholeProgram } from '../support/program';

/** Commands of the table that come with later versions. */
const LATER = ['drill', 'lab'];
/** Told of above the table: what every command takes, and every one that changes something. */
const COMMON = ['--stamps', '--json', '--go', '--plan', '--reason', '--supersede', '--break-glass'];
/** Whose rows name every option; the others’ are in the README. */
const IN_FULL = [
  'status',
  'evacuate',
  'readmit',
  'failover',
  'failback',
  'return',
  'rehome',
  'settle',
  'backups',
  'restore',
  'journal',
  'runbook',
];

const usages = tableWith(readPage('docs/design.md'), 'Command', 'Does').map(([usage = '']) => usage);
const named = usages.flatMap((usage) => /^`([a-z]+)/.exec(usage)?.[1] ?? []);

describe('the table of commands in docs/design.md', () => {
  test('names the commands of the parser, and those of later versions', () => {
    expect([...new Set(named)].filter((name) => !LATER.includes(name)).sort()).toEqual(
      COMMAND_NAMES.filter((name) => !LATER.includes(name)).sort(),
    );
  });

  test.each(IN_FULL)('names every option of %s', async (name) => {
    const { commands } = await wholeProgram();
    const usage = usages.find((row) => row.startsWith(`\`${name} `)) ?? '';
    const options = commands.find((command) => command.name() === name)!.options.map((option) => option.long ?? '');
    expect([...usage.matchAll(/--[a-z-]+/g)].map(([option]) => option).sort()).toEqual(
      options.filter((option) => !COMMON.includes(option)).sort(),
    );
  });
});
