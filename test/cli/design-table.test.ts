import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../lib/cli/main';
import { readPage, tableWith } from '../readme/markdown';

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

const { commands } = createProgram(
  { terminal: { out: () => undefined, err: () => undefined, interactive: false }, finish: () => undefined },
  '0',
);
const usages = tableWith(readPage('docs/design.md'), 'Command', 'Does').map(([usage = '']) => usage);
const named = usages.flatMap((usage) => /^`([a-z]+)/.exec(usage)?.[1] ?? []);

describe('the table of commands in docs/design.md', () => {
  test('names the commands of the parser, and those of later versions', () => {
    const parser = commands.map((command: Command) => command.name());
    expect([...new Set(named)].filter((name) => !LATER.includes(name)).sort()).toEqual(
      [...parser].filter((name) => !LATER.includes(name)).sort(),
    );
  });

  test.each(IN_FULL)('names every option of %s', (name) => {
    const usage = usages.find((row) => row.startsWith(`\`${name} `)) ?? '';
    const options = commands.find((command: Command) => command.name() === name)!.options.map((option) => option.long ?? '');
    expect([...usage.matchAll(/--[a-z-]+/g)].map(([option]) => option).sort()).toEqual(
      options.filter((option) => !COMMON.includes(option)).sort(),
    );
  });
});
