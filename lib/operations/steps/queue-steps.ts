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
  return [redrive, to === undefined ? workedOff(view, stamp, [redrive.id]) : forwardStep(view, stamp, to, [redrive.id])];
}

function workedOff(view: GroupView, stamp: string, after: readonly string[]): Step {
  return step({
    ...drain(stamp, after),
    title: `See the queue of ${stamp} worked off`,
    action: { do: 'wait' },
    calls: [call('sqs', stampSpec(view, stamp).shape.region, 'data')],
  });
}

/** What waits in one stamp's queue goes to another's, whose workers can write. Never holds an operation up. */
export function forwardStep(view: GroupView, from: string, to: string, after: readonly string[]): Step {
  return step({
    ...drain(from, after),
    title: `Move the messages of ${from} to ${to}`,
    action: { do: 'forward-queue', from, to },
    calls: [call('sqs', stampSpec(view, from).shape.region, 'data'), call('sqs', stampSpec(view, to).shape.region, 'data')],
  });
}

function drain(stamp: string, after: readonly string[]) {
  return {
    id: `drain:${stamp}`,
    after,
    postcondition: [{ is: 'queue-empty', stamp }] as const,
    onFailure: 'note' as const,
    expected: { typical: 120, pessimistic: 1800 },
  };
}

/** After a planned move: what its clients had left for workers that cannot write any more. */
export function leftBehind(view: GroupView, from: string, to: string, after: readonly string[]): Step[] {
  if (stampSpec(view, from).shape.worker === undefined) return [];
  return [{ ...forwardStep(view, from, to, after), expected: { typical: 10, pessimistic: 300 } }];
}
