import type { DrillSpec } from '../../config/drill/types';
import type { Bound } from '../../resilience/bounds/types';
import { availability, type Series } from '../measure/buckets';
import { looseness, type Looseness } from '../measure/compare';
import { distribution, type Distribution } from '../measure/distribution';
import type { Judged, Limits } from '../measure/judge';
import type { Measurement } from '../measure/measurement';
import type { DrillEntry } from '../run/recorder';
import type { BoundsAt, DrillRun, DrillStatus } from '../run/run-drill';
import type { DrillFaultRecord } from '../run/step-runner';
import { followUps } from './follow-ups';
import { verdictLine, worstStatus } from './verdict';

/** Version of the JSON report; raised when a member changes its meaning or goes away. */
export const DRILL_REPORT_VERSION = 1 as const;

/** Where and with what a drill ran, as a report says it. */
export interface ReportContext {
  readonly target: 'lab' | 'aws';
  readonly speed: number;
  /** Exact command to repeat it. */
  readonly command: string;
  /** Versions, sizes, machine. */
  readonly environment: Readonly<Record<string, string>>;
  readonly bounds?: BoundsAt;
}

/** An operation as a report shows it. */
export interface OperationSummary {
  readonly step: string;
  readonly do: string;
  readonly outcome: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  /** Id in the journal of operations. */
  readonly operation?: string;
  readonly variant?: string;
  readonly detail: string;
  readonly steps: readonly {
    readonly step: string;
    readonly outcome: string;
    readonly seconds: number;
    readonly detail: string;
  }[];
}

/** One run of the drill. Times are ISO 8601. */
export interface RunReport {
  readonly status: DrillStatus;
  readonly detail: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly seed: number;
  readonly limits: Limits;
  readonly judged: readonly Judged[];
  readonly deviations: readonly string[];
  readonly measurement?: Measurement;
  readonly faults: readonly DrillFaultRecord[];
  readonly operations: readonly OperationSummary[];
  readonly journal: readonly DrillEntry[];
  /** Milliseconds since 1970: when the clocks of RTO and RPO started. */
  readonly faultAt?: number;
  readonly availability: readonly Series[];
}

/** A drill, once or several times, as plain data: what HTML, JUnit and history are made of. */
export interface DrillReport {
  readonly schemaVersion: typeof DRILL_REPORT_VERSION;
  readonly kind: 'drill-report';
  readonly drill: string;
  readonly description: string;
  readonly group: string;
  readonly failure?: string;
  readonly target: 'lab' | 'aws';
  readonly speed: number;
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The worst of the runs. */
  readonly status: DrillStatus;
  readonly verdict: string;
  /** ISO 8601, of the first run. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly runs: readonly RunReport[];
  /** Index in `runs` of the one that went worst. */
  readonly worst: number;
  /** Seconds. */
  readonly rto: Distribution;
  readonly rpo: Distribution;
  /** How loose the bounds are against the worst of the runs. */
  readonly looseness: { readonly rto?: Looseness; readonly rpo?: Looseness };
  /** Terms of the bound of the RTO of the worst run, scaled as the target ran and stretched by the slowness of its machine. */
  readonly terms: Bound['terms'];
  readonly followUps: readonly string[];
}

export function drillReport(spec: DrillSpec, runs: readonly DrillRun[], context: ReportContext): DrillReport {
  const rto = distribution(runs.map(({ measurement }) => measurement?.rto));
  const rpo = distribution(runs.map(({ measurement }) => measurement?.rows?.seconds));
  // Each run has the bound of its own machine's slowness: the worst is held against the one that it had.
  const boundsOf = (measured: (run: Measurement) => number | undefined, value: number | undefined) => {
    const run = runs.find(({ measurement }) => measurement !== undefined && measured(measurement) === value)?.measurement;
    return context.bounds?.(run?.slowness?.factor ?? 1);
  };
  const rtoSlack = looseness(rto.worst, boundsOf((run) => run.rto, rto.worst)?.rto);
  const rpoSlack = looseness(rpo.worst, boundsOf((run) => run.rows?.seconds, rpo.worst)?.rpo);
  const worst = worstRun(runs);
  const status = worstStatus(runs.map((run) => run.status));
  const iso = (at: number | undefined): string => new Date(at ?? 0).toISOString();
  const report = {
    schemaVersion: DRILL_REPORT_VERSION as typeof DRILL_REPORT_VERSION,
    kind: 'drill-report' as const,
    drill: spec.drill,
    description: spec.description,
    group: spec.group,
    ...(spec.failure !== undefined && { failure: spec.failure }),
    target: context.target,
    speed: context.speed,
    command: context.command,
    environment: context.environment,
    status,
    startedAt: iso(runs[0]?.startedAt),
    endedAt: iso(runs.at(-1)?.endedAt),
    runs: runs.map(runReport),
    worst,
    rto,
    rpo,
    looseness: { ...(rtoSlack && { rto: rtoSlack }), ...(rpoSlack && { rpo: rpoSlack }) },
    terms: runs[worst]?.measurement?.rtoTerms ?? [],
  };
  return { ...report, verdict: verdictLine(report), followUps: followUps(report) };
}

/** Never recovered is worse than any time. */
function worstRun(runs: readonly DrillRun[]): number {
  const order: readonly DrillStatus[] = ['completed', 'deviated', 'failed', 'interrupted', 'aborted'];
  const badness = (run: DrillRun): number =>
    order.indexOf(run.status) * 1e6 + (run.measurement === undefined ? 0 : (run.measurement.rto ?? 5e5));
  return runs.reduce((worst, run, index) => (badness(run) > badness(runs[worst] ?? run) ? index : worst), 0);
}

function runReport(run: DrillRun): RunReport {
  const { measurement, faultAt, method, attempts } = run;
  return {
    ...{
      status: run.status,
      detail: run.detail,
      seed: run.seed,
      limits: run.limits,
      judged: run.judged,
      deviations: run.deviations,
    },
    startedAt: new Date(run.startedAt).toISOString(),
    endedAt: new Date(run.endedAt).toISOString(),
    ...(measurement !== undefined && { measurement }),
    faults: run.faults,
    operations: run.operations.map(({ step, do: what, outcome, startedAt, endedAt, report, crashed, findings }) => ({
      step,
      do: what,
      outcome,
      startedAt: new Date(startedAt).toISOString(),
      seconds: (endedAt - startedAt) / 1000,
      ...((report?.operation ?? crashed) !== undefined && { operation: report?.operation ?? crashed ?? '' }),
      ...(report !== undefined && { variant: report.variant }),
      detail:
        report?.detail ?? (crashed === undefined ? findings.map(({ message }) => message).join('; ') : 'its process was killed'),
      steps: (report?.steps ?? []).map((each) => ({
        step: each.step,
        outcome: each.outcome,
        seconds: each.seconds,
        detail: each.detail,
      })),
    })),
    journal: run.journal,
    ...(faultAt !== undefined && { faultAt }),
    availability: method === undefined ? [] : availability(attempts, method.from - 5000, run.endedAt),
  };
}
