import type { Command } from 'commander';
import { StampError } from '../../errors';
import { type CommonOptions, withCommonOptions } from '../command';

/** Options of every command that changes AWS or traffic (design 12). */
export interface ChangeOptions extends CommonOptions {
  readonly go?: boolean;
  readonly plan?: string;
  readonly reason?: string;
  readonly supersede?: string;
  readonly breakGlass?: boolean;
}

/** Digits of a plan's hash that are enough to name it. */
export const SHORT_HASH = 12;

export function withChangeOptions(command: Command, example: string): Command {
  command
    .option('--go', 'do it; without this the plan is shown and nothing changes')
    .option('--plan <hash>', 'with --go: refuse to run any other plan than the one that was shown')
    .option('--reason <text>', 'why; stands in the switches and in the journal')
    .option('--supersede <operation>', 'replace this unfinished operation of the group; its journal is closed')
    .option('--break-glass', 'go without a lease while no replica of the control table answers; needs --reason');
  return withCommonOptions(command, example);
}

/** What of the options the engine is given. */
export interface Change {
  readonly go: boolean;
  /** Full hash or its beginning. */
  readonly plan?: string;
  readonly reason: string;
  readonly supersedes?: string;
  readonly breakGlass?: string;
  readonly json: boolean;
}

/**
 * @param fallback reason when none was given
 * @throws StampError USAGE for options that do nothing or lack their partner
 */
export function readChange(options: ChangeOptions, fallback: string): Change {
  const reason = oneLine(options.reason);
  if (options.reason !== undefined && reason === '')
    throw new StampError('USAGE', '--reason is empty', 'Say why: it stands in the switches and in the journal.');
  if (options.breakGlass === true && reason === '')
    throw new StampError(
      'USAGE',
      '--break-glass without --reason',
      'Say why you know that nobody else works on the group: --reason "control Regions are down, I lead the incident".',
    );
  if (options.plan !== undefined && options.go !== true)
    throw new StampError('USAGE', '--plan without --go', 'Leave --plan out to see the plan, or add --go to run it.');
  if (options.plan !== undefined && !/^[0-9a-f]{12,64}$/.test(options.plan))
    throw new StampError(
      'USAGE',
      `--plan ${options.plan}`,
      `Give the hash that the dry run printed, or at least its first ${SHORT_HASH} digits.`,
    );
  return {
    go: options.go === true,
    reason: reason === '' ? fallback : reason,
    json: options.json === true,
    ...(options.plan !== undefined && { plan: options.plan }),
    ...(options.supersede !== undefined && { supersedes: options.supersede }),
    ...(options.breakGlass === true && { breakGlass: reason }),
  };
}

function oneLine(text: string | undefined): string {
  return (text ?? '').replace(/[\p{C}\s]+/gu, ' ').trim();
}
