import type { Cancellation, OperationPorts } from '../../ports';
import { hasErrors } from '../../findings';
import { planHash } from '../canonical';
import { type OperationFinding, refuse } from '../finding-codes';
import type { GroupView } from '../group-view';
import { Journal } from '../journal/journal';
import type { JournalEntry } from '../journal/journal-entry';
import { noteOperation, noteReplaced } from '../journal/operation-index';
import { reconcileDark } from '../journal/reconcile';
import type { ControlReplicas } from '../lease/control-replicas';
import { breakGlassHold, type Hold } from '../lease/hold';
import { whileBeating } from '../lease/heartbeat';
import { acquireLease } from '../lease/lease';
import type { Plan } from '../plan';
import { report } from './context';
import { controlReplicas } from './control';
import { finish, refused } from './finish';
import type { OperationReport } from './operation-report';
import { runPlan } from './run-plan';

export interface Identity {
  /** Who, for people. */
  readonly operator: string;
  /** Unique per process. */
  readonly holder: string;
}

export interface ExecuteOptions {
  readonly view: GroupView;
  readonly plan: Plan;
  /** Hash that the operator was shown; anything else is refused. */
  readonly hash: string;
  readonly findings: readonly OperationFinding[];
  readonly identity: Identity;
  readonly cancellation: Cancellation;
  /** Observes, decides and judges again, under the lease: what another operator did in between changes the plan. */
  readonly again: () => Promise<{ readonly plan: Plan | undefined; readonly findings: readonly OperationFinding[] }>;
  /** Highest token of any switch that was seen: ours is higher. */
  readonly above: number;
  /** Why there is no lease; only when no control Region answers. */
  readonly breakGlass?: string;
  /** Unfinished operation that this one replaces; its journal is closed. */
  readonly supersedes?: string;
  /** False: do not wait for a silent holder's lease to run out. */
  readonly patient?: boolean;
}

/** Id of an operation: sorts by time, and no two processes make the same. */
export function operationId(ports: Pick<OperationPorts, 'clock' | 'sha256'>, plan: Plan, holder: string): string {
  const time = new Date(ports.clock.now()).toISOString().replace(/[-:]/g, '').slice(0, 15);
  return `${time}-${plan.operation}-${plan.group}-${ports.sha256(`${holder} ${plan.hash} ${ports.clock.monotonic()}`).slice(0, 6)}`;
}

/**
 * Carries out exactly the plan whose hash was shown: lease, a second look under it, journal, steps, report. Nothing changes before
 * all of them agree.
 */
export async function execute(ports: OperationPorts, options: ExecuteOptions): Promise<OperationReport> {
  const { plan, identity, view } = options;
  const actual = planHash(plan, ports.sha256);
  if (actual !== options.hash || plan.hash !== actual)
    return refused(plan, [...options.findings, changed(plan, options.hash, actual)]);
  if (hasErrors(options.findings)) return refused(plan, options.findings);
  const operation = operationId(ports, plan, identity.holder);
  const replicas = options.breakGlass === undefined ? controlReplicas(ports, view, plan) : undefined;
  if (replicas !== undefined) await reconcileDark(ports, view);
  const hold = await takeHold(ports, options, operation, replicas);
  if ('refusal' in hold) return refused(plan, [...options.findings, hold.refusal]);
  const second = await options.again().catch(async (error: unknown) => {
    await hold.release(options.supersedes);
    throw error;
  });
  const problem = second.plan?.hash === plan.hash ? undefined : changed(plan, plan.hash, second.plan?.hash);
  if (problem !== undefined || hasErrors(second.findings)) {
    await hold.release(options.supersedes);
    return refused(plan, problem === undefined ? second.findings : [...second.findings, problem]);
  }
  const journal = new Journal(ports.localJournal, ports.clock, { operation, token: hold.token, ...(replicas && { replicas }) });
  const entry = { kind: 'begin', plan, operator: identity.operator, findings: second.findings } as const;
  try {
    if (options.supersedes !== undefined) await supersede(ports, options, hold, options.supersedes, operation, replicas);
    await journal.append(
      options.breakGlass === undefined ? entry : { ...entry, breakGlass: options.breakGlass },
      replicas !== undefined,
    );
  } catch (error) {
    await hold.release(options.supersedes);
    throw error;
  }
  const begun = new Date(ports.clock.now()).toISOString();
  const summary = { operation, kind: plan.operation, variant: plan.variant, operator: identity.operator, begun, hash: plan.hash };
  if (replicas !== undefined) await noteOperation(replicas, plan.group, summary).catch(() => undefined);
  return carryOut(ports, { ...options, findings: second.findings }, { operation, hold, journal, history: [], begun, replicas });
}

export interface Started {
  readonly operation: string;
  readonly hold: Hold;
  readonly journal: Journal;
  readonly history: readonly JournalEntry[];
  /** ISO 8601 of the first beginning. */
  readonly begun: string;
  readonly replicas: ControlReplicas | undefined;
}

