import { type OperationFinding, refuse } from '../finding-codes';
import type { Call, Plan } from '../plan';

/** What a recovery must not need, whatever plane it calls itself (R2). */
const NEVER = new Set(['route53', 'iam', 'sts', 'organizations', 'globalaccelerator', 'cloudfront']);
/** Operations that recover; the others happen when nothing is on fire. */
const RECOVERS = new Set(['evacuate', 'readmit', 'failover', 'failback', 'return', 'restore', 'cutover', 'abandon']);

/** Everything a plan needs to be answered. */
export function neededCalls(plan: Plan): Call[] {
  return [...plan.steps.flatMap((step) => step.calls), ...plan.bookkeeping].filter((call) => call.optional !== true);
}

/** R2 as a rule over data: no call to a Region that is to be avoided, to a global control plane, to Route 53 or to CloudFormation. */
export function planFindings(plan: Plan): OperationFinding[] {
  return neededCalls(plan).flatMap((call) => {
    const wrong =
      (plan.avoid.includes(call.region) && 'a Region that failed') ||
      (call.plane === 'global-control' && 'a global control plane') ||
      (NEVER.has(call.service) && 'a global service') ||
      (call.service === 'cloudformation' && RECOVERS.has(plan.operation) && 'CloudFormation');
    return wrong === false
      ? []
      : [
          refuse(
            'target-unreachable',
            plan.group,
            `the plan needs ${call.service} in ${call.region}: ${wrong}`,
            'This is a fault of the engine, or the Region that is to take over lies in what failed: report it',
          ),
        ];
  });
}
