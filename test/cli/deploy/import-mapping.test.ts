import { describe, expect, test } from 'vitest';
import { importMapping } from '../../../lib/cli/deploy/import-mapping';
import { IMPORT_IDENTIFIERS } from '../../../lib/facts/import-identifiers';
import { controlTableName, switchBucketName } from '../../../lib/topology/names';
import type { Fleet } from '../../../lib/topology/types';
import { exampleFleet, variantFleet } from '../../support/loaded-fleets';
import { exampleStacks, variantStacks } from '../../support/synthesized-fleet';

const retained = 'RetainExceptOnCreate';

describe('the mapping for cdk import', () => {
  test('takes the identifier that the removed stack remembers, or else the one in the template', () => {
    const template = {
      Resources: {
        Key: { Type: 'AWS::KMS::Key', DeletionPolicy: retained, Properties: {} },
        Vault: { Type: 'AWS::Backup::BackupVault', DeletionPolicy: 'Retain', Properties: { BackupVaultName: 'shop-pool-use1' } },
        Role: { Type: 'AWS::IAM::Role', Properties: {} },
        Policy: { Type: 'AWS::IAM::Policy', DeletionPolicy: 'Delete', Properties: {} },
      },
    };
    expect(importMapping(template, new Map([['Key', '11111111-2222-3333-4444-555555555555']]))).toEqual({
      mapping: { Key: { KeyId: '11111111-2222-3333-4444-555555555555' }, Vault: { BackupVaultName: 'shop-pool-use1' } },
      missing: [],
      notImportable: [],
    });
  });

  test('fails: names what nobody knows the identifier of, and what cannot be imported', () => {
    const template = {
      Resources: {
        Key: { Type: 'AWS::KMS::Key', DeletionPolicy: retained },
        Odd: { Type: 'Custom::Odd', DeletionPolicy: retained },
      },
    };
    expect(importMapping(template, new Map())).toEqual({
      mapping: {},
      missing: ['Key (AWS::KMS::Key, KeyId)'],
      notImportable: ['Odd (Custom::Odd)'],
    });
  });
});

/** Property that carries the name, where the identifier itself is made by AWS. */
const NAME_PROPERTIES: Record<string, string> = {
  'AWS::Backup::BackupVault': 'BackupVaultName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::RDS::DBCluster': 'DBClusterIdentifier',
  'AWS::RDS::GlobalCluster': 'GlobalClusterIdentifier',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Parameter': 'Name',
};
/** Found by the id of the removed stack only (or a key by its alias): nobody outside the stack has to know them. */
const GENERATED = [
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPC',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::RDS::DBClusterParameterGroup',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBParameterGroup',
  'AWS::RDS::DBSubnetGroup',
];

function allNames(fleet: Fleet): Set<string> {
  const stamps = fleet.groups.flatMap((group) => [group.names, ...group.stamps.map(({ values }) => values.names)]);
  return new Set([...stamps.flatMap((names) => Object.values(names)), controlTableName(fleet.name)]);
}

describe.each([
  ['example', exampleFleet, exampleStacks],
  ['variant', variantFleet, variantStacks],
])('what the stacks of the %s fleet leave behind', (_name, fleet, stacks) => {
  const retainedOf = (): { stack: string; type: string; properties: Record<string, unknown> }[] =>
    stacks().flatMap(({ name, template }) =>
      Object.values(template.toJSON()['Resources'] as Record<string, any>)
        .filter(({ DeletionPolicy }) => String(DeletionPolicy ?? '').startsWith('Retain'))
        .map(({ Type, Properties }) => ({ stack: name, type: Type, properties: Properties ?? {} })),
    );

  test('can all be imported', () => {
    const types = new Set(retainedOf().map(({ type }) => type));
    expect(types.size).toBeGreaterThan(8);
    expect([...types].filter((type) => IMPORT_IDENTIFIERS[type] === undefined)).toEqual([]);
  });

  test('has a name of names.ts, or an id that nobody outside the stack needs', () => {
    const names = allNames(fleet().fleet);
    const unknown = retainedOf().filter(({ type, properties }) => {
      if (GENERATED.includes(type)) return false;
      if (type === 'AWS::S3::Bucket') return false;
      return !names.has(String(properties[NAME_PROPERTIES[type] ?? '']));
    });
    expect(unknown).toEqual([]);
  });

  test('of its buckets, switches have a name of names.ts and access logs a generated one', () => {
    const { name, account, control } = fleet().fleet;
    const switches = [...control.members, ...control.joining].map(({ code }) => switchBucketName(name, account, code));
    const named = retainedOf()
      .filter(({ type, properties }) => type === 'AWS::S3::Bucket' && properties['BucketName'] !== undefined)
      .map(({ properties }) => properties['BucketName']);
    expect(named).toEqual(expect.arrayContaining(switches));
  });

  test('has a complete mapping once the removed stack says its ids', () => {
    for (const { template } of stacks()) {
      const json = template.toJSON() as Parameters<typeof importMapping>[0];
      const remembered = new Map(Object.keys(json.Resources ?? {}).map((logicalId) => [logicalId, `id-of-${logicalId}`]));
      const { mapping, missing, notImportable } = importMapping(json, remembered);
      const retained = Object.values(json.Resources ?? {}).filter(
        ({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain') === true,
      );
      expect([missing, notImportable]).toEqual([[], []]);
      expect(Object.keys(mapping)).toHaveLength(retained.length);
    }
  });
});