/** Runs the steps and ends the operation; shared with resumed ones. */
export async function carryOut(
  ports: OperationPorts,
  options: Pick<ExecuteOptions, 'view' | 'plan' | 'findings' | 'identity' | 'cancellation'>,
  started: Started,
): Promise<OperationReport> {
  const { plan, view, cancellation } = options;
  const { operation, hold, journal, history } = started;
  report(ports, {
    level: 'info',
    code: 'operation-started',
    message: `${plan.operation} of ${plan.group} (${plan.variant})`,
    data: { operation, hash: plan.hash },
  });
  let halted = false;
  const halt = (): void => {
    halted = true;
  };
  const stopped = (): boolean => halted || cancellation.level === 2;
  const run = { ports, view, plan, operation, hold, stopped };
  try {
    return await whileBeating(hold, ports.clock, halt, async () => {
      const outcome = await orStopped(runPlan({ run, journal, cancellation, history, halt }), cancellation);
      return finish(ports, options, started, outcome);
    });
  } catch (error) {
    // What broke the run, such as a full disk, leaves an operation that somebody has to go on with.
    await hold.release(operation);
    throw error;
  }
}

/** The second Ctrl-C does not wait for anything. */
async function orStopped<T>(work: Promise<T>, cancellation: Cancellation): Promise<T | 'stopped'> {
  let off = (): void => undefined;
  const stop = new Promise<'stopped'>((resolve) => {
    const check = (): void => {
      if (cancellation.level === 2) resolve('stopped');
    };
    off = cancellation.onRaise(check);
    check();
  });
  try {
    return await Promise.race([work, stop]);
  } finally {
    off();
    work.catch(() => undefined);
  }
}

async function takeHold(
  ports: OperationPorts,
  options: ExecuteOptions,
  operation: string,
  replicas: ControlReplicas | undefined,
): Promise<Hold | { readonly refusal: OperationFinding }> {
  const { plan, identity } = options;
  if (replicas === undefined) return breakGlassHold({ token: options.above + 1, operator: identity.operator, operation });
  const result = await acquireLease(replicas, ports.clock, {
    group: plan.group,
    operation,
    ...identity,
    above: options.above,
    patient: options.patient ?? true,
    yields: plan.operation === 'restore',
    ...(options.supersedes !== undefined && { takesOver: options.supersedes }),
    cancelled: () => options.cancellation.level > 0,
    onWait: (record, waited) => {
      report(ports, {
        level: 'info',
        code: 'lease-wait',
        message: `${record.operator} holds the lease of ${plan.group}; silent for ${Math.round(waited / 1000)} s`,
      });
    },
  }).catch((error: unknown) => ({ kind: 'silent' as const, error }));
  switch (result.kind) {
    case 'acquired':
      return result.lease;
    case 'held':
      return { refusal: inProgress(plan.group, result.record.operator, result.record.unfinished) };
    case 'unfinished':
      return { refusal: unfinished(plan.group, result.record.operator, result.record.unfinished ?? '') };
    case 'over':
      throw new Error('only a resumed operation can be over');
    case 'silent':
      return { refusal: noTable(plan.group, result.error) };
  }
}

/** Closes the journal of the operation that this one replaces. */
async function supersede(
  ports: OperationPorts,
  { plan }: ExecuteOptions,
  hold: Hold,
  old: string,
  operation: string,
  replicas: ControlReplicas | undefined,
): Promise<void> {
  const journal = new Journal(ports.localJournal, ports.clock, {
    operation: old,
    token: hold.token,
    ...(replicas && { replicas }),
  });
  await journal.append({ kind: 'end', result: 'aborted', detail: `replaced by ${operation}` });
  if (replicas !== undefined) await noteReplaced(replicas, plan.group, old, new Date(ports.clock.now()).toISOString());
}

function changed(plan: Plan, shown: string, actual: string | undefined): OperationFinding {
  return refuse(
    'plan-changed',
    plan.group,
    `the plan is ${actual?.slice(0, 12) ?? 'none any more'} now, and ${shown.slice(0, 12)} was shown`,
    'Read the new plan (run the command without --go), then go with its hash',
  );
}

export function inProgress(group: string, operator: string, operation: string | undefined): OperationFinding {
  return refuse(
    'operation-in-progress',
    group,
    `${operator} works on ${group}${operation === undefined ? '' : ` (${operation})`}`,
    'Talk to them, or wait: a holder that is silent for the time of the lease loses it',
  );
}

export function unfinished(group: string, operator: string, operation: string): OperationFinding {
  return refuse(
    'unfinished-operation',
    group,
    `${operation} by ${operator} was begun and has not ended`,
    `Go on with it (stampkit journal resume ${operation}), or replace it by naming it with --supersede`,
  );
}

export function noTable(group: string, error: unknown): OperationFinding {
  const why = error instanceof Error ? error.message : String(error);
  return refuse(
    'control-table-unreachable',
    group,
    `no replica of the control table answers: ${why}`,
    'Without it nobody can say who else works on the group. When you know that you are alone: --break-glass --reason "..."',
  );
}
