import type { Command } from 'commander';
import type { CommandContext } from '../command';
import { readChange, withChangeOptions } from '../operations/change-options';
import { type HolderOptions, told, withHolderOption } from '../operations/holder-option';
import { changeCommand } from '../operations/change-command';
import { stampOf } from '../operations/group-of';
import type { OperationsHost } from '../operations/host';

/** `stampkit readmit STAMP`: brings a stamp back into service when it is healthy, has its capacity and may take its role. */
export function registerReadmit(program: Command, context: CommandContext, host: OperationsHost): void {
  const command = program.command('readmit').argument('<stamp>', 'stamp id, such as enterprise-use1');
  withChangeOptions(withHolderOption(command), 'npx stampkit readmit pool-euw1').action((stamp: string, options: HolderOptions) =>
    changeCommand(context, host, options, (fleet) => {
      const change = readChange(options, 'readmitted by hand');
      const { group } = stampOf(fleet, stamp);
      return {
        change,
        request: { operation: 'readmit', group: group.name, stamp, reason: change.reason, ...told(options) },
        arguments: ['readmit', stamp],
      };
    }),
  );
}
