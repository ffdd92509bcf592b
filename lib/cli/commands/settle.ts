import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { writeAtomically } from '../../config/atomic-write';
import { withPreferredRoles } from '../../config/preferred-roles';
import { GROUPS_FOLDER } from '../../config/read-folder';
import { hasErrors } from '../../findings';
import { settle, type Settlement } from '../../operations/decide/settle';
import { viewOf } from '../../operations/group-view';
import { observe } from '../../operations/observe/observe';
import { type CommandContext, type CommonOptions, printFindings, printJson, withCommonOptions } from '../command';
import { diffLines } from '../line-diff';
import { loadFleet } from '../load-fleet';
import { fleetOf } from '../operations/fleet-of';
import { groupOf } from '../operations/group-of';
import type { OperationsHost } from '../operations/host';
import { Progress } from '../operations/progress';
import { Silence } from '../operations/silence';
import { isSatisfied } from '../operations/run-change';
import { EXIT_FINDINGS, EXIT_OK, EXIT_STOPPED } from '../terminal';

interface SettleOptions extends CommonOptions {
  readonly check?: boolean;
}

/** `stampkit settle GROUP`: makes the stamp that a failover made the primary the preferred one. Writes a file, calls nothing that changes. */
export function registerSettle(program: Command, { terminal, finish }: CommandContext, host: OperationsHost): void {
  const command = program
    .command('settle')
    .argument('<group>', 'tenant group')
    .option('--check', 'write nothing; exit 1 when the file prefers another primary than the one of today');
  withCommonOptions(command, 'npx stampkit settle enterprise').action(async (name: string, options: SettleOptions) => {
    const fleet = fleetOf(terminal, finish, options);
    if (fleet === undefined) return;
    const view = viewOf(fleet, groupOf(fleet, name).name);
    const progress = new Progress(terminal, host);
    const silence = new Silence();
    const ports = silence.watch(await host.ports({ fleet, reporter: progress }));
    progress.useClock(ports.clock);
    const observation = await progress.whileReading(`looking at ${name}`, () => observe(ports, view));
    for (const line of silence.lines()) terminal.err(`${line}\n`);
    const settlement = settle(view, observation);
    const file = join(GROUPS_FOLDER, `${name}.yaml`);
    const change = changeOf(join(options.stamps, file), settlement);
    const written = change !== undefined && options.check !== true;
    const broken = written ? writeChecked(options.stamps, join(options.stamps, file), change) : [];
    const refused = hasErrors(settlement.findings) && !isSatisfied(settlement.findings);
    if (options.json === true) {
      printJson(terminal, {
        ok: !refused && broken.length === 0 && (change === undefined || written),
        ...settlement,
        findings: [...settlement.findings, ...broken],
        file,
        outdated: change !== undefined,
        written: written && broken.length === 0,
      });
    } else {
      if (change !== undefined) terminal.out(`--- ${join(options.stamps, file)}\n${diffLines(change.before, change.after)}`);
      printFindings(terminal.err, [...settlement.findings, ...broken]);
      if (broken.length > 0) terminal.err('nothing was written: the file would not be valid\n');
      else if (written) {
        terminal.out(`wrote ${join(options.stamps, file)}: commit it\n`);
        for (const next of settlement.next) terminal.out(`next: ${next}\n`);
      } else if (change !== undefined) terminal.out('run the same command without --check and commit what it writes\n');
    }
    if (refused) finish(EXIT_STOPPED);
    else finish(broken.length > 0 || (change !== undefined && !written) ? EXIT_FINDINGS : EXIT_OK);
  });
}

interface FileChange {
  readonly before: string;
  readonly after: string;
}

function changeOf(path: string, { change }: Settlement): FileChange | undefined {
  if (change === undefined) return undefined;
  const before = readFileSync(path, 'utf8');
  return { before, after: withPreferredRoles(before, change) };
}

/** Writes the file, reads the whole folder again, and takes the change back when the folder says something else is wrong now. */
function writeChecked(stamps: string, path: string, { before, after }: FileChange): ReturnType<typeof loadFleet>['findings'] {
  writeAtomically(path, after);
  const { findings } = loadFleet(stamps);
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (errors.length > 0) writeAtomically(path, before);
  return errors;
}
