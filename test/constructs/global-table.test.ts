import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { describe, expect, test } from 'vitest';
import { GlobalTable, TableConsistency, type GlobalTableProps } from '../../lib/constructs/global-table';
import { codeOf, expectRetained, found, propertiesOf } from '../support/database-fixtures';
import { synthesizeChecked } from '../support/nag';
import { synthesize } from '../support/synth';

const STRING = dynamodb.AttributeType.STRING;
const KEYS = {
  'us-east-1': 'arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555',
  'us-west-2': 'arn:aws:kms:us-west-2:111111111111:key/11111111-2222-3333-4444-555555555556',
};

const PROPS: GlobalTableProps = {
  tableName: 'shop-pool-table',
  replicaRegions: ['eu-west-1', 'us-east-1', 'us-west-2'],
  partitionKey: { name: 'tenant', type: STRING },
  sortKey: { name: 'item', type: STRING },
  indexes: [
    {
      indexName: 'by-time',
      partitionKey: { name: 'tenant', type: STRING },
      sortKey: { name: 'at', type: dynamodb.AttributeType.NUMBER },
    },
  ],
  backupTagValues: { 'eu-west-1': 'pool-euw1', 'us-east-1': 'pool-use1', 'us-west-2': 'pool-usw2' },
};
const STRONG: Partial<GlobalTableProps> = {
  consistency: TableConsistency.STRONG,
  replicaRegions: ['us-east-1', 'us-west-2'],
  witnessRegion: 'us-east-2',
};

function templateOf(overrides: Partial<GlobalTableProps> = {}): Template {
  return synthesize((stack) => {
    new GlobalTable(stack, 'Table', { ...PROPS, ...overrides });
  });
}

function table(overrides: Partial<GlobalTableProps> = {}): Record<string, any> {
  return propertiesOf(templateOf(overrides), 'AWS::DynamoDB::GlobalTable')[0]!;
}

function replicas(overrides: Partial<GlobalTableProps> = {}): Record<string, any>[] {
  return table(overrides)['Replicas'] as Record<string, any>[];
}

