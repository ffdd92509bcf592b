import type { Command } from 'commander';
import { engineOf, viewOf } from '../../operations/group-view';
import { inParallel } from '../../operations/observe/bounded';
import { type CommandContext, type CommonOptions, printFindings, printJson, withCommonOptions } from '../command';
import { fleetOf } from '../operations/fleet-of';
import { groupOf } from '../operations/group-of';
import type { OperationsHost } from '../operations/host';
import { judgeBackups } from '../operations/backups/judge-backups';
import { readBackups } from '../operations/backups/read-backups';
import { renderBackups, renderPoints } from '../operations/backups/render-backups';
import { Progress } from '../operations/progress';
import { Silence } from '../operations/silence';
import { renderPlace } from '../render-findings';
import { EXIT_FINDINGS, EXIT_OK } from '../terminal';

/** How many groups are read at once. */
const GROUPS_AT_ONCE = 8;

interface BackupsOptions extends CommonOptions {
  readonly check?: boolean;
  readonly points?: boolean;
}

/** `stampkit backups [GROUP]`: what could be restored, from where, how old it is, and whether that was ever tried. */
export function registerBackups(program: Command, { terminal, finish }: CommandContext, host: OperationsHost): void {
  const command = program
    .command('backups')
    .argument('[group]', 'tenant group; every group with backups when none is named')
    .option('--points', 'also list every recovery point with its ARN')
    .option('--check', 'print nothing but one line per finding; for cron');
  withCommonOptions(command, 'npx stampkit backups enterprise --points').action(
    async (name: string | undefined, options: BackupsOptions) => {
      const fleet = fleetOf(terminal, finish, options);
      if (fleet === undefined) return;
      const groups = name === undefined ? fleet.groups : [groupOf(fleet, name)];
      const views = groups.map((group) => viewOf(fleet, group.name)).filter((view) => engineOf(view) !== 'none');
      const progress = new Progress(terminal, host);
      const silence = new Silence();
      const ports = silence.watch(await host.ports({ fleet, reporter: progress }));
      progress.useClock(ports.clock);
      const now = ports.clock.now();
      const read = await progress.whileReading('reading vaults', () =>
        inParallel(
          GROUPS_AT_ONCE,
          views.map((view) => async () => ({ view, vaults: await readBackups(ports, view) })),
        ),
      );
      const findings = read.flatMap(({ view, vaults }) => judgeBackups(view, vaults, now));
      for (const line of silence.lines()) terminal.err(`${line}\n`);
      if (options.json === true) {
        printJson(terminal, {
          ok: findings.length === 0,
          readAt: new Date(now).toISOString(),
          groups: read.map(({ view: { group }, vaults }) => ({
            group: group.name,
            objective: group.objectives.recovery,
            vaults,
          })),
          findings,
        });
      } else if (options.check === true) {
        for (const { where, severity, code, message } of findings)
          terminal.out(`${renderPlace(where)} ${severity} ${code}: ${message}\n`);
      } else {
        terminal.out(
          read
            .map(
              ({ view: { group }, vaults }) =>
                `${renderBackups(group, vaults, now)}${options.points === true ? renderPoints(vaults, now) : ''}`,
            )
            .join('\n'),
        );
        if (name !== undefined && views.length === 0) terminal.out(`${name} has no database of its own: nothing is backed up\n`);
        printFindings(terminal.out, findings);
      }
      finish(findings.length === 0 ? EXIT_OK : EXIT_FINDINGS);
    },
  );
}
