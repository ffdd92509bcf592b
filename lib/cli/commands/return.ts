import type { Command } from 'commander';
import type { CommandContext } from '../command';
import { type ChangeOptions, readChange, withChangeOptions } from '../operations/change-options';
import { changeCommand } from '../operations/change-command';
import { stampOf } from '../operations/group-of';
import type { OperationsHost } from '../operations/host';

/** `stampkit return STAMP`: what becomes of the old side of an unplanned failover once its Region answers again. */
export function registerReturn(program: Command, context: CommandContext, host: OperationsHost): void {
  const command = program.command('return').argument('<stamp>', 'the stamp whose Region came back, such as enterprise-use1');
  withChangeOptions(command, 'npx stampkit return enterprise-use1').action((stamp: string, options: ChangeOptions) =>
    changeCommand(context, host, options, (fleet) => {
      const change = readChange(options, 'its Region came back');
      const { group } = stampOf(fleet, stamp);
      return {
        change,
        request: { operation: 'return', group: group.name, stamp, reason: change.reason },
        arguments: ['return', stamp],
      };
    }),
  );
}
