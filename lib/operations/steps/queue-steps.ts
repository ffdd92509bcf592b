import { type GroupView, stampSpec } from '../group-view';
import type { Step } from '../plan';
import { call, step } from './step';

/**
 * The work that waited in a Region that was gone: dead letters back into the queue, then the queue worked off. Where the stamp's own
 * workers cannot write, the messages go to the stamp that can.
 */
export function queueSteps(view: GroupView, stamp: string, to: string | undefined, after: readonly string[]): Step[] {
  const spec = stampSpec(view, stamp);
  if (spec.shape.worker === undefined) return [];
  const here = call('sqs', spec.shape.region, 'data');
  const redrive = step({
    id: `redrive:${stamp}`,
    title: `Give the dead letters of ${stamp} another try`,
    after,
    action: { do: 'redrive', stamp },
    postcondition: [{ is: 'no-dead-letters', stamp }],
    onFailure: 'note',
    calls: [here],
    expected: { typical: 60, pessimistic: 600 },
  });
  const drain = step({
    id: `drain:${stamp}`,
    title: to === undefined ? `See the queue of ${stamp} worked off` : `Move the messages of ${stamp} to ${to}`,
    after: [redrive.id],
    action: to === undefined ? { do: 'wait' } : { do: 'forward-queue', from: stamp, to },
    postcondition: [{ is: 'queue-empty', stamp }],
    onFailure: 'note',
    calls: [here, ...(to === undefined ? [] : [call('sqs', stampSpec(view, to).shape.region, 'data')])],
    expected: { typical: 120, pessimistic: 1800 },
  });
  return [redrive, drain];
}
