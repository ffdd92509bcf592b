import { go, lookAndPrepare, type Looked, type RequestOptions } from '../../operations/engine';
import { CancellationSource } from '../../operations/execute/cancellation';
import { exitCode, type OperationReport } from '../../operations/execute/operation-report';
import { type OperationFinding, refuse } from '../../operations/finding-codes';
import type { Plan } from '../../operations/plan';
import type { OperationRequest } from '../../operations/request';
import type { OperationPorts } from '../../ports';
import type { Fleet } from '../../topology/types';
import { hasErrors } from '../../findings';
import { printFindings, printJson } from '../command';
import { EXIT_OK, EXIT_STOPPED, type Terminal } from '../terminal';
import { type Change, SHORT_HASH } from './change-options';
import { withoutGlass } from './denied-table';
import type { OperationsHost } from './host';
import { untilStopped } from './interrupts';
import { JsonLines } from './json-lines';
import { Progress } from './progress';
import { Silence } from './silence';
import { planLine, renderPlan } from './render-plan';
import { renderReport } from './render-report';

export interface ChangeRun {
  readonly terminal: Terminal;
  readonly host: OperationsHost;
  readonly fleet: Fleet;
  readonly request: OperationRequest;
  readonly change: Change;
  /** Command line that shows the plan, without `--go`: printed with the hash as what to do next. */
  readonly commandLine: string;
}

/** Codes of refusals that mean: it is as you want it. A script that asks twice has not failed. */
const SATISFIED = new Set(['already-there']);

/**
 * The one way of every changing command: look, decide, show the plan with its hash; with `--go` run exactly that plan.
 *
 * @returns exit code: 0 done or nothing to do, 1 a step failed, 3 refused or stopped
 */
export async function runChange(run: ChangeRun): Promise<number> {
  const { terminal, host, fleet, request, change } = run;
  const progress = new Progress(terminal, host);
  const lines = change.json && change.go ? new JsonLines(terminal) : undefined;
  const silence = new Silence();
  const ports = silence.watch(await host.ports({ fleet, reporter: lines ?? progress }));
  progress.useClock(ports.clock);
  const options: RequestOptions = {
    identity: host.identity(),
    ...(change.supersedes !== undefined && { supersedes: change.supersedes }),
    ...(change.breakGlass !== undefined && { breakGlass: change.breakGlass }),
  };
  const looked = await progress.whileReading(`looking at ${request.group}`, () => lookAndPrepare(ports, fleet, request, options));
  for (const line of silence.lines()) terminal.err(`${line}\n`);
  const wrong = change.plan === undefined ? undefined : otherPlan(request.group, change.plan, looked.plan);
  const known = withoutGlass(request.group, looked.findings, silence, change.breakGlass !== undefined);
  const findings = wrong === undefined ? known : [...known, wrong];
  const allowed = !hasErrors(findings);
  const satisfied = wrong === undefined && isSatisfied(looked.findings);
  if (!change.go || !allowed || looked.plan === undefined) {
    const code = satisfied || (looked.plan !== undefined && allowed) ? EXIT_OK : EXIT_STOPPED;
    if (lines !== undefined)
      lines.line('report', {
        ...document(request, looked, findings, code, satisfied),
        result: satisfied ? 'satisfied' : 'refused',
      });
    else if (change.json) printJson(terminal, document(request, looked, findings, code, satisfied));
    else show(run, looked, findings, { allowed, satisfied });
    return code;
  }
  if (lines !== undefined) lines.line('plan', { plan: looked.plan, findings });
  else {
    terminal.out(change.plan === undefined ? `${renderPlan(looked.plan, looked.decision)}\n` : planLine(looked.plan));
    printFindings(terminal.err, findings);
  }
  const cancellation = new CancellationSource();
  const report = await carryOut(run, ports, progress, looked, { ...options, hash: looked.plan.hash, cancellation });
  if (lines !== undefined) lines.line('report', { ...report });
  else {
    // What refused it after the plan was shown is news; what came with the plan is not.
    if (report.result === 'refused')
      printFindings(
        terminal.err,
        report.findings.filter((each) => !findings.includes(each)),
      );
    terminal.out(renderReport(report));
  }
  if (cancellation.level === 2) host.leave(exitCode(report));
  return exitCode(report);
}

async function carryOut(
  { host, fleet, terminal, change }: ChangeRun,
  ports: OperationPorts,
  progress: Progress,
  looked: Looked,
  options: Parameters<typeof go>[3] & { readonly cancellation: CancellationSource },
): Promise<OperationReport> {
  if (looked.plan !== undefined) progress.usePlan(looked.plan);
  if (!change.json) progress.start();
  const say = (text: string): void => {
    if (change.json) terminal.err(`${text}\n`);
    else progress.say(text);
  };
  try {
    return await untilStopped(host, options.cancellation, say, async () => {
      const report = await go(ports, fleet, looked, options);
      if (report === undefined) throw new Error('a plan that was shown is gone');
      return report;
    });
  } finally {
    progress.stop();
  }
}

function otherPlan(group: string, wanted: string, plan: Plan | undefined): OperationFinding | undefined {
  if (plan?.hash.startsWith(wanted) === true) return undefined;
  return refuse(
    'plan-changed',
    group,
    `--plan says ${wanted.slice(0, SHORT_HASH)}, and the plan is ${plan?.hash.slice(0, SHORT_HASH) ?? 'none any more'} now`,
    'Read the new plan (run the command without --go), then go with its hash',
  );
}

/** Refused for no other reason than that it is as it should be. */
export function isSatisfied(findings: readonly OperationFinding[]): boolean {
  const errors = findings.filter((finding) => finding.severity === 'error');
  return errors.length > 0 && errors.every((finding) => SATISFIED.has(finding.code));
}

function document(
  request: OperationRequest,
  looked: Looked,
  findings: readonly OperationFinding[],
  code: number,
  satisfied: boolean,
): Readonly<Record<string, unknown>> {
  return {
    ok: code === EXIT_OK,
    request,
    satisfied,
    allowed: code === EXIT_OK && !satisfied,
    ...(looked.plan !== undefined && { hash: looked.plan.hash, plan: looked.plan }),
    ...(looked.decision.kind === 'go' && { reasons: looked.decision.reasons }),
    findings,
    observedAt: new Date(looked.observation.observedAt).toISOString(),
  };
}

function show(
  { terminal, commandLine, change, request }: ChangeRun,
  looked: Looked,
  findings: readonly OperationFinding[],
  { allowed, satisfied }: { readonly allowed: boolean; readonly satisfied: boolean },
): void {
  if (satisfied) {
    const done = findings.filter((finding) => SATISFIED.has(finding.code)).map((finding) => `${finding.message}: nothing to do`);
    terminal.out(`${done.join('\n')}\n`);
    return;
  }
  if (looked.plan !== undefined) terminal.out(`${renderPlan(looked.plan, looked.decision)}\n`);
  printFindings(terminal.err, findings);
  if (!allowed || looked.plan === undefined) {
    terminal.err(
      `refused: ${request.operation} of ${request.group} ${change.go ? 'was not begun' : 'could not begin'}; nothing was changed\n`,
    );
    return;
  }
  terminal.out(
    `Nothing was changed. To do exactly this:\n  ${commandLine} --go --plan ${looked.plan.hash.slice(0, SHORT_HASH)}\n`,
  );
}
