import type { Command } from 'commander';
import type { CommandContext } from '../command';
import { type ChangeOptions, readChange, withChangeOptions } from '../operations/change-options';
import { changeCommand } from '../operations/change-command';
import { groupOf } from '../operations/group-of';
import type { OperationsHost } from '../operations/host';

interface RehomeOptions extends ChangeOptions {
  readonly lost: string;
}

/** `stampkit rehome GROUP --lost REGION`: the global definitions are adopted into the Region that the lock calls home now. */
export function registerRehome(program: Command, context: CommandContext, host: OperationsHost): void {
  const command = program
    .command('rehome')
    .argument('<group>', 'tenant group')
    .requiredOption('--lost <region>', 'the Region that will not come back: code or name');
  withChangeOptions(command, 'npx stampkit rehome enterprise --lost use1').action((name: string, options: RehomeOptions) =>
    changeCommand(context, host, options, (fleet) => {
      const group = groupOf(fleet, name);
      const change = readChange(options, `${options.lost} is lost`);
      return {
        change,
        request: { operation: 'rehome', group: group.name, lost: options.lost, reason: change.reason },
        arguments: ['rehome', name, '--lost', options.lost],
      };
    }),
  );
}
