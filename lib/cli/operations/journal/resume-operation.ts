import { CancellationSource } from '../../../operations/execute/cancellation';
import { exitCode } from '../../../operations/execute/operation-report';
import { resume } from '../../../operations/execute/resume';
import { highestToken } from '../../../operations/facts';
import type { GroupView } from '../../../operations/group-view';
import { observe } from '../../../operations/observe/observe';
import { planTable } from '../../../operations/render-plan';
import type { OperationPorts } from '../../../ports';
import { printFindings, printJson } from '../../command';
import { counted, EXIT_OK, EXIT_STOPPED, type Terminal } from '../../terminal';
import type { OperationsHost } from '../host';
import { untilStopped } from '../interrupts';
import type { JsonLines } from '../json-lines';
import type { Progress } from '../progress';
import { renderReport } from '../render-report';
import { indented } from '../render-plan';
import { isOver, readOperation, type RecordedOperation } from './read-operation';

export interface ResumeRun {
  readonly terminal: Terminal;
  readonly host: OperationsHost;
  readonly ports: OperationPorts;
  readonly progress: Progress;
  /** Present for `--go --json`. */
  readonly lines: JsonLines | undefined;
  readonly view: GroupView;
  readonly operation: string;
  readonly go: boolean;
  readonly json: boolean;
  readonly breakGlass?: string;
  /** True when the control table has said no: it is not silent, and a lease may be held in it. */
  readonly tableDenied: () => boolean;
}

/** Shows what is left of an operation; with `go` does it, under a new token. */
export async function resumeOperation(run: ResumeRun): Promise<number> {
  const { terminal, host, ports, progress, lines, view, operation, breakGlass } = run;
  const recorded = await progress.whileReading(`reading ${operation}`, () => readOperation(ports, view, operation));
  if (isOver(recorded) || !run.go) {
    if (run.json) (lines === undefined ? printJson : printLine(lines))(terminal, documentOf(recorded));
    else terminal.out(leftText(recorded));
    return EXIT_OK;
  }
  if (breakGlass !== undefined && run.tableDenied()) {
    const message = `you may not read the control table, so you cannot know who else works on ${view.group.name}`;
    if (run.json)
      (lines === undefined ? printJson : printLine(lines))(terminal, { ok: false, result: 'refused', detail: message });
    terminal.err(`refused: ${message}. Use credentials of the operator role\n`);
    return EXIT_STOPPED;
  }
  lines?.line('plan', { ...documentOf(recorded) });
  const cancellation = new CancellationSource();
  progress.usePlan(recorded.plan);
  if (lines === undefined) progress.start();
  const say = (text: string): void => {
    if (lines === undefined) progress.say(text);
    else terminal.err(`${text}\n`);
  };
  try {
    const report = await untilStopped(host, cancellation, say, async () => {
      const above = highestToken(await observe(ports, view));
      return resume(ports, {
        view,
        operation,
        identity: host.identity(),
        cancellation,
        above,
        ...(breakGlass !== undefined && { breakGlass }),
      });
    });
    progress.stop();
    if (lines !== undefined) lines.line('report', { ...report });
    else {
      if (report.result === 'refused') printFindings(terminal.err, report.findings);
      terminal.out(renderReport(report));
    }
    if (cancellation.level === 2) host.leave(exitCode(report));
    return exitCode(report);
  } finally {
    progress.stop();
  }
}

function printLine(lines: JsonLines): typeof printJson {
  return (_terminal, document) => {
    lines.line('report', document);
  };
}

function documentOf(recorded: RecordedOperation): Readonly<Record<string, unknown>> {
  const { operation, plan, left, outcomes, end } = recorded;
  return {
    ok: true,
    operation,
    over: isOver(recorded),
    hash: plan.hash,
    plan,
    outcomes: [...outcomes.values()],
    left: left.map((step) => step.id),
    ...(end !== undefined && { end }),
  };
}

function leftText(recorded: RecordedOperation): string {
  const { operation, plan, left, outcomes, end } = recorded;
  if (isOver(recorded)) return `${operation} has ended (${end?.detail ?? ''}): nothing is left to resume\n`;
  const done = plan.steps.length - left.length;
  const lines = left.flatMap((step) => {
    const before = outcomes.get(step.id);
    const was = before === undefined ? '' : ` (${before.outcome}: ${before.detail})`;
    return indented(`${step.id}: ${step.title}${was}`, 2);
  });
  return `${[
    `${planTable(plan).title}: ${done} of ${counted(plan.steps.length, 'step')} are over`,
    'left, each looked at before anything is done again:',
    ...lines,
    '',
    'Nothing was changed. To go on:',
    `  npx stampkit journal resume ${operation} --go`,
  ].join('\n')}\n`;
}
