import type { OperationRequest } from '../../operations/request';
import type { Fleet } from '../../topology/types';
import type { CommandContext } from '../command';
import type { Change, ChangeOptions } from './change-options';
import { fleetOf } from './fleet-of';
import type { OperationsHost } from './host';
import { runChange } from './run-change';

export interface Asked {
  readonly change: Change;
  readonly request: OperationRequest;
  /** Command and arguments, without the options that every changing command has. */
  readonly arguments: readonly string[];
}

/** What all changing commands do once they know what is asked for. */
export async function changeCommand(
  { terminal, finish }: CommandContext,
  host: OperationsHost,
  options: ChangeOptions,
  ask: (fleet: Fleet) => Asked,
): Promise<void> {
  const fleet = fleetOf(terminal, finish, options);
  if (fleet === undefined) return;
  const { change, request, arguments: words } = ask(fleet);
  const commandLine = commandLineOf(words, options);
  finish(await runChange({ terminal, host, fleet, request, change, commandLine }));
}

/** The command again, as it can be pasted: everything that decides the plan, and nothing else. */
export function commandLineOf(words: readonly string[], options: ChangeOptions): string {
  const { stamps, reason, supersede, breakGlass } = options;
  return [
    'npx',
    'stampkit',
    ...words,
    ...(stamps === 'stamps' ? [] : ['--stamps', stamps]),
    ...(reason === undefined ? [] : ['--reason', reason]),
    ...(supersede === undefined ? [] : ['--supersede', supersede]),
    ...(breakGlass === true ? ['--break-glass'] : []),
  ]
    .map(quoted)
    .join(' ');
}

function quoted(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
