import { type Handlers, type Place } from '../world';
import type { DynamoDbState } from './dynamodb-state';
import type { RdsState } from './rds-state';

const MINUTE = 60_000;

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

/** What was measured last: a value in the metric's own unit, and when its source was last heard. */
interface Measured {
  readonly value: number;
  readonly until: number;
}

/** CloudWatch's metrics about replication: one data point a minute, and none after the source has died. */
export function cloudwatch(rds: RdsState, tables: DynamoDbState): Handlers {
  const measure = (place: Place, query: Query): Measured | undefined => {
    const byQuery = /^SELECT \w+\((\w+)\) FROM "AWS\/RDS" WHERE DBClusterIdentifier = '([^']+)'$/.exec(query.Expression ?? '');
    if (byQuery !== null) return byQuery[1] === 'AuroraGlobalDBRPOLag' ? auroraLag(rds, place, byQuery[2] ?? '') : undefined;
    const metric = query.MetricStat?.Metric;
    const dimension = (name: string): string => metric?.Dimensions?.find((each) => each.Name === name)?.Value ?? '';
    if (metric?.Namespace !== 'AWS/DynamoDB' || metric.MetricName !== 'ReplicationLatency') return undefined;
    return tableLag(tables, place, dimension('TableName'), dimension('ReceivingRegion'));
  };
  return {
    GetMetricData: (call) => {
      const from = (call.input.StartTime as Date).getTime();
      const to = (call.input.EndTime as Date).getTime();
      return {
        MetricDataResults: (call.input.MetricDataQueries as readonly Query[]).map((query) => {
          const measured = measure(call, query);
          const points: number[] = [];
          // A minute is there once it is over; the newest comes first.
          for (let at = Math.floor(Math.min(to, measured?.until ?? 0) / MINUTE) * MINUTE - MINUTE; at >= from; at -= MINUTE)
            points.push(at);
          return {
            Id: query.Id,
            Label: query.Id,
            StatusCode: 'Complete',
            Timestamps: points.map((at) => new Date(at)),
            Values: points.map(() => measured?.value ?? 0),
          };
        }),
      };
    },
  };
}

function auroraLag(rds: RdsState, place: Place, id: string): Measured | undefined {
  const cluster = rds.cluster(place, id);
  const global = rds.globals.get(`${place.account}/${cluster?.global ?? ''}`);
  const writer = global?.members.find((each) => each.writer);
  if (writer === undefined || writer.region === place.region) return undefined;
  return { value: (rds.lagSeconds.get(`${place.region}/${id}`) ?? 1) * 1000, until: rds.world.lastSeen(writer.region) };
}

function tableLag(tables: DynamoDbState, place: Place, name: string, to: string): Measured | undefined {
  const table = tables.table(place, name);
  if (table?.strong !== false || !table.replicas.has(to) || to === place.region) return undefined;
  return { value: (tables.lagSeconds.get(`${place.region}>${to}`) ?? 1) * 1000, until: tables.world.lastSeen(to) };
}
