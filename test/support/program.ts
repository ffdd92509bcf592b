import type { Command } from 'commander';
import { COMMANDS } from '../../lib/cli/commands';
import { createProgram } from '../../lib/cli/main';

/** Names of all commands, in the order of the overview. */
export const COMMAND_NAMES: readonly string[] = COMMANDS.map(({ name }) => name);

/** The whole command line, every command loaded. */
export function wholeProgram(): Promise<Command> {
  return createProgram(
    { terminal: { out: () => undefined, err: () => undefined, interactive: false }, finish: () => undefined },
    '0',
  );
}
