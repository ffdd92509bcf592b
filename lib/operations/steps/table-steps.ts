import type { GroupView } from '../group-view';
import type { Step } from '../plan';
import { call, step } from './step';
import { assumed, sum } from './timing';

interface Place {
  readonly stamp: string;
  readonly region: string;
}

/**
 * Waits until one Region's writes are in the other; the metric lives in the Region that sends, and has no data while nobody writes. Evidence:
 * what has not arrived yet does arrive (aws-facts 4.2), so that a silent metric delays a move and does not stop it.
 */
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
    onFailure: 'note',
    expected: sum(assumed(view, 'dynamoDbReplicationLag'), assumed(view, 'metricDelay')),
  });
}
