import { describe, expect, test } from 'vitest';
import type { TemplateResource } from '../../lib/assembly/read-assembly';
import { findPrerequisites } from '../../lib/preflight/prerequisites';
import { stacksOf } from './assembly';

const of = (Type: string, Properties: Record<string, unknown>): TemplateResource => ({ Type, Properties });

function names(resources: TemplateResource[], kind: string, region = 'us-east-1'): string[] {
  return findPrerequisites(stacksOf({ a: { region, resources } }))
    .filter((prerequisite) => prerequisite.kind === kind)
    .map(({ name }) => name);
}

describe('findPrerequisites', () => {
  test('each environment is bootstrapped once', () => {
    const found = findPrerequisites(
      stacksOf({
        a: { resources: [] },
        b: { resources: [] },
        c: { region: 'eu-west-1', resources: [] },
        d: { account: '222222222222', resources: [] },
      }),
    );
    expect(found.map(({ name }) => name)).toEqual([
      'aws://111111111111/eu-west-1',
      'aws://111111111111/us-east-1',
      'aws://222222222222/us-east-1',
    ]);
  });

  test('Regions that have to be enabled', () => {
    expect(names([], 'region-opt-in', 'af-south-1')).toEqual(['af-south-1']);
    expect(names([], 'region-opt-in', 'us-east-1')).toEqual([]);
  });

  test('zones of records, images and secrets of tasks, transit gateways, addresses that confirm', () => {
    const resources = [
      of('AWS::Route53::RecordSet', { HostedZoneId: 'Z1' }),
      of('AWS::Route53::RecordSet', { HostedZoneId: { Ref: 'Zone' } }),
      of('AWS::ECS::TaskDefinition', {
        ContainerDefinitions: [
          {
            Image: 'registry/web:1',
            Secrets: [
              { ValueFrom: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:shop/key:password::' },
              { ValueFrom: { Ref: 'Secret' } },
              { ValueFrom: 'arn:aws:ssm:us-east-1:111111111111:parameter/x' },
            ],
          },
        ],
      }),
      of('AWS::EC2::TransitGatewayAttachment', { TransitGatewayId: 'tgw-1' }),
      of('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'oncall@example.com' }),
      of('AWS::SNS::Subscription', { Protocol: 'lambda', Endpoint: 'arn:aws:lambda:x' }),
    ];
    expect(names(resources, 'hosted-zone')).toEqual(['Z1']);
    expect(names(resources, 'image')).toEqual(['registry/web:1']);
    expect(names(resources, 'secret')).toEqual(['shop/key']);
    expect(names(resources, 'transit-gateway')).toEqual(['tgw-1']);
    expect(names(resources, 'subscription')).toEqual(['oncall@example.com']);
  });

  test('vaults that copies go to, unless the fleet makes them', () => {
    const copyTo = (...arns: string[]): TemplateResource =>
      of('AWS::Backup::BackupPlan', {
        BackupPlan: {
          BackupPlanRule: [{ CopyActions: arns.map((DestinationBackupVaultArn) => ({ DestinationBackupVaultArn })) }],
        },
      });
    const own = 'arn:aws:backup:us-east-1:111111111111:backup-vault:own';
    const theirs = 'arn:aws:backup:eu-west-1:999999999999:backup-vault:theirs';
    expect(names([copyTo(own, theirs), of('AWS::Backup::BackupVault', { BackupVaultName: 'own' })], 'backup-vault')).toEqual([
      theirs,
    ]);
  });
});
