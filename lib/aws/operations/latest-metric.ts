import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { LagReading } from '../../ports';
import type { AwsAccess } from '../call/access';

/** Seconds of a data point: replication lag is published every minute (aws-facts 4.1, 4.2). */
export const METRIC_PERIOD = 60;
/** How far back a last value is looked for, in milliseconds; queries of CloudWatch Metrics Insights reach no further. */
const WINDOW_MS = 3 * 3_600_000;

/**
 * The newest data point of a metric in milliseconds. A point stands for the minute that begins at its time stamp, so the source said it at
 * the end of that minute at the latest.
 *
 * @throws PortError
 */
export async function latestLag(
  { caller, clients, owners, clock }: AwsAccess,
  region: string,
  resource: string,
  query: Omit<MetricDataQuery, 'Id'>,
): Promise<LagReading | undefined> {
  const now = clock.now();
  const command = new GetMetricDataCommand({
    StartTime: new Date(now - WINDOW_MS),
    EndTime: new Date(now + METRIC_PERIOD * 1000),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: [{ Id: 'lag', ...query }],
  });
  const client = clients.of(CloudWatchClient, region, owners.resource(resource));
  const place = { service: 'cloudwatch', region, call: 'GetMetricData' };
  const { MetricDataResults } = await caller.read(place, (abortSignal) => client.send(command, { abortSignal }));
  const { Timestamps = [], Values = [] } = MetricDataResults?.[0] ?? {};
  const newest = Timestamps.map((at, index) => ({ at: at.getTime(), value: Values[index] ?? 0 })).sort((a, b) => b.at - a.at)[0];
  if (newest === undefined) return undefined;
  return { seconds: newest.value / 1000, at: Math.min(now, newest.at + METRIC_PERIOD * 1000) };
}
