import type { Command } from 'commander';
import type { ToldHolder } from '../../operations/request';
import type { ChangeOptions } from './change-options';

export interface HolderOptions extends ChangeOptions {
  readonly primaryHolder?: string;
}

/** For what leads users by the deployed records, while the Route 53 API does not say what they are. */
export function withHolderOption(command: Command): Command {
  return command.option(
    '--primary-holder <stamp>',
    'stamp that the deployed PRIMARY record leads to, when you know it and the Route 53 API is silent',
  );
}

export function told({ primaryHolder }: HolderOptions): ToldHolder {
  return primaryHolder === undefined ? {} : { primaryHolder };
}
