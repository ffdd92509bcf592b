import type { OperationPorts } from '../../ports';
import { prepare } from '../decide/prepare';
import { type OperationFinding, refuse } from '../finding-codes';
import type { GroupView } from '../group-view';
import type { JournalEntry } from '../journal/journal-entry';
import { observe } from '../observe/observe';
import type { Action, Plan } from '../plan';
import type { Identity } from './execute';
import { OVER } from './run-plan';

/** Actions that cannot be taken back, and actions that users feel. A plan is decided by the first kind that it has. */
const DECISIVE: readonly ReadonlySet<Action['do']>[] = [
  new Set(['switchover', 'failover', 'detach']),
  new Set(['put-switch', 'write-pointer', 'delete-restored']),
];

export interface ResumeJudgement {
  readonly view: GroupView;
  readonly plan: Plan;
  readonly history: readonly JournalEntry[];
  readonly operation: string;
  readonly identity: Identity;
  readonly breakGlass: boolean;
}

/**
 * Whether an operation may still be gone on with. Hours may lie between a crash and its resumption: before the step that matters, the world
 * has to lead to the same way again, and nothing may speak against it. Once that step has begun, going on is safer than stopping halfway.
 */
export async function judgeResume(ports: OperationPorts, given: ResumeJudgement): Promise<readonly OperationFinding[]> {
  const { view, plan, history, operation, identity, breakGlass } = given;
  const open = decided(plan, history);
  if (open && !breakGlass) return [];
  const observation = await observe(ports, view, plan.operation === 'restore' ? { backups: true } : {});
  if (breakGlass && observation.controlTable.length > 0) {
    const answering = observation.controlTable.join(', ');
    return [
      refuse(
        'break-glass',
        plan.group,
        `the control table answers in ${answering}: there is no reason to break the glass`,
        'Leave --break-glass out',
      ),
    ];
  }
  if (open) return [];
  const options = { now: ports.clock.now(), holder: identity.holder, supersedes: operation, breakGlass };
  const { decision, findings, plan: now } = prepare(plan.request, view, observation, options, ports.sha256);
  const errors = findings.filter((finding) => finding.severity === 'error' && finding.code !== 'already-there');
  const instead = `Look at what would be done now, and replace this one: the same command again with --supersede ${operation}`;
  if (errors.length > 0) return errors.map((finding) => ({ ...finding, fix: `${finding.fix}. Or: ${instead}` }));
  // A promotion that came to its end after all leaves the traffic to be moved, which is the rest of this plan.
  if (decision.kind === 'go' && now?.variant !== plan.variant && decision.variant !== 'traffic') {
    return [
      refuse(
        'plan-changed',
        plan.group,
        `${operation} was planned as ${plan.variant}; today it would be ${decision.variant}: ${decision.reasons.join('; ')}`,
        instead,
      ),
    ];
  }
  return [];
}

/** True when a decisive step was begun and nobody knows that it failed, or when there is none. */
function decided(plan: Plan, history: readonly JournalEntry[]): boolean {
  const kind = DECISIVE.find((each) => plan.steps.some((step) => each.has(step.action.do)));
  if (kind === undefined) return true;
  const begun = new Set<string>();
  for (const entry of history) {
    if (entry.kind === 'intent' || (entry.kind === 'outcome' && OVER.has(entry.outcome))) begun.add(entry.step);
    else if (entry.kind === 'outcome') begun.delete(entry.step);
  }
  return plan.steps.some((step) => kind.has(step.action.do) && begun.has(step.id));
}
