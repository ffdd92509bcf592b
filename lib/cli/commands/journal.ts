import { type Command, Option } from 'commander';
import { StampError } from '../../errors';
import { viewOf } from '../../operations/group-view';
import { reconcile } from '../../operations/journal/reconcile';
import type { OperationPorts } from '../../ports';
import type { Fleet } from '../../topology/types';
import { type CommandContext, type CommonOptions, printJson, withCommonOptions } from '../command';
import { fleetOf } from '../operations/fleet-of';
import { groupOf } from '../operations/group-of';
import type { OperationsHost } from '../operations/host';
import { JsonLines } from '../operations/json-lines';
import { listJournal } from '../operations/journal/list-journal';
import { groupNameOf, groupOfOperation } from '../operations/journal/operation-id';
import { readOperation } from '../operations/journal/read-operation';
import { renderJournalList, renderOperation } from '../operations/journal/render-journal';
import { resumeOperation } from '../operations/journal/resume-operation';
import { Progress } from '../operations/progress';
import { Silence } from '../operations/silence';
import { EXIT_OK, type Terminal } from '../terminal';

const ACTIONS = ['list', 'show', 'resume', 'reconcile'] as const;
type Action = (typeof ACTIONS)[number];

interface JournalOptions extends CommonOptions {
  readonly go?: boolean;
  readonly breakGlass?: boolean;
  readonly reason?: string;
}

/** `stampkit journal`: what operations did, going on after a crash, and bringing home what only one machine knows. */
export function registerJournal(program: Command, context: CommandContext, host: OperationsHost): void {
  const { terminal, finish } = context;
  const command = program
    .command('journal')
    .argument('<action>', ACTIONS.join(', '))
    .argument('[what]', 'list: a group; otherwise the id of an operation')
    .option('--go', 'resume, reconcile: do it; without this nothing changes')
    .option('--break-glass', 'resume: without a lease, while no replica of the control table answers; needs --reason')
    .addOption(new Option('--reason <text>', 'with --break-glass: why'));
  withCommonOptions(command, 'npx stampkit journal list enterprise').action(
    async (action: string, what: string | undefined, options: JournalOptions) => {
      const wanted = actionOf(action);
      const glass = breakGlassOf(wanted, options);
      const fleet = fleetOf(terminal, finish, options);
      if (fleet === undefined) return;
      const json = options.json === true;
      const lines = json && wanted === 'resume' && options.go === true ? new JsonLines(terminal) : undefined;
      const progress = new Progress(terminal, host);
      const silence = new Silence();
      const ask = async (): Promise<OperationPorts> => {
        const ports = silence.watch(await host.ports({ fleet, reporter: lines ?? progress }));
        progress.useClock(ports.clock);
        return ports;
      };
      const code = await run(
        { terminal, host, fleet, what, json, lines, progress, ask, go: options.go === true, glass, silence },
        wanted,
      );
      for (const line of silence.lines()) terminal.err(`${line}\n`);
      finish(code);
    },
  );
}

interface JournalRun {
  readonly terminal: Terminal;
  readonly host: OperationsHost;
  readonly fleet: Fleet;
  readonly what: string | undefined;
  readonly json: boolean;
  readonly go: boolean;
  readonly lines: JsonLines | undefined;
  readonly progress: Progress;
  readonly ask: () => Promise<OperationPorts>;
  readonly glass: string | undefined;
  readonly silence: Silence;
}

async function run(given: JournalRun, action: Action): Promise<number> {
  const { terminal, fleet, what, json, progress, ask } = given;
  if (action === 'list') {
    const groups = what === undefined ? fleet.groups : [groupOf(fleet, what)];
    const ports = await ask();
    const list = await progress.whileReading('reading journals', () => listJournal(ports, fleet, groups));
    if (json) printJson(terminal, { ok: list.silent.length === 0, ...list });
    else terminal.out(renderJournalList(list));
    return EXIT_OK;
  }
  if (action === 'reconcile') return reconcileAll(given);
  const operation = idOf(action, what);
  const view = viewOf(fleet, groupOfOperation(fleet, operation).name);
  if (action === 'resume') {
    const { glass, silence, ...rest } = given;
    return resumeOperation({
      ...rest,
      ports: await ask(),
      view,
      operation,
      tableDenied: () => silence.wasDenied('controlTable'),
      ...(glass !== undefined && { breakGlass: glass }),
    });
  }
  const recorded = await readOperation(await ask(), view, operation);
  if (json)
    printJson(terminal, {
      ok: true,
      ...recorded,
      outcomes: [...recorded.outcomes.values()],
      left: recorded.left.map((step) => step.id),
    });
  else terminal.out(renderOperation(recorded));
  return EXIT_OK;
}

/** Brings what only this machine knows into the control table: of one operation, or of all that it has. */
async function reconcileAll({ terminal, fleet, what, json, go, ask }: JournalRun): Promise<number> {
  const ports = await ask();
  // What is left of groups that are gone is nobody's to bring anywhere.
  const mine = (id: string): boolean => fleet.groups.some((group) => group.name === groupNameOf(id));
  const wanted = what === undefined ? (await ports.localJournal.list()).filter(mine) : [what];
  const found: { readonly operation: string; readonly entries: number }[] = [];
  for (const operation of wanted) {
    const view = viewOf(fleet, groupOfOperation(fleet, operation).name);
    const { onlyHere, tableAnswered } = await readOperation(ports, view, operation);
    if (!tableAnswered)
      throw new StampError(
        'CONTROL_TABLE_UNREACHABLE',
        `no replica of the control table answers for ${operation}`,
        'Run it again when one does: nothing is lost meanwhile, this machine keeps the journal.',
      );
    if (onlyHere === 0) continue;
    found.push({ operation, entries: go ? await reconcile(ports, view, operation) : onlyHere });
  }
  if (json) {
    printJson(terminal, { ok: true, written: go, operations: found });
    return EXIT_OK;
  }
  for (const { operation, entries } of found)
    terminal.out(`${operation}: ${entries} entries ${go ? 'brought into' : 'are not in'} the control table\n`);
  if (found.length === 0) terminal.out('the control table has everything that this machine knows\n');
  else if (!go)
    terminal.out(
      `Nothing was changed. To bring them there:\n  npx stampkit journal reconcile${what === undefined ? '' : ` ${what}`} --go\n`,
    );
  return EXIT_OK;
}

function actionOf(text: string): Action {
  const action = ACTIONS.find((each) => each === text);
  if (action !== undefined) return action;
  throw new StampError('USAGE', `journal ${text}`, `Say one of: journal ${ACTIONS.join(', journal ')}.`);
}

function idOf(action: Action, what: string | undefined): string {
  if (what !== undefined) return what;
  throw new StampError('USAGE', `journal ${action} without an id`, 'Name the operation: stampkit journal list shows them.');
}

function breakGlassOf(action: Action, { breakGlass, reason, go }: JournalOptions): string | undefined {
  const why = (reason ?? '').replace(/[\p{C}\s]+/gu, ' ').trim();
  if (go === true && (action === 'list' || action === 'show'))
    throw new StampError('USAGE', `journal ${action} with --go`, 'It only reads: leave --go out.');
  if (breakGlass !== true) {
    if (reason !== undefined)
      throw new StampError('USAGE', '--reason without --break-glass', 'The reason is in the plan already.');
    return undefined;
  }
  if (action !== 'resume')
    throw new StampError('USAGE', `journal ${action} with --break-glass`, 'Only a resumed operation needs it.');
  if (why === '')
    throw new StampError('USAGE', '--break-glass without --reason', 'Say why you know that nobody else works on the group.');
  return why;
}
