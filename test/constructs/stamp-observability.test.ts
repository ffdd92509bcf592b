import { runInNewContext } from 'node:vm';
import { Aws, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { StampObservability, type StampObservabilityProps } from '../../lib/constructs/stamp-observability';
import type { StampValues } from '../../lib/topology/types';
import { synthesizeChecked } from '../support/nag';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';

function alarm(stack: Stack, id: string): cloudwatch.Alarm {
  const metric = new cloudwatch.Metric({ namespace: 'Test', metricName: id });
  return new cloudwatch.Alarm(stack, id, { metric, threshold: 1, evaluationPeriods: 1 });
}

function observe(stack: Stack, values: StampValues, props: Partial<StampObservabilityProps> = {}): StampObservability {
  return new StampObservability(stack, 'Observability', {
    unhealthyAlarmName: values.names.unhealthyAlarm,
    criticalAlarms: [alarm(stack, 'Errors')],
    warningAlarms: [alarm(stack, 'Lag')],
    canaryName: values.names.stack,
    canaryUrls: [`https://${values.recordName}/healthz`],
    encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }),
    ...props,
  });
}

/** Runs the canary's script as Synthetics does, and returns the requests it asks for. */
async function runCanary(script: string, urls: string): Promise<unknown[]> {
  const requests: unknown[] = [];
  const synthetics = {
    executeHttpStep: (_name: string, request: unknown) => {
      requests.push(request);
      return Promise.resolve();
    },
  };
  const module = { handler: () => Promise.resolve() };
  runInNewContext(script, { exports: module, require: () => ({ synthetics }), process: { env: { CANARY_URLS: urls } }, URL });
  await module.handler();
  return requests;
}

describe('StampObservability', () => {
  const template = synthesizeBothWays(observe);

  test('the composite alarm has its name and goes off for critical alarms and the canary, not for margins', () => {
    template.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 1);
    const [composite] = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm'));
    expect(composite!['Properties'].AlarmName).toBe('shop-enterprise-use1-unhealthy');
    const rule = JSON.stringify(composite!['Properties'].AlarmRule);
    expect(rule).toContain('Errors');
    expect(rule).toContain('ObservabilityCanaryFailureAlarm');
    expect(rule).not.toContain('Lag');
  });

  test('every alarm notifies the encrypted, TLS-only topic when it goes off and when it is over', () => {
    for (const resource of Object.values(template.findResources('AWS::CloudWatch::Alarm'))) {
      expect(resource['Properties'].AlarmActions).toHaveLength(1);
      expect(resource['Properties'].OKActions).toHaveLength(1);
    }
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('the topic lets alarms of this account and Region publish, which its policy would otherwise forbid', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:*' } },
          }),
        ]),
      },
    });
  });

  test('the canary names itself: the common rule set of WAF blocks requests without a User-Agent', async () => {
    const [canary] = Object.values(template.findResources('AWS::Synthetics::Canary'));
    const requests = await runCanary(
      canary!['Properties'].Code.Script as string,
      'https://a.example.com/healthz https://b.example.com/',
    );
    expect(requests).toEqual([
      expect.objectContaining({ hostname: 'a.example.com', path: '/healthz', headers: { 'User-Agent': 'stampkit-canary' } }),
      expect.objectContaining({ hostname: 'b.example.com', path: '/', headers: { 'User-Agent': 'stampkit-canary' } }),
    ]);
  });

  test('the canary fetches the given URLs, and its silence counts as failure', () => {
    template.hasResourceProperties('AWS::Synthetics::Canary', {
      Name: 'shop-enterprise-use1',
      RunConfig: Match.objectLike({
        ActiveTracing: true,
        EnvironmentVariables: { CANARY_URLS: 'https://use1.enterprise.shop.example.com/healthz' },
      }),
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'SuccessPercent',
      TreatMissingData: 'breaching',
      EvaluationPeriods: 2,
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: Match.objectLike({ RestrictPublicBuckets: true }),
    });
  });

  test('a topic that is brought along is used instead of an own one', () => {
    const own = synthesize((stack) => {
      const topic = sns.Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:us-east-1:${Aws.ACCOUNT_ID}:pager`);
      observe(stack, EXAMPLE_VALUES, { alarmTopic: topic });
    });
    own.resourceCountIs('AWS::SNS::Topic', 0);
    own.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      AlarmActions: [Match.objectLike({ 'Fn::Join': Match.anyValue() })],
    });
  });

  test('without a canary name there is no canary', () => {
    const bare = synthesize((stack) => {
      new StampObservability(stack, 'Observability', {
        unhealthyAlarmName: 'x-unhealthy',
        criticalAlarms: [alarm(stack, 'Errors')],
      });
    });
    bare.resourceCountIs('AWS::Synthetics::Canary', 0);
  });

  test.each([
    ['OBSERVABILITY_WITHOUT_ALARMS', { criticalAlarms: [] }],
    ['OBSERVABILITY_CANARY_WITHOUT_URLS', { canaryUrls: [] }],
  ])('fails with %s', (code, props) => {
    expect(() => synthesize((stack) => void observe(stack, EXAMPLE_VALUES, props))).toThrow(code);
  });

  test('passes cdk-nag and the CloudFormation validation', () => {
    const { violations } = synthesizeChecked((stack) => void observe(stack, EXAMPLE_VALUES));
    expect(violations).toEqual([]);
  });
});
