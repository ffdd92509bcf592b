import { definedOf, type ResourceView } from '../resource-view';
import type { Drafts } from './drafts';
import { numberOr } from './number-or';
import type { Reader } from './reader';

/** Functions, alarms and database pointers. */
export const OPERATION_READERS: Readonly<Record<string, Reader>> = {
  'AWS::Lambda::Function': readFunction,
  'AWS::CloudWatch::Alarm': readAlarm,
  'AWS::CloudWatch::CompositeAlarm': readCompositeAlarm,
  'AWS::SSM::Parameter': readPointer,
};

function readFunction(view: ResourceView, drafts: Drafts): void {
  drafts.functions.push(
    view.fact({
      name: view.name(),
      arn: view.attribute('Arn'),
      runtime: view.at('Runtime').text(),
      reservedConcurrency: view.at('ReservedConcurrentExecutions').number(),
      timeout: numberOr(view.at('Timeout'), 3),
      environment: view.at('Environment', 'Variables').textMembers({ quietly: true }),
      availabilityZones: [],
      subnets: view.at('VpcConfig', 'SubnetIds').texts(),
    }),
  );
}

function readAlarm(view: ResourceView, drafts: Drafts): void {
  const metrics = view.at('Metrics').items();
  const only = metrics.length === 1 ? metrics[0] : undefined;
  const metric = only?.at('MetricStat', 'Metric') ?? view.properties;
  const stat = only?.at('MetricStat') ?? view.properties;
  drafts.alarms.push(
    view.fact({
      name: view.name(),
      arn: view.attribute('Arn'),
      kind: 'metric' as const,
      namespace: metric.at('Namespace').text(),
      metric: metric.at('MetricName').text(),
      dimensions: Object.fromEntries(
        metric
          .at('Dimensions')
          .items()
          .map((dimension) => [dimension.at('Name').text() ?? '', dimension.at('Value').text() ?? '']),
      ),
      statistic: stat.at(only === undefined ? 'Statistic' : 'Stat').text(),
      comparison: view.at('ComparisonOperator').text(),
      threshold: view.at('Threshold').number(),
      period: stat.at('Period').number() ?? metrics.flatMap((item) => item.at('MetricStat', 'Period').number() ?? [])[0],
      evaluationPeriods: view.at('EvaluationPeriods').number(),
      datapointsToAlarm: view.at('DatapointsToAlarm').number(),
      missingData: view.at('TreatMissingData').text() ?? 'missing',
      actions: view.at('AlarmActions').items().length,
    }),
  );
}

function readCompositeAlarm(view: ResourceView, drafts: Drafts): void {
  drafts.alarms.push(
    view.fact({
      name: view.name(),
      arn: view.attribute('Arn'),
      kind: 'composite' as const,
      dimensions: {},
      missingData: 'missing',
      actions: view.at('AlarmActions').items().length,
    }),
  );
}

/** A parameter is a pointer when its content is one: JSON with an `engine` (the application contract). */
function readPointer(view: ResourceView, drafts: Drafts): void {
  if (!/^\/stampkit\/.*\/database$/.test(view.name())) return;
  const content = contentOf(view.at('Value').text());
  if (content === undefined) return;
  const text = (key: string): string | undefined => (typeof content[key] === 'string' ? content[key] : undefined);
  drafts.pointers.push(
    view.fact(
      definedOf({
        name: view.name(),
        engine: text('engine'),
        writer: text('writer'),
        reader: text('reader'),
        table: text('table'),
        port: typeof content['port'] === 'number' ? content['port'] : undefined,
        databaseName: text('name'),
      }),
    ),
  );
}

function contentOf(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
