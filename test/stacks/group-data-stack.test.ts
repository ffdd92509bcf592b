import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { AuroraConfig, DatabaseConfig, DynamoDbConfig } from '../../lib/config/types';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { GroupDataStack, hasDataStack } from '../../lib/stacks/group-data-stack';
import { groupNames } from '../../lib/topology/names';
import type { BackupShape, PreferredRole, TenantGroup } from '../../lib/topology/types';
import { codeOf, expectRetained, found, propertiesOf } from '../support/database-fixtures';
import { ENTERPRISE, exampleFleet, exampleGroup, INTERNAL, POOL, type ExampleGroup } from '../support/fleet';
import { synthesizeAppChecked } from '../support/nag';

const { regions } = exampleFleet();

const AURORA: AuroraConfig = {
  engine: 'aurora-postgresql',
  version: '16.8',
  name: 'app',
  serverless: { minAcu: 8, maxAcu: 32, readers: 1 },
};
const DYNAMODB: DynamoDbConfig = {
  engine: 'dynamodb',
  consistency: 'eventual',
  partitionKey: { name: 'tenant', type: 'string' },
  sortKey: { name: 'at', type: 'number' },
  indexes: [{ name: 'by-hash', partitionKey: { name: 'hash', type: 'binary' } }],
  keyArns: {},
};
const BACKUP: BackupShape = {
  schedule: 'daily',
  continuous: true,
  retain: 35 * 86_400,
  copyRetain: 35 * 86_400,
  copies: 1,
  lock: 'governance',
  restoreTest: 'weekly',
  maxRecoveryPointAge: 50 * 3600,
};

function group(example: ExampleGroup, database: DatabaseConfig): TenantGroup {
  const plain = exampleGroup(example);
  return {
    ...plain,
    database,
    stamps: plain.stamps.map((stamp) => ({ ...stamp, shape: { ...stamp.shape, backup: BACKUP } })),
  };
}

function stackOf(tenantGroup: TenantGroup): GroupDataStack {
  const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
  return new GroupDataStack(app, 'Data', { group: tenantGroup, regions });
}

function templateOf(tenantGroup: TenantGroup): Template {
  return Template.fromStack(stackOf(tenantGroup));
}

describe('who has global data', () => {
  test.each([
    ['Aurora in two Regions', ENTERPRISE, AURORA, true],
    ['Aurora in one Region', INTERNAL, AURORA, false],
    ['a table in three Regions', POOL, DYNAMODB, true],
    ['a table in one Region', INTERNAL, DYNAMODB, true],
    ['no database', ENTERPRISE, { engine: 'none' }, false],
    ['an external database', ENTERPRISE, { engine: 'external', protocol: 'other', name: 'app', endpoints: {} }, false],
  ] as [string, ExampleGroup, DatabaseConfig, boolean][])('%s', (_name, example, database, expected) => {
    expect(hasDataStack(group(example, database))).toBe(expected);
    expect(codeOf(() => stackOf(group(example, database)))).toBe(expected ? undefined : 'NO_GLOBAL_DATA');
  });
});

describe('stack', () => {
  test('is named, protected, tagged, and lives in the home Region and the account of the group', () => {
    const stack = stackOf(group(ENTERPRISE, AURORA));
    expect(stack.stackName).toBe('shop-enterprise-data');
    expect(stack.terminationProtection).toBe(true);
    expect(stack.region).toBe('us-east-1');
    expect(stack.account).toBe('111111111111');
    expect(stack.tags.tagValues()).toEqual({ group: 'enterprise' });
  });

  test('its guards are lowered with those of the group', () => {
    const guards = {
      deletionProtection: { enabled: false, reason: 'test' },
      terminationProtection: { enabled: false, reason: 'test' },
    };
    expect(stackOf(group({ ...ENTERPRISE, guards }, AURORA)).terminationProtection).toBe(false);
    templateOf(group({ ...ENTERPRISE, guards }, AURORA)).hasResourceProperties('AWS::RDS::GlobalCluster', {
      DeletionProtection: false,
    });
  });

  test('stays in the home Region when the preferred primary is elsewhere', () => {
    expect(stackOf({ ...group(ENTERPRISE, AURORA), homeRegion: 'usw2' }).region).toBe('us-west-2');
  });

  test('fails without a stamp in the home Region', () => {
    expect(codeOf(() => stackOf({ ...group(ENTERPRISE, AURORA), homeRegion: 'euw1' }))).toBe('HOME_STAMP_MISSING');
  });

  test('shares nothing by reference', () => {
    for (const tenantGroup of [group(ENTERPRISE, AURORA), group(POOL, DYNAMODB)]) {
      const template = templateOf(tenantGroup).toJSON();
      expect(template['Outputs']).toBeUndefined();
      expect(JSON.stringify(template)).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/);
    }
  });
});

test('an Aurora group has its global cluster, and nothing else', () => {
  const template = templateOf(group(ENTERPRISE, { ...AURORA, engine: 'aurora-mysql', version: '8.0.mysql_aurora.3.08.2' }));
  template.hasResourceProperties('AWS::RDS::GlobalCluster', {
    GlobalClusterIdentifier: 'shop-enterprise-global',
    Engine: 'aurora-mysql',
    EngineVersion: '8.0.mysql_aurora.3.08.2',
    DeletionProtection: true,
    StorageEncrypted: true,
  });
  expect(Object.keys(template.toJSON()['Resources'] as object).length).toBe(1);
  expectRetained(template, ['AWS::RDS::GlobalCluster']);
});

