import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { RemovalPolicy } from 'aws-cdk-lib';
import { StampKey } from '../../lib/constructs/stamp-key';
import { synthesizeChecked } from '../support/nag';
import { synthesize, synthesizeBothWays } from '../support/synth';

function keyTemplate() {
  return synthesizeBothWays((stack, values) => {
    new StampKey(stack, 'Key', { aliasName: values.names.keyAlias });
  });
}

interface KeyStatement {
  readonly Sid?: string;
  readonly Principal: { readonly Service?: string | string[]; readonly AWS?: string };
  readonly Action: string | string[];
  readonly Condition?: Record<string, Record<string, string>>;
}

function statements(): KeyStatement[] {
  const [key] = Object.values(keyTemplate().findResources('AWS::KMS::Key'));
  return key!.Properties.KeyPolicy.Statement as KeyStatement[];
}

describe('StampKey', () => {
  test('rotates and outlives the stack, and so does its alias', () => {
    const template = keyTemplate();
    template.hasResource('AWS::KMS::Key', {
      Properties: { EnableKeyRotation: true },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    template.hasResource('AWS::KMS::Alias', {
      Properties: { AliasName: 'alias/shop-enterprise-use1', TargetKeyId: Match.objectLike({ 'Fn::GetAtt': Match.anyValue() }) },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
  });

  test('can be removed with the stack when asked to', () => {
    const template = synthesize((stack) => {
      new StampKey(stack, 'Key', { aliasName: 'alias/short-lived', removalPolicy: RemovalPolicy.DESTROY });
    });
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
    template.hasResource('AWS::KMS::Alias', { DeletionPolicy: 'Delete' });
  });

  test('is administered by the account', () => {
    expect(statements().find((statement) => statement.Principal.AWS !== undefined)).toMatchObject({
      Action: 'kms:*',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
    });
  });

  test.each([
    ['LogGroups', 'kms:EncryptionContext:aws:logs:arn', 'arn:aws:logs:us-east-1:111111111111:log-group:*'],
    ['PublishToTopics', 'kms:EncryptionContext:aws:sns:topicArn', 'arn:aws:sns:us-east-1:111111111111:*'],
    ['SendToQueues', 'kms:EncryptionContext:aws:sqs:arn', 'arn:aws:sqs:us-east-1:111111111111:*'],
  ])('limits services to resources of its account and Region: %s', (sid, context, arn) => {
    expect(statements().find((statement) => statement.Sid === sid)?.Condition).toEqual({ ArnLike: { [context]: arn } });
  });

  test('lets no service administer, grant or schedule deletion', () => {
    const services = statements().filter((statement) => statement.Principal.Service !== undefined);
    expect(services).toHaveLength(3);
    for (const { Action } of services) {
      expect(
        [Action].flat().filter((action) => !/^kms:(Encrypt\*|Decrypt\*?|ReEncrypt\*|GenerateDataKey\*|Describe\*)$/.test(action)),
      ).toEqual([]);
    }
  });

  test.each([
    ['LogGroups', ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*']],
    ['PublishToTopics', ['kms:Decrypt', 'kms:GenerateDataKey*']],
    ['SendToQueues', ['kms:Decrypt', 'kms:GenerateDataKey*']],
  ])('allows the action families that the guide of the service asks for: %s', (sid, actions) => {
    expect(new Set(statements().find((statement) => statement.Sid === sid)?.Action)).toEqual(new Set(actions));
  });

  test('lets CloudWatch Logs of its own Region in', () => {
    const template = synthesize(
      (stack) => {
        new StampKey(stack, 'Key', { aliasName: 'alias/shop-enterprise-euw1' });
      },
      { region: 'eu-west-1' },
    );
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'logs.eu-west-1.amazonaws.com' } })]) },
    });
  });

  test.each(['shop-enterprise-use1', 'alias/', 'alias/aws/shop', 'alias/shop enterprise'])(
    'fails for the alias name %j',
    (aliasName) => {
      expect(() => synthesize((stack) => new StampKey(stack, 'Key', { aliasName }))).toThrow('KEY_ALIAS_PREFIX');
    },
  );

  test('passes the synth checks', () => {
    expect(synthesizeChecked((stack) => new StampKey(stack, 'Key', { aliasName: 'alias/shop' })).violations).toEqual([]);
  });
});
