import { Duration } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { expect, test } from 'vitest';
import { BackupResourceType, RestoreTestSchedule } from '../../lib/constructs/backup-settings';
import { RestoreTesting, type RestoreTestingProps } from '../../lib/constructs/restore-testing';
import { codeOf } from '../support/database-fixtures';
import { synthesize, synthesizeBothWays } from '../support/synth';

function templateOf(overrides: Partial<RestoreTestingProps> = {}): Template {
  return synthesize((stack) => {
    new RestoreTesting(stack, 'RestoreTesting', {
      planName: 'shop_enterprise_use1',
      schedule: RestoreTestSchedule.WEEKLY,
      vaultArn: 'arn:aws:backup:us-east-1:111111111111:backup-vault:shop-enterprise-use1',
      resourceType: BackupResourceType.AURORA,
      stampId: 'enterprise-use1',
      role: iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/backup'),
      ...overrides,
    });
  });
}

test('the plan is there before the selection that names it', () => {
  const template = templateOf();
  const [plan] = Object.keys(template.findResources('AWS::Backup::RestoreTestingPlan'));
  template.hasResource('AWS::Backup::RestoreTestingSelection', { DependsOn: [plan] });
});

test.each([
  [1, undefined],
  [168, undefined],
  [0, 'RESTORE_TEST_WINDOW'],
  [169, 'RESTORE_TEST_WINDOW'],
])('a validation window of %d hours: %s', (hours, code) => {
  expect(codeOf(() => templateOf({ validationWindow: Duration.hours(hours) }))).toBe(code);
});

test('fails without a schedule', () => {
  expect(codeOf(() => templateOf({ schedule: RestoreTestSchedule.NONE }))).toBe('RESTORE_TEST_SCHEDULE');
});

test('is the same with plain values and with tokens', () => {
  synthesizeBothWays((stack, values) => {
    new RestoreTesting(stack, 'RestoreTesting', {
      planName: values.names.restoreTestingPlan,
      schedule: RestoreTestSchedule.MONTHLY,
      vaultArn: values.backupCopyVaultArns[0]!,
      resourceType: BackupResourceType.DYNAMODB,
      stampId: values.names.stampId,
      role: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('backup.amazonaws.com') }),
    });
  });
});
