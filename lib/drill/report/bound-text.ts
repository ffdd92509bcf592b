import type { Comparison } from '../measure/compare';
import { seconds } from '../measure/judge';
import type { Slowness } from '../measure/slowness';

/** A bound as it held, and, where the machine was slow, as it would have been otherwise; undefined without a bound. */
export function boundText({ bound, usualBound }: Comparison, slowness?: Slowness): string | undefined {
  if (bound === undefined) return undefined;
  if (usualBound === undefined || slowness === undefined || seconds(usualBound) === seconds(bound)) return seconds(bound);
  return `${seconds(bound)} at the machine's slowness of ${slowness.factor.toFixed(1)} (${seconds(usualBound)} without)`;
}
