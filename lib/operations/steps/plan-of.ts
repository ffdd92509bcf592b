import type { Sha256 } from '../../ports';
import { compareText } from '../../order';
import { sealPlan } from '../canonical';
import type { GroupView } from '../group-view';
import type { Call, Plan, Step } from '../plan';
import type { OperationRequest } from '../request';
import { call } from './step';

export interface PlanParts {
  readonly request: OperationRequest;
  readonly variant: string;
  readonly steps: readonly Step[];
  readonly avoid: readonly string[];
  readonly pending?: readonly string[];
}

/** Sorts, fills in the calls of lease and journal, and seals. */
export function planOf(view: GroupView, parts: PlanParts, sha256: Sha256): Plan {
  const avoid = [...new Set(parts.avoid)].sort(compareText);
  const bookkeeping: Call[] = view.fleet.control.table.replicaRegions
    .filter((region) => !avoid.includes(region))
    .map((region) => call('dynamodb', region, 'data'));
  return sealPlan(
    {
      schemaVersion: 1,
      operation: parts.request.operation,
      group: view.group.name,
      variant: parts.variant,
      request: parts.request,
      steps: inOrder(parts.steps).map((each) => ({
        ...each,
        calls: each.calls.filter((one) => one.optional !== true || one.service !== 'dynamodb' || !avoid.includes(one.region)),
      })),
      avoid,
      bookkeeping,
      pending: [...(parts.pending ?? [])],
    },
    sha256,
  );
}

/**
 * Topological order, among equals by id.
 *
 * @throws Error for a step that waits for one that does not exist, or for itself
 */
export function inOrder(steps: readonly Step[]): Step[] {
  const left = [...steps].sort((a, b) => compareText(a.id, b.id));
  const done = new Set<string>();
  const ordered: Step[] = [];
  while (left.length > 0) {
    const at = left.findIndex((each) => each.after.every((id) => done.has(id)));
    const [next] = at < 0 ? [] : left.splice(at, 1);
    if (next === undefined) throw new Error(`steps that never begin: ${left.map((each) => each.id).join(', ')}`);
    if (done.has(next.id)) throw new Error(`two steps are called ${next.id}`);
    done.add(next.id);
    ordered.push(next);
  }
  return ordered;
}
