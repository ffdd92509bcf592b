import { type Counters, onePerRegion } from '../counter';
import { listOf } from '../template-reader';

/** Topics, events, alarms, canaries and logs. */
export const MESSAGING_COUNTERS: Counters = {
  ...onePerRegion({
    'AWS::SNS::Topic': 'topics',
    'AWS::StepFunctions::StateMachine': 'stateMachines',
    'AWS::Synthetics::Canary': 'canaries',
    'AWS::Logs::LogGroup': 'logGroups',
  }),
  'AWS::Events::Rule': ({ properties, template }, count) => {
    count.inResource('eventRules', template.identity(properties['EventBusName'] ?? 'default'));
  },
  'AWS::CloudWatch::Alarm': ({ properties, template, logicalId }, count) => {
    const most = Math.max(...ACTIONS.map((property) => listOf(properties[property]).length));
    if (most > 0) count.inResource('actionsPerAlarm', template.idOf(logicalId), most);
  },
  'AWS::CloudWatch::CompositeAlarm': ({ properties, template, logicalId }, count) => {
    const id = template.idOf(logicalId);
    const most = Math.max(...ACTIONS.map((property) => listOf(properties[property]).length));
    if (most > 0) count.inResource('actionsPerAlarm', id, most);
    const children = JSON.stringify(properties['AlarmRule'] ?? '').match(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\(/g) ?? [];
    count.inResource('childrenPerCompositeAlarm', id, children.length);
  },
};

const ACTIONS = ['AlarmActions', 'OKActions', 'InsufficientDataActions'] as const;
