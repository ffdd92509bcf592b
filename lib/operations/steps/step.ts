import { compareText } from '../../order';
import type { Call, Plane, Step } from '../plan';
import { timeoutFor } from './timing';

export function call(service: string, region: string, plane: Plane, optional = false): Call {
  return { service, region, plane, ...(optional && { optional }) };
}

/** A step with what is usually so filled in; lists are sorted, so that equal decisions give equal bytes. */
export function step(
  given: Pick<Step, 'id' | 'title' | 'action' | 'calls' | 'expected'> &
    Partial<Pick<Step, 'after' | 'precondition' | 'postcondition' | 'timeout' | 'compensation' | 'onFailure' | 'cleanup'>>,
): Step {
  return {
    id: given.id,
    title: given.title,
    after: [...(given.after ?? [])].sort(compareText),
    precondition: given.precondition ?? [],
    action: given.action,
    postcondition: given.postcondition ?? [],
    timeout: given.timeout ?? timeoutFor(given.expected),
    ...(given.compensation !== undefined && { compensation: given.compensation }),
    onFailure: given.onFailure ?? 'stop',
    ...(given.cleanup === true && { cleanup: true }),
    calls: sortedCalls(given.calls),
    expected: given.expected,
  };
}

function sortedCalls(calls: readonly Call[]): Call[] {
  const unique = new Map(calls.map((each) => [JSON.stringify([each.service, each.region, each.plane, each.optional]), each]));
  return [...unique.values()].sort(
    (a, b) => compareText(a.service, b.service) || compareText(a.region, b.region) || compareText(a.plane, b.plane),
  );
}
