import { Match } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { AlarmTopic } from '../../lib/constructs/alarm-topic';
import { synthesizeChecked } from '../support/nag';
import { synthesize, synthesizeBothWays } from '../support/synth';

const SUBSCRIPTIONS = ['mailto:oncall@example.com', 'https://events.example.com/stampkit'];

describe('AlarmTopic', () => {
  const template = synthesizeBothWays((stack) => {
    new AlarmTopic(stack, 'Topic', { subscriptions: SUBSCRIPTIONS });
  });

  test('mail addresses and URLs are subscribed', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'oncall@example.com' });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'https',
      Endpoint: 'https://events.example.com/stampkit',
    });
    template.resourceCountIs('AWS::SNS::Subscription', 2);
  });

  test('alarms of this account and Region may publish, over TLS only', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:*' } },
          }),
        ]),
      },
    });
  });

  test('passes the rule packs with a key', () => {
    const { violations } = synthesizeChecked((stack) => {
      const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
      new AlarmTopic(stack, 'Topic', { subscriptions: SUBSCRIPTIONS, encryptionKey });
    });
    expect(violations).toEqual([]);
  });

  test.each(['oncall@example.com', 'http://events.example.com', 'sms:+123'])(
    'fails with ALARM_SUBSCRIPTION for %s',
    (address) => {
      expect(() =>
        synthesize((stack) => {
          new AlarmTopic(stack, 'Topic', { subscriptions: [address] });
        }),
      ).toThrow('ALARM_SUBSCRIPTION');
    },
  );
});
