import type { DrillSpec } from '../../config/drill/types';
import type { Attempt, Cancellation } from '../../ports';
import { percentOf, shareOf } from '../measure/outages';
import { DrillFailure } from './failure';
import type { DrillTarget } from './target';
import type { Watch } from './watch';

/** However fast the target is, clients have to have asked for so long, in seconds, before it can be said that they are served. */
const LEAST_HOLD = 3;
/** Attempts are logged as they end, but for those that end together: further back than this nobody has to look, in milliseconds. */
const SLACK_MS = 10_000;

export interface Steadiness {
  readonly holds: boolean;
  /** What was seen, in one line. */
  readonly saw: string;
}

/** Waits until every population has been served for a while without a break; says what was seen when that does not come. */
export async function steadyState(
  spec: DrillSpec,
  target: DrillTarget,
  watch: Watch,
  cancellation: Cancellation,
): Promise<Steadiness> {
  const { clock } = target.ports;
  const { success, hold, within } = spec.steadyState;
  const span = Math.max(LEAST_HOLD, hold / target.speed) * 1000;
  const begun = clock.now();
  const until = clock.monotonic() + within * 1000 + span;
  for (;;) {
    if (cancellation.level > 0) throw new DrillFailure('interrupted', 'stopped by the operator');
    const now = clock.now();
    const seen = served(spec, watch.attempts, now - span, success);
    if (seen.holds && now - begun >= span) return seen;
    if (clock.monotonic() >= until) return { holds: false, saw: seen.saw };
    await clock.sleep(target.lookEvery, cancellation);
  }
}

/** Whether every population has asked, and been answered well enough, since a moment in milliseconds since 1970. */
export function served(spec: DrillSpec, attempts: readonly Attempt[], since: number, success: number): Steadiness {
  const first = attempts.findLastIndex(({ endedAt }) => endedAt < since - SLACK_MS);
  const recent = attempts.slice(first + 1).filter(({ endedAt }) => endedAt >= since);
  const bad = spec.load.populations.flatMap(({ name }) => {
    const share = shareOf(recent.filter(({ population }) => population === name));
    if (share.total === 0) return [`${name} got no answer`];
    const percent = percentOf(share);
    return percent < success ? [`${name} ${Math.round(percent * 10) / 10} %`] : [];
  });
  if (bad.length === 0) return { holds: true, saw: `at least ${success} % of the attempts of every population succeed` };
  const latest = recent.findLast(({ outcome }) => outcome !== 'ok');
  const why = latest === undefined ? '' : ` (${latest.kind}: ${latest.error ?? String(latest.status ?? latest.outcome)})`;
  return { holds: false, saw: `${bad.join(', ')}${why}` };
}
