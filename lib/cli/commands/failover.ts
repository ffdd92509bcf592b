import type { Command } from 'commander';
import type { CommandContext } from '../command';
import { type ChangeOptions, readChange, withChangeOptions } from '../operations/change-options';
import { changeCommand } from '../operations/change-command';
import { groupOf } from '../operations/group-of';
import type { OperationsHost } from '../operations/host';

interface FailoverOptions extends ChangeOptions {
  readonly to: string;
  readonly allowDataLoss?: boolean;
}

/** `stampkit failover GROUP --to REGION`: moves writer and traffic to another Region, planned or not. */
export function registerFailover(program: Command, context: CommandContext, host: OperationsHost): void {
  const command = program
    .command('failover')
    .argument('<group>', 'tenant group')
    .requiredOption('--to <region>', 'where to: Region code or name')
    .option('--allow-data-loss', 'promote although more than the objective would be lost, or nobody knows how much');
  withChangeOptions(command, 'npx stampkit failover enterprise --to usw2 --reason "us-east-1 impaired"').action(
    (name: string, options: FailoverOptions) =>
      changeCommand(context, host, options, (fleet) => {
        const group = groupOf(fleet, name);
        const change = readChange(options, `failover to ${options.to}`);
        const loss = options.allowDataLoss === true;
        return {
          change,
          request: { operation: 'failover', group: group.name, to: options.to, reason: change.reason, allowDataLoss: loss },
          arguments: ['failover', name, '--to', options.to, ...(loss ? ['--allow-data-loss'] : [])],
        };
      }),
  );
}