describe('the table of a group', () => {
  test('has a replica per stamp, each tagged for its own stamp', () => {
    const [table] = propertiesOf(templateOf(group(POOL, DYNAMODB)), 'AWS::DynamoDB::GlobalTable');
    const tags = (table!['Replicas'] as Record<string, any>[]).map((replica) => [replica['Region'], replica['Tags']]);
    expect(Object.fromEntries(tags)).toEqual({
      'eu-west-1': [{ Key: 'stampkit:backup', Value: 'pool-euw1' }],
      'us-east-1': [{ Key: 'stampkit:backup', Value: 'pool-use1' }],
      'us-west-2': [{ Key: 'stampkit:backup', Value: 'pool-usw2' }],
    });
  });

  test('has its keys, indexes and expiry', () => {
    templateOf(group(POOL, { ...DYNAMODB, timeToLive: 'expires' })).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      TableName: groupNames('shop', 'pool').table,
      AttributeDefinitions: [
        { AttributeName: 'tenant', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
        { AttributeName: 'hash', AttributeType: 'B' },
      ],
      GlobalSecondaryIndexes: [Match.objectLike({ IndexName: 'by-hash' })],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    });
    expectRetained(templateOf(group(POOL, DYNAMODB)), ['AWS::DynamoDB::GlobalTable']);
  });

  test('is strongly consistent with a witness that has no stamp', () => {
    const strong: DynamoDbConfig = { ...DYNAMODB, consistency: 'strong', witness: 'use2' };
    templateOf(group({ ...POOL, regionCodes: ['use1', 'usw2'] }, strong)).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      MultiRegionConsistency: 'STRONG',
      GlobalTableWitnesses: [{ Region: 'us-east-2' }],
    });
  });

  test('takes the keys of its Regions', () => {
    const key = (region: string): string => `arn:aws:kms:${region}:111111111111:key/11111111-2222-3333-4444-555555555555`;
    const keyArns = { use1: key('us-east-1'), usw2: key('us-west-2') };
    const template = templateOf(group({ ...POOL, regionCodes: ['use1', 'usw2'] }, { ...DYNAMODB, keyArns }));
    const [table] = propertiesOf(template, 'AWS::DynamoDB::GlobalTable');
    const keys = (table!['Replicas'] as Record<string, any>[]).map(
      (replica) => replica['SSESpecification'].KMSMasterKeyId as string,
    );
    expect(keys.sort()).toEqual(Object.values(keyArns));
  });

  test('has no backup tags where nothing is backed up', () => {
    const tenantGroup = group(POOL, DYNAMODB);
    const stamps = tenantGroup.stamps.map((stamp) => {
      const { backup: _backup, ...shape } = stamp.shape;
      return { ...stamp, shape };
    });
    const [table] = propertiesOf(templateOf({ ...tenantGroup, stamps }), 'AWS::DynamoDB::GlobalTable');
    expect((table!['Replicas'] as Record<string, any>[]).every((replica) => replica['Tags'] === undefined)).toBe(true);
  });

  test('fails with a witness that is no Region of the fleet', () => {
    const strong: DynamoDbConfig = { ...DYNAMODB, consistency: 'strong', witness: 'nope' };
    expect(codeOf(() => stackOf(group({ ...POOL, regionCodes: ['use1', 'usw2'] }, strong)))).toBe('UNKNOWN_REGION');
  });
});

describe('R1: a failover changes no template', () => {
  /** The same group with its preferred primary and standby swapped in the YAML; the home Region is pinned by the lock. */
  function swapped(tenantGroup: TenantGroup): TenantGroup {
    const other: Partial<Record<PreferredRole, PreferredRole>> = { primary: 'standby', standby: 'primary' };
    return {
      ...tenantGroup,
      stamps: tenantGroup.stamps.map((stamp) => ({ ...stamp, preferredRole: other[stamp.preferredRole] ?? stamp.preferredRole })),
    };
  }

  test.each([
    ['Aurora', AURORA],
    ['DynamoDB', DYNAMODB],
  ] as [string, DatabaseConfig][])('swapping primary and standby leaves every byte as it is: %s', (_name, database) => {
    const before = group(ENTERPRISE, database);
    const after = swapped(before);
    expect(after.stamps.map(({ preferredRole }) => preferredRole)).toEqual(['standby', 'primary']);
    expect(JSON.stringify(templateOf(after).toJSON())).toBe(JSON.stringify(templateOf(before).toJSON()));
    expect(stackOf(after).region).toBe(stackOf(before).region);
  });
});

test('has no unacknowledged finding', () => {
  const { templates, violations } = synthesizeAppChecked((app) => {
    for (const tenantGroup of [group(ENTERPRISE, AURORA), group(POOL, DYNAMODB)]) {
      const stack = new GroupDataStack(app, `${tenantGroup.name}-data`, { group: tenantGroup, regions });
      expect(Stack.isStack(stack)).toBe(true);
    }
  });
  expect(Object.keys(templates).sort()).toEqual(['shop-enterprise-data', 'shop-pool-data']);
  expect(found(violations)).toEqual([]);
});
