import { compareText } from '../../order';
import type { DrillStatus } from '../run/run-drill';

/** One past report, as far as a list needs it. */
export interface PastRun {
  readonly drill: string;
  readonly target: string;
  readonly speed: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly status: DrillStatus;
  readonly runs: number;
  /** Seconds, the worst of its runs; absent when it never ended or was not measured. */
  readonly rto?: number;
  readonly rpo?: number;
  /** Seconds that the proof allowed for the RTO. */
  readonly bound?: number;
}

/** How the RTO goes from run to run; only runs on one target at one speed can be compared. */
export interface Trend {
  readonly drill: string;
  readonly target: string;
  readonly speed: number;
  /** Oldest first. */
  readonly runs: readonly PastRun[];
  readonly direction: 'better' | 'worse' | 'steady' | 'unknown';
  /** Seconds: the newest, and the median of those before. */
  readonly newest?: number;
  readonly before?: number;
}

/** What a stored report says, or undefined when it is none. */
export function pastRun(value: unknown): PastRun | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const report = value as Partial<Record<string, unknown>>;
  if (report.kind !== 'drill-report' || report.schemaVersion !== 1) return undefined;
  const { drill, target, speed, startedAt, status, runs, worst } = report;
  if (typeof drill !== 'string' || typeof target !== 'string' || typeof speed !== 'number') return undefined;
  if (typeof startedAt !== 'string' || typeof status !== 'string' || !Array.isArray(runs)) return undefined;
  const rto = worstOf(report.rto);
  const rpo = worstOf(report.rpo);
  const run = (runs as readonly { measurement?: { rtoComparison?: { bound?: unknown } } }[])[
    typeof worst === 'number' ? worst : 0
  ];
  const bound = run?.measurement?.rtoComparison?.bound;
  return {
    ...{ drill, target, speed, startedAt, status: status as DrillStatus, runs: runs.length },
    ...(rto !== undefined && { rto }),
    ...(rpo !== undefined && { rpo }),
    ...(typeof bound === 'number' && { bound }),
  };
}

/** Past runs by drill, target and speed, each with its trend: a tenth more or less than before is steady. */
export function trends(past: readonly PastRun[]): Trend[] {
  const groups = new Map<string, PastRun[]>();
  for (const run of past) {
    const key = `${run.drill} ${run.target} ${run.speed}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, all]) => {
      const runs = all.sort((a, b) => compareText(a.startedAt, b.startedAt));
      const [first] = runs;
      if (first === undefined) return [];
      const newest = runs.at(-1)?.rto;
      const before = median(runs.slice(0, -1).flatMap(({ rto }) => rto ?? []));
      return [
        {
          ...{ drill: first.drill, target: first.target, speed: first.speed, runs },
          direction: direction(newest, before),
          ...(newest !== undefined && { newest }),
          ...(before !== undefined && { before }),
        },
      ];
    });
}

function direction(newest: number | undefined, before: number | undefined): Trend['direction'] {
  if (newest === undefined || before === undefined) return 'unknown';
  if (newest > before * 1.1) return 'worse';
  return newest < before * 0.9 ? 'better' : 'steady';
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

function worstOf(value: unknown): number | undefined {
  const worst = typeof value === 'object' && value !== null && 'worst' in value ? value.worst : undefined;
  return typeof worst === 'number' ? worst : undefined;
}
