import type { GroupView } from '../group-view';
import type { Step } from '../plan';
import { call, step } from './step';
import { assumed } from './timing';

interface Place {
  readonly stamp: string;
  readonly region: string;
}

/** Waits until one Region's writes are in the other; the metric lives in the Region that sends. */
export function tableLagStep(
  view: GroupView,
  table: string,
  from: Place,
  to: Place,
  limit: number,
  after: readonly string[],
): Step {
  return step({
    id: `lag:${from.stamp}:${to.stamp}`,
    title: `Wait until writes of ${from.region} reach ${to.region} within ${limit} s`,
    after,
    action: { do: 'wait' },
    postcondition: [{ is: 'table-lag', from: from.region, to: to.region, table, seconds: limit }],
    calls: [call('cloudwatch', from.region, 'data'), call('dynamodb', from.region, 'data')],
    expected: assumed(view, 'dynamoDbReplicationLag'),
    timeout: 900,
  });
}
