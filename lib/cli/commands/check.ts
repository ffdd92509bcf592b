import type { Command } from 'commander';
import { type CommandContext, type CommonOptions, exitCodeOf, printFindings, printJson, withCommonOptions } from '../command';
import { loadFleet } from '../load-fleet';
import { counted } from '../terminal';

/** `stampkit check`: reads `stamps/` and says everything that is wrong with it. */
export function registerCheck(program: Command, { terminal, finish }: CommandContext): void {
  const command = program.command('check').description('read stamps/ and print every finding with file:line:column');
  withCommonOptions(command, 'npx stampkit check --stamps stamps').action((options: CommonOptions) => {
    const { findings, fleet } = loadFleet(options.stamps);
    if (options.json === true) {
      printJson(terminal, { ok: fleet !== undefined, findings });
    } else {
      printFindings(terminal.out, findings);
      if (fleet !== undefined) {
        const stamps = fleet.groups.flatMap((group) => group.stamps).length;
        terminal.out(`ok: fleet ${fleet.name}, ${counted(fleet.groups.length, 'group')}, ${counted(stamps, 'stamp')}\n`);
      }
    }
    finish(exitCodeOf(findings));
  });
}
