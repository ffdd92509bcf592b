import type { Command } from 'commander';
import { viewOf } from '../../operations/group-view';
import { type CommandContext, type CommonOptions, printJson, withCommonOptions } from '../command';
import { fleetOf } from '../operations/fleet-of';
import { groupOf } from '../operations/group-of';
import type { OperationsHost } from '../operations/host';
import { runbookPages } from '../operations/runbook/pages';
import { renderRunbook } from '../operations/runbook/render-runbook';
import { EXIT_OK } from '../terminal';
import { StampError } from '../../errors';

interface RunbookOptions extends CommonOptions {
  readonly assembly?: string;
}

/** `stampkit runbook GROUP`: needs no AWS. The same engine decides the plans, for situations that the configuration describes. */
export function registerRunbook(program: Command, { terminal, finish }: CommandContext, host: OperationsHost): void {
  const command = program
    .command('runbook')
    .argument('<group>', 'tenant group')
    .option('--assembly <dir>', 'prove from this cloud assembly instead of synthesizing the group');
  withCommonOptions(command, 'npx stampkit runbook enterprise > runbooks/enterprise.md').action(
    async (name: string, options: RunbookOptions) => {
      const fleet = fleetOf(terminal, finish, options);
      if (fleet === undefined) return;
      const view = viewOf(fleet, groupOf(fleet, name).name);
      const proof = await host.proof(fleet, name, options.assembly);
      if (proof === undefined)
        throw new StampError(
          'GROUP_NOT_IN_ASSEMBLY',
          `the assembly does not hold ${name}`,
          'Leave --assembly out, or synthesize again.',
        );
      const pages = runbookPages(view);
      const markdown = renderRunbook(view, pages, proof);
      if (options.json === true) {
        const plans = pages.map(({ title, when, command: line, prepared }) => ({
          title,
          when,
          command: line,
          plan: prepared.plan,
        }));
        printJson(terminal, { ok: true, group: name, markdown, pages: plans });
      } else terminal.out(markdown);
      finish(EXIT_OK);
    },
  );
}
