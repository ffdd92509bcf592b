import type { Command } from 'commander';
import type { CommandContext } from '../command';
import { type ChangeOptions, readChange, withChangeOptions } from '../operations/change-options';
import { changeCommand } from '../operations/change-command';
import { stampOf } from '../operations/group-of';
import type { OperationsHost } from '../operations/host';

/** `stampkit evacuate STAMP`: takes a stamp out of service by its switch. */
export function registerEvacuate(program: Command, context: CommandContext, host: OperationsHost): void {
  const command = program.command('evacuate').argument('<stamp>', 'stamp id, such as enterprise-use1');
  withChangeOptions(command, 'npx stampkit evacuate pool-euw1 --reason "bad release"').action(
    (stamp: string, options: ChangeOptions) =>
      changeCommand(context, host, options, (fleet) => {
        const change = readChange(options, 'evacuated by hand');
        const { group } = stampOf(fleet, stamp);
        return {
          change,
          request: { operation: 'evacuate', group: group.name, stamp, reason: change.reason },
          arguments: ['evacuate', stamp],
        };
      }),
  );
}
