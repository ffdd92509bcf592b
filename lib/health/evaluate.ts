import { entryOf } from '../entry-of';
import { judgeDatabase, type CheckVerdict, type DatabaseSettings } from './database';
import { worse, type FailReason, type HealthCheck, type HealthDocument, type HealthStatus } from './document';
import { stillValid, type HealthMemory } from './memory';
import { readService } from './observation';

/** Outcomes are `unknown` on purpose: the evaluation is total, so what a probe hands in needs no trust. See `ProbeOutcome`. */
export interface HealthInput {
  readonly stampId: string;
  /** Epoch milliseconds, from the caller's clock. */
  readonly now: number;
  readonly database: DatabaseSettings;
  readonly outcomes: {
    readonly compute: unknown;
    /** Writer endpoint, or the table; ignored without a database. */
    readonly writer?: unknown;
    /** Reader endpoint; ignored unless the database has a single writer. */
    readonly reader?: unknown;
    readonly dependencies: readonly DependencyOutcome[];
  };
  readonly memory: HealthMemory;
}

export interface DependencyOutcome {
  readonly name: string;
  /** Shared with other stamps. */
  readonly shared: boolean;
  readonly outcome: unknown;
}

/**
 * The truth table of a stamp's health (design 6). Pure and total: no clock, no state, and no outcome makes it throw.
 *
 * What fails closed (the stamp fails when in doubt) is only what this stamp does not share: its own compute, its own database
 * and its own dependencies, because then a peer can take over. Whatever stamps share fails open (warns), since failing all of them at
 * once helps nobody; and a probe that knows that it could not look (`unknown`) warns, since it says nothing about its subject.
 *
 * | Seen | Verdict |
 * | --- | --- |
 * | own compute does not serve, or every target is gone | fail |
 * | database writer unreachable, in the writer's stamp | warn for the writer's grace, then fail |
 * | nothing known of the role, and nothing answers | the same |
 * | replica answers and could be promoted | pass (whether the standby serves reads or nobody) |
 * | replica lags | warn |
 * | replica silent (after its grace), or it cannot be promoted | fail |
 * | shared dependency down | warn |
 * | own dependency down | fail |
 * | probe late, throwing or lying | that probe failed, with its cause |
 */
export function evaluateHealth(input: HealthInput): { document: HealthDocument; memory: HealthMemory } {
  const { now } = input;
  const memory = stillValid(input.memory, now, maxGapMilliseconds(input.database));
  const verdicts: [string, CheckVerdict][] = [];
  const reasons = new Set<FailReason>();

  verdicts.push(['compute', judgeService(input.outcomes.compute, true)]);
  if (verdicts[0]?.[1].status === 'fail') reasons.add('compute-down');

  const database = judgeDatabase(input.database, { writer: input.outcomes.writer, reader: input.outcomes.reader }, memory, now);
  if (database.checks.writer !== undefined) verdicts.push(['writer', database.checks.writer]);
  if (database.checks.reader !== undefined) verdicts.push(['reader', database.checks.reader]);
  for (const reason of database.reasons) reasons.add(reason);

  for (const dependency of input.outcomes.dependencies) {
    const verdict = judgeService(dependency.outcome, !dependency.shared);
    verdicts.push([`dependency:${dependency.name}`, verdict]);
    if (verdict.status === 'fail') reasons.add('dependency-down');
  }

  const checks = mergeByName(verdicts);
  const since = Object.fromEntries(
    [...checks].map(([name, verdict]) => [name, { status: verdict.status, since: sinceWhen(memory, name, verdict.status, now) }]),
  );
  const document: HealthDocument = {
    status: [...checks.values()].reduce<HealthStatus>((status, check) => worse(status, check.status), 'pass'),
    stampId: input.stampId,
    role: database.role,
    writable: database.writable,
    ...(database.lagSeconds !== undefined && { replicationLagSeconds: database.lagSeconds }),
    time: isoTime(now),
    reasons: [...reasons].sort(),
    checks: Object.fromEntries(
      [...checks].map(([name, verdict]): [string, HealthCheck] => [
        name,
        { ...verdict, since: isoTime(since[name]?.since ?? now) },
      ]),
    ),
  };
  return { document, memory: { evaluatedAt: now, ...database.memory, checks: since } };
}

/** `own`: it belongs to this stamp alone. */
function judgeService(outcome: unknown, own: boolean): CheckVerdict {
  const reading = readService(outcome);
  const down: HealthStatus = own ? 'fail' : 'warn';
  if (reading.kind === 'unknown') return { status: 'warn', message: `not known: ${reading.cause}` };
  if (reading.kind === 'failed') return { status: down, message: own ? reading.cause : `${reading.cause} (shared: never fails)` };
  const { serving, detail } = reading.answer;
  return { status: serving ? 'pass' : down, observed: serving, message: detail };
}

/** Two dependencies of one name are one check: the worse of them. */
function mergeByName(verdicts: readonly [string, CheckVerdict][]): Map<string, CheckVerdict> {
  const checks = new Map<string, CheckVerdict>();
  for (const [name, verdict] of verdicts) {
    const present = checks.get(name);
    if (present === undefined || worse(present.status, verdict.status) !== present.status) checks.set(name, verdict);
  }
  return checks;
}

function sinceWhen(memory: HealthMemory, name: string, status: HealthStatus, now: number): number {
  const last = entryOf(memory.checks, name);
  return last?.status === status ? last.since : now;
}

/** At least a minute: a grace of zero must not make every memory stale. */
function maxGapMilliseconds(settings: DatabaseSettings): number {
  return Math.max(60, settings.writerGraceSeconds, settings.replicaGraceSeconds ?? 0) * 1000;
}

/** Year 9999 at most, and the epoch for a clock that says nonsense: a document always has a time. */
function isoTime(milliseconds: number): string {
  const valid = Number.isFinite(milliseconds) && Math.abs(milliseconds) <= 8.64e15 ? milliseconds : 0;
  return new Date(valid).toISOString();
}
