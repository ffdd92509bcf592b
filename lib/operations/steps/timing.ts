import { assumedValue, type AssumptionName } from '../../facts/assumptions';
import type { GroupView } from '../group-view';
import type { Duration } from '../plan';

/** TTL of an alias to a load balancer, in seconds (aws-facts 1.6). */
const ALIAS_TTL = 60;
/** A step is given up after this many times its pessimistic duration, and not before {@link LEAST_TIMEOUT}. */
const PATIENCE = 2;
const LEAST_TIMEOUT = 120;

/** An assumption as the fleet has it, in seconds. */
export function assumed(view: GroupView, name: AssumptionName): Duration {
  return assumedValue(name, view.fleet.assumptions);
}

export function sum(...durations: readonly Duration[]): Duration {
  return {
    typical: durations.reduce((total, each) => total + each.typical, 0),
    pessimistic: durations.reduce((total, each) => total + each.pessimistic, 0),
  };
}

export function seconds(typical: number, pessimistic = typical): Duration {
  return { typical, pessimistic };
}

export function timeoutFor(expected: Duration): number {
  return Math.max(LEAST_TIMEOUT, Math.ceil(expected.pessimistic * PATIENCE));
}

/** From the changed switch to the changed answer at a resolver: three failed string matches, propagation, one TTL (aws-facts 10.2). */
export function switchToAnswer(view: GroupView): Duration {
  const detect = seconds(3 * 10, 3 * (10 + assumed(view, 'checkerTimeoutStringMatch').pessimistic));
  return sum(detect, assumed(view, 'statusPropagation'), seconds(ALIAS_TTL));
}
