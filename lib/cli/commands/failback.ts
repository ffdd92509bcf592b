import type { Command } from 'commander';
import type { CommandContext } from '../command';
import { readChange, withChangeOptions } from '../operations/change-options';
import { type HolderOptions, told, withHolderOption } from '../operations/holder-option';
import { changeCommand } from '../operations/change-command';
import { groupOf } from '../operations/group-of';
import type { OperationsHost } from '../operations/host';

/** `stampkit failback GROUP`: brings writer and traffic back to the preferred primary; of an active-active group, every stamp. */
export function registerFailback(program: Command, context: CommandContext, host: OperationsHost): void {
  const command = program.command('failback').argument('<group>', 'tenant group');
  withChangeOptions(withHolderOption(command), 'npx stampkit failback enterprise').action(
    (name: string, options: HolderOptions) =>
      changeCommand(context, host, options, (fleet) => {
        const group = groupOf(fleet, name);
        const change = readChange(options, 'failback');
        return {
          change,
          request: { operation: 'failback', group: group.name, reason: change.reason, ...told(options) },
          arguments: ['failback', name],
        };
      }),
  );
}
