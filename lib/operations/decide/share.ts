import { type GroupView, peakFloors, templateFloors } from '../group-view';
import type { StampSpec } from '../../topology/types';
import type { CapacityFloors } from '../plan';

/**
 * What a stamp has to have running when `serving` stamps of its group are in service. The template of an active-active stamp already
 * counts the loss of one peer; with more gone nobody knows who takes how much, so each has to be able to carry the whole peak. In an
 * active-passive group the one that serves carries everything.
 */
export function shareFloors(view: GroupView, stamp: StampSpec, serving: number): CapacityFloors {
  const { group } = view;
  if (group.mode === 'active-passive') return peakFloors(view, stamp);
  return serving >= group.stamps.length - 1 && group.stamps.length > 2
    ? templateFloors(stamp)
    : serving >= group.stamps.length
      ? templateFloors(stamp)
      : peakFloors(view, stamp);
}
