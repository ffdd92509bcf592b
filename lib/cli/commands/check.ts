import type { Command } from 'commander';
import { loadDrills } from '../../config/drill/load-drills';
import { hasErrors, sortFindings } from '../../findings';
import { type CommandContext, type CommonOptions, exitCodeOf, printFindings, printJson, withCommonOptions } from '../command';
import { loadFleet } from '../load-fleet';
import { counted } from '../terminal';

/** `stampkit check`: reads `stamps/` and says everything that is wrong with it. */
export function registerCheck(program: Command, { terminal, finish }: CommandContext): void {
  const command = program.command('check');
  withCommonOptions(command, 'npx stampkit check --stamps stamps').action((options: CommonOptions) => {
    const { findings: own, fleet, config } = loadFleet(options.stamps);
    // Only here and in `drill`: a broken drill must not keep anybody from a failover.
    const { findings: ofDrills, drills } = loadDrills(options.stamps, config);
    const findings = sortFindings([...own, ...ofDrills]);
    const ok = fleet !== undefined && !hasErrors(findings);
    if (options.json === true) {
      printJson(terminal, { ok, findings });
    } else {
      printFindings(terminal.out, findings);
      if (ok) {
        const stamps = fleet.groups.flatMap((group) => group.stamps).length;
        const drilled = drills.length === 0 ? '' : `, ${counted(drills.length, 'drill')}`;
        terminal.out(
          `ok: fleet ${fleet.name}, ${counted(fleet.groups.length, 'group')}, ${counted(stamps, 'stamp')}${drilled}\n`,
        );
      }
    }
    finish(exitCodeOf(findings));
  });
}
