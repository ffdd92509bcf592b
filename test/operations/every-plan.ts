import { prepare } from '../../lib/operations/decide/prepare';
import { viewOf } from '../../lib/operations/group-view';
import { canonicalJson } from '../../lib/operations/canonical';
import type { Condition, Plan } from '../../lib/operations/plan';
import type { OperationRequest } from '../../lib/operations/request';
import { neededCalls } from '../../lib/operations/safety/plan-rules';
import type { TenantGroup } from '../../lib/topology/types';
import { EPOCH } from '../fakes/world';
import { everySeen, observationOf, RESTORE, type Seen } from './observations';
import { FLEET, groupOf, REASON } from './support';

function requestsOf(group: TenantGroup): OperationRequest[] {
  const { name } = group;
  const reason = REASON;
  return [
    ...group.stamps.flatMap((stamp): OperationRequest[] => [
      { operation: 'evacuate', group: name, stamp: stamp.id, reason },
      { operation: 'readmit', group: name, stamp: stamp.id, reason },
      { operation: 'return', group: name, stamp: stamp.id, reason },
      { operation: 'failover', group: name, to: stamp.regionCode, reason },
      { operation: 'failover', group: name, to: stamp.regionCode, reason, allowDataLoss: true },
      { operation: 'rehome', group: name, lost: stamp.regionCode, reason },
    ]),
    { operation: 'failback', group: name, reason },
    { operation: 'restore', group: name, at: EPOCH, reason },
    { operation: 'restore', group: name, at: EPOCH, test: true, reason },
    { operation: 'cutover', group: name, restore: RESTORE, reason },
    { operation: 'abandon', group: name, restore: RESTORE, reason },
  ];
}

/** Regions that a condition or an action names: they must be among the calls that the step declares. */
function namedRegions(plan: Plan): string[] {
  const regions: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        if (
          ['region', 'from', 'to', 'oldRegion', 'newRegion'].includes(key) &&
          typeof inner === 'string' &&
          /^[a-z]+-[a-z]+-\d$/.test(inner)
        )
          regions.push(inner);
        else visit(inner);
      }
    }
  };
  for (const step of plan.steps) visit([step.action, step.precondition, step.postcondition, step.compensation]);
  return regions;
}

/** Stamps that a step asks or changes, by the calls that this means. */
function touchedStamps(conditions: readonly Condition[]): string[] {
  return conditions.flatMap((each) => ('stamp' in each && each.is !== 'switch' ? [each.stamp] : []));
}

const failed = (group: TenantGroup, seen: Seen): string[] =>
  group.stamps.filter((stamp) => seen.states[stamp.id] === 'gone').map((stamp) => stamp.shape.region);

export interface EveryPlan {
  readonly plans: number;
  /** `operation/variant`, sorted. */
  readonly variants: readonly string[];
  readonly problems: readonly string[];
}

/** Makes every plan of a group and lists what none of them may do. */
export function everyPlan(name: string, crossed: boolean): EveryPlan {
  const group = groupOf(name);
  const view = viewOf(FLEET, name);
  const regionOf = new Map(group.stamps.map((stamp) => [stamp.id, stamp.shape.region]));
  const requests = requestsOf(group);
  const seenVariants = new Set<string>();
  const problems = new Set<string>();
  let plans = 0;
  for (const seen of everySeen(group, crossed)) {
    const observation = observationOf(group, seen);
    const gone = failed(group, seen);
    for (const request of requests) {
      const prepared = prepare(request, view, observation, { now: EPOCH + 1000 }, () => 'hash');
      const { plan } = prepared;
      if (plan === undefined) {
        if (prepared.findings.some((finding) => finding.fix === '' || finding.message === ''))
          problems.add(`${request.operation}: a refusal without a way out`);
        continue;
      }
      if (!prepared.allowed) continue;
      plans += 1;
      seenVariants.add(`${plan.operation}/${plan.variant}`);
      const at = { toString: () => `${plan.operation}/${plan.variant} ${canonicalJson(seen)}` }.toString;
      for (const call of neededCalls(plan)) {
        if (gone.includes(call.region) || plan.avoid.includes(call.region))
          problems.add(`${at()}: ${call.service} in ${call.region}`);
        if (call.plane === 'global-control') problems.add(`${at()}: global control plane`);
        if (['route53', 'iam', 'cloudfront'].includes(call.service)) problems.add(`${at()}: ${call.service}`);
        if (call.service === 'cloudformation' && plan.operation !== 'rehome') problems.add(`${at()}: cloudformation`);
      }
      for (const region of namedRegions(plan)) if (gone.includes(region)) problems.add(`${at()}: names ${region}`);
      for (const step of plan.steps) {
        const declared = new Set(step.calls.map((call) => call.region));
        for (const stamp of touchedStamps([...step.precondition, ...step.postcondition])) {
          if (!declared.has(regionOf.get(stamp)!)) problems.add(`${at()}: ${step.id} looks at ${stamp} and does not declare it`);
        }
        if (step.action.do === 'put-switch' && step.action.controls.some((code) => !seen.controls.includes(code)))
          problems.add(`${at()}: ${step.id} needs a silent control Region`);
        if (step.timeout < step.expected.pessimistic) problems.add(`${at()}: ${step.id} gives up before its pessimistic time`);
      }
    }
  }
  return { plans, variants: [...seenVariants].sort(), problems: [...problems] };
}
