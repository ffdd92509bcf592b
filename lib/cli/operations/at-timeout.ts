import type { Step } from '../../operations/plan';

/** What happens when a step's time is over, in a word or two. */
export function atTimeout(step: Pick<Step, 'compensation' | 'onFailure'>): string {
  if (step.onFailure === 'note') return 'goes on';
  return step.compensation === undefined ? 'stops' : 'undoes it, stops';
}