describe('replicas', () => {
  test('there is one in every Region, the Region of the stack included', () => {
    expect(
      replicas()
        .map((replica) => replica['Region'])
        .sort(),
    ).toEqual(['eu-west-1', 'us-east-1', 'us-west-2']);
  });

  test('every single one is protected, recoverable, observed and tagged for its own stamp', () => {
    for (const replica of replicas()) {
      expect(replica).toMatchObject({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        ContributorInsightsSpecification: { Enabled: true, Mode: 'THROTTLED_KEYS' },
        GlobalSecondaryIndexes: [
          { IndexName: 'by-time', ContributorInsightsSpecification: { Enabled: true, Mode: 'THROTTLED_KEYS' } },
        ],
        Tags: [{ Key: 'stampkit:backup', Value: PROPS.backupTagValues![replica['Region'] as string] }],
      });
    }
  });

  test('the order in which Regions are listed does not matter', () => {
    const sorted = (overrides: Partial<GlobalTableProps>) =>
      replicas(overrides).sort((a, b) => ((a['Region'] as string) < (b['Region'] as string) ? -1 : 1));
    expect(sorted({ replicaRegions: ['us-west-2', 'us-east-1', 'eu-west-1'] })).toEqual(sorted({}));
  });

  test('a group of one stamp has a table with one replica and no stream', () => {
    expect(table({ replicaRegions: ['us-east-1'] })).toMatchObject({ Replicas: [{ Region: 'us-east-1' }] });
    expect(table({ replicaRegions: ['us-east-1'] })).not.toHaveProperty('StreamSpecification');
  });

  test('table and replicas outlive the stack', () => {
    expectRetained(templateOf(), ['AWS::DynamoDB::GlobalTable']);
    templateOf({ removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Delete' });
  });

  test('protection goes from every replica or from none', () => {
    expect(replicas({ deletionProtection: false }).map((replica) => replica['DeletionProtectionEnabled'])).toEqual([
      false,
      false,
      false,
    ]);
  });

  test.each([
    ['without the Region of the stack', { replicaRegions: ['eu-west-1', 'us-west-2'] }],
    ['with a Region twice', { replicaRegions: ['us-east-1', 'us-west-2', 'us-west-2'] }],
  ])('fails %s', (_name, overrides) => {
    expect(codeOf(() => templateOf(overrides))).toBe('TABLE_REPLICAS');
  });
});

describe('definition', () => {
  test('is on demand, with keys and indexes', () => {
    expect(table()).toMatchObject({
      TableName: 'shop-pool-table',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'tenant', KeyType: 'HASH' },
        { AttributeName: 'item', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [{ IndexName: 'by-time', Projection: { ProjectionType: 'ALL' } }],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });

  test('items expire by an attribute of an eventually consistent table', () => {
    expect(table({ timeToLiveAttribute: 'expires' })['TimeToLiveSpecification']).toEqual({
      AttributeName: 'expires',
      Enabled: true,
    });
    expect(table()).not.toHaveProperty('TimeToLiveSpecification');
  });
});

describe('encryption', () => {
  test('AWS managed keys by default', () => {
    expect(table()['SSESpecification']).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(replicas().every((replica) => replica['SSESpecification'] === undefined)).toBe(true);
  });

  test('a key of its own Region for every replica', () => {
    const all = replicas({ replicaRegions: ['us-east-1', 'us-west-2'], keyArns: KEYS });
    expect(Object.fromEntries(all.map((replica) => [replica['Region'], replica['SSESpecification'].KMSMasterKeyId]))).toEqual(
      KEYS,
    );
  });

  test.each([['us-east-1'], ['us-west-2']])('fails with a key for the replica in %s only', (region) => {
    const keyArns = { [region]: KEYS[region as keyof typeof KEYS] };
    expect(codeOf(() => templateOf({ replicaRegions: ['us-east-1', 'us-west-2'], keyArns }))).toBe('TABLE_KEYS');
  });
});

describe('strong consistency', () => {
  test('two replicas and a witness', () => {
    expect(table(STRONG)).toMatchObject({ MultiRegionConsistency: 'STRONG', GlobalTableWitnesses: [{ Region: 'us-east-2' }] });
    expect(
      replicas(STRONG)
        .map((replica) => replica['Region'])
        .sort(),
    ).toEqual(['us-east-1', 'us-west-2']);
  });

  test('three replicas', () => {
    const three = table({ consistency: TableConsistency.STRONG, replicaRegions: ['us-east-1', 'us-east-2', 'us-west-2'] });
    expect(three).toMatchObject({ MultiRegionConsistency: 'STRONG' });
    expect(three).not.toHaveProperty('GlobalTableWitnesses');
  });

  test('an eventually consistent table says nothing of it', () => {
    expect(table()).not.toHaveProperty('MultiRegionConsistency');
  });

  test.each([
    ['two replicas and no witness', { witnessRegion: undefined }, 'TABLE_STRONG_REGIONS'],
    ['three replicas and a witness', { replicaRegions: ['us-east-1', 'us-west-2', 'eu-west-1'] }, 'TABLE_STRONG_REGIONS'],
    ['one replica and a witness', { replicaRegions: ['us-east-1'] }, 'TABLE_STRONG_REGIONS'],
    ['a replica as witness', { witnessRegion: 'us-west-2' }, 'TABLE_STRONG_REGIONS'],
    ['Regions of two sets', { replicaRegions: ['us-east-1', 'eu-west-1'] }, 'TABLE_STRONG_REGIONS'],
    ['a time to live', { timeToLiveAttribute: 'expires' }, 'TABLE_TIME_TO_LIVE'],
    ['a witness of eventual consistency', { consistency: TableConsistency.EVENTUAL }, 'TABLE_WITNESS'],
  ])('fails with %s', (_name, overrides, code) => {
    expect(codeOf(() => templateOf({ ...STRONG, ...overrides }))).toBe(code);
  });
});

test.each([
  ['eventual', {}],
  ['strong, own keys', { ...STRONG, keyArns: KEYS }],
])('has no unacknowledged finding: %s', (_name, overrides) => {
  const { template, violations } = synthesizeChecked((stack) => {
    new GlobalTable(stack, 'Table', { ...PROPS, ...overrides });
  });
  template.hasResourceProperties('AWS::DynamoDB::GlobalTable', { TableName: Match.anyValue() });
  expect(found(violations)).toEqual([]);
});
