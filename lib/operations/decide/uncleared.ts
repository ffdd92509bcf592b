import { unreachableControls } from '../facts';
import type { StampObservation } from '../observation';

/** Control Regions that cannot be told now that a stamp is back: each may hold it out again when it answers. */
export function uncleared(stamp: StampObservation): string[] {
  return unreachableControls(stamp, []).map(
    (code) =>
      `pending clear: the switch of ${stamp.stamp} in ${code} could not be told; repeat \`stampkit readmit ${stamp.stamp}\` when it answers`,
  );
}
