import { Match, type Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { ControlTable, type ControlTableProps } from '../../lib/constructs/control-table';
import { synthesizeChecked } from '../support/nag';
import { synthesize, synthesizeBothWays } from '../support/synth';

const WITH_WITNESS: ControlTableProps = { tableName: 'shop-control', replicaRegions: ['us-west-2'], witnessRegion: 'us-east-1' };
const REPLICA_KEY = 'arn:aws:kms:us-west-2:111111111111:key/11111111-2222-3333-4444-555555555555';

function synthesized(props: Partial<ControlTableProps> = {}): Template {
  return synthesize(
    (stack) => {
      new ControlTable(stack, 'Table', { ...WITH_WITNESS, ...props });
    },
    { region: 'us-east-2' },
  );
}

describe('the table', () => {
  test('is strongly consistent over two replicas and a witness, each protected and recoverable', () => {
    const replica = (Region: string): object => ({
      Region,
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    synthesized().hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: 'shop-control',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
        MultiRegionConsistency: 'STRONG',
        GlobalTableWitnesses: [{ Region: 'us-east-1' }],
        Replicas: [replica('us-west-2'), replica('us-east-2')],
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        // Neither exists for strongly consistent tables (aws-facts 4.2): the deployment would fail.
        TimeToLiveSpecification: Match.absent(),
        LocalSecondaryIndexes: Match.absent(),
      },
    });
  });

  test('has three replicas without a witness', () => {
    synthesized({ replicaRegions: ['us-west-2', 'us-east-1'], witnessRegion: undefined }).hasResourceProperties(
      'AWS::DynamoDB::GlobalTable',
      {
        GlobalTableWitnesses: Match.absent(),
        Replicas: ['us-west-2', 'us-east-1', 'us-east-2'].map((Region) => Match.objectLike({ Region })),
      },
    );
  });

  test.each([
    ['one Region', { replicaRegions: [], witnessRegion: undefined }],
    ['two Regions', { replicaRegions: ['us-west-2'], witnessRegion: undefined }],
    ['four Regions', { replicaRegions: ['us-west-2', 'us-west-1'], witnessRegion: 'us-east-1' }],
    ['its own Region as a replica', { replicaRegions: ['us-east-2'], witnessRegion: 'us-east-1' }],
    ['a witness that is a replica', { replicaRegions: ['us-west-2'], witnessRegion: 'us-west-2' }],
  ])('fails with %s', (_name, props) => {
    expect(() => synthesized(props)).toThrow(/CONTROL_TABLE_REGIONS/);
  });

  test('takes a key per replica', () => {
    const template = synthesize(
      (stack) => {
        const encryptionKey = Key.fromKeyArn(stack, 'Key', REPLICA_KEY.replace('us-west-2', 'us-east-2'));
        new ControlTable(stack, 'Table', { ...WITH_WITNESS, encryptionKey, replicaKeyArns: { 'us-west-2': REPLICA_KEY } });
      },
      { region: 'us-east-2' },
    );
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: Match.arrayWith([Match.objectLike({ Region: 'us-west-2', SSESpecification: { KMSMasterKeyId: REPLICA_KEY } })]),
    });
  });

  test('fails when only some replicas have a key', () => {
    expect(() => synthesized({ replicaKeyArns: { 'us-west-2': REPLICA_KEY } })).toThrow(/CONTROL_TABLE_KEYS/);
    expect(() =>
      synthesize(
        (stack) => {
          new ControlTable(stack, 'Table', { ...WITH_WITNESS, encryptionKey: new Key(stack, 'Key') });
        },
        { region: 'us-east-2' },
      ),
    ).toThrow(/CONTROL_TABLE_KEYS: .*us-west-2/);
  });

  test('guards can be lowered on purpose', () => {
    synthesized({ deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Delete',
      Properties: { Replicas: Match.arrayWith([Match.objectLike({ DeletionProtectionEnabled: false })]) },
    });
  });

  test('passes cdk-nag and the CloudFormation validation', { timeout: 120_000 }, () => {
    const { violations } = synthesizeChecked(
      (stack) => {
        new ControlTable(stack, 'Table', WITH_WITNESS);
      },
      { region: 'us-east-2' },
    );
    expect(violations).toEqual([]);
  });

  test('passes stamp values on without reading them', () => {
    synthesizeBothWays(
      (stack, values) => {
        new ControlTable(stack, 'Table', { ...WITH_WITNESS, tableName: values.groupNames.table });
      },
      { region: 'us-east-2' },
    );
  });
});

test('an operator may use every replica by single items, and delete nothing', () => {
  const template = synthesize(
    (stack) => {
      const role = new Role(stack, 'Operator', { assumedBy: new AccountRootPrincipal() });
      new ControlTable(stack, 'Table', WITH_WITNESS).grantOperate(role);
    },
    { region: 'us-east-2' },
  );
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
          Resource: ['us-east-2', 'us-west-2'].map((region) => `arn:aws:dynamodb:${region}:111111111111:table/shop-control`),
        },
      ],
    },
  });
});

test('an operator may use the keys of the replicas too', () => {
  const template = synthesize(
    (stack) => {
      const role = new Role(stack, 'Operator', { assumedBy: new AccountRootPrincipal() });
      const encryptionKey = new Key(stack, 'Key');
      new ControlTable(stack, 'Table', {
        ...WITH_WITNESS,
        encryptionKey,
        replicaKeyArns: { 'us-west-2': REPLICA_KEY },
      }).grantOperate(role);
    },
    { region: 'us-east-2' },
  );
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt']), Resource: Match.arrayWith([REPLICA_KEY]) }),
      ]),
    },
  });
});
