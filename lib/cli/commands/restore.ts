import type { Command } from 'commander';
import { StampError } from '../../errors';
import type { OperationRequest } from '../../operations/request';
import type { CommandContext } from '../command';
import { type Change, type ChangeOptions, readChange, withChangeOptions } from '../operations/change-options';
import { changeCommand } from '../operations/change-command';
import { groupOf } from '../operations/group-of';
import type { OperationsHost } from '../operations/host';

interface RestoreOptions extends ChangeOptions {
  readonly at?: string;
  readonly recoveryPoint?: string;
  readonly test?: boolean;
  readonly cutover?: string;
  readonly abandon?: string;
  readonly adopted?: string;
}

/** What `restore` can be asked for; exactly one of them. */
const WAYS = ['at', 'recoveryPoint', 'cutover', 'abandon', 'adopted'] as const;

/** `stampkit restore GROUP`: beside the live data, validated; then, by another command, the cut-over. */
export function registerRestore(program: Command, context: CommandContext, host: OperationsHost): void {
  const command = program
    .command('restore')
    .argument('<group>', 'tenant group')
    .option('--at <time>', 'the moment to go back to: 2026-11-21T09:30:00Z')
    .option('--recovery-point <arn>', 'this recovery point: stampkit backups GROUP --points lists them')
    .option('--test', 'restore, validate, tear down: nothing of it is ever used; for schedules')
    .option('--cutover <id>', 'point every stamp at what this restore made; the old data stays under its name')
    .option('--abandon <id>', 'remove what this restore made')
    .option('--adopted <id>', 'a stack owns what this restore made: status stops reminding');
  withChangeOptions(command, 'npx stampkit restore enterprise --at 2026-11-21T09:30:00Z').action(
    (name: string, options: RestoreOptions) =>
      changeCommand(context, host, options, (fleet) => {
        const group = groupOf(fleet, name).name;
        const change = readChange(options, 'restore');
        return { change, request: requestOf(group, options, change), arguments: ['restore', name, ...wordsOf(options)] };
      }),
  );
}

/**
 * @throws StampError USAGE unless exactly one way is given
 */
function requestOf(group: string, options: RestoreOptions, { reason }: Change): OperationRequest {
  const given = WAYS.filter((way) => options[way] !== undefined);
  if (given.length !== 1)
    throw new StampError(
      'USAGE',
      given.length === 0 ? 'restore of what is not said' : `${given.map(optionName).join(' and ')} at once`,
      'Give exactly one of --at TIME, --recovery-point ARN, --cutover ID, --abandon ID, --adopted ID.',
    );
  const { at, recoveryPoint, test, cutover, abandon, adopted } = options;
  if (test === true && at === undefined && recoveryPoint === undefined)
    throw new StampError('USAGE', '--test without something to restore', 'Add --at TIME or --recovery-point ARN.');
  if (cutover !== undefined) return { operation: 'cutover', group, restore: cutover, reason };
  if (abandon !== undefined) return { operation: 'abandon', group, restore: abandon, reason };
  if (adopted !== undefined) return { operation: 'adopt', group, restore: adopted, reason };
  return {
    operation: 'restore',
    group,
    reason,
    test: test === true,
    ...(at !== undefined && { at: momentOf(at) }),
    ...(recoveryPoint !== undefined && { recoveryPoint }),
  };
}

/**
 * A moment says where on Earth it is meant: an hour more or less is the difference between before and after the mistake.
 *
 * @throws StampError USAGE
 */
function momentOf(text: string): number {
  const milliseconds = Date.parse(text);
  // A minute for clocks that run apart; what is later than now is a slip of the pen.
  if (milliseconds > Date.now() + 60_000)
    throw new StampError('USAGE', `--at ${text} has not come yet`, 'Give a moment of the past.');
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(milliseconds))
    return milliseconds;
  throw new StampError('USAGE', `--at ${text}`, 'Give date, time and zone: 2026-11-21T09:30:00Z, or 2026-11-21T10:30:00+01:00.');
}

function optionName(way: (typeof WAYS)[number]): string {
  return way === 'recoveryPoint' ? '--recovery-point' : `--${way}`;
}

function wordsOf(options: RestoreOptions): string[] {
  const words = WAYS.flatMap((way) => {
    const value = options[way];
    return value === undefined ? [] : [optionName(way), value];
  });
  return options.test === true ? [...words, '--test'] : words;
}
