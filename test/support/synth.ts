import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect } from 'vitest';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { fillStampValues, foldConstants, tokenizeStampValues } from '../../lib/stacks/stamp-values';
import { groupNames, stampNames } from '../../lib/topology/names';
import type { StampValues } from '../../lib/topology/types';

/** Values of a stamp called enterprise-use1, for tests of single parts. */
export const EXAMPLE_VALUES: StampValues = {
  fleet: 'shop',
  group: 'enterprise',
  regionCode: 'use1',
  account: '111111111111',
  names: stampNames({ fleet: 'shop', group: 'enterprise', regionCode: 'use1' }),
  groupNames: groupNames('shop', 'enterprise'),
  tags: { CostCenter: 'enterprise' },
  zoneName: 'shop.example.com',
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  recordName: 'use1.enterprise.shop.example.com',
  groupRecordName: 'enterprise.shop.example.com',
  certificateNames: ['*.shop.example.com', 'enterprise.shop.example.com', '*.enterprise.shop.example.com'],
  vpcCidr: '10.0.0.0/20',
  publicSubnets: ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24'],
  privateSubnets: ['10.0.4.0/23', '10.0.6.0/23', '10.0.8.0/23'],
  isolatedSubnets: ['10.0.10.0/24', '10.0.11.0/24', '10.0.12.0/24'],
  transitGatewayId: 'tgw-0123456789abcdef0',
  image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/web:1.4.2',
  imageRepositoryArns: ['arn:aws:ecr:us-east-1:111111111111:repository/shop/web'],
  workerImageRepositoryArns: ['arn:aws:ecr:us-east-1:111111111111:repository/shop/worker'],
  workerImage: '111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/worker:1.4.2',
  capacity: {
    minTasks: 12,
    maxTasks: 24,
    requestsPerTargetPerMinute: 3000,
    workerMinTasks: 3,
    workerMaxTasks: 40,
    workerBacklogPerTask: 300,
    minAcu: 8,
    maxAcu: 32,
    minInstances: 3,
    maxInstances: 6,
    healthConcurrency: 20,
  },
  backupCopyVaultArns: ['arn:aws:backup:us-west-2:111111111111:backup-vault:shop-enterprise-usw2'],
  tableArn: 'arn:aws:dynamodb:us-east-1:111111111111:table/shop-enterprise.table',
  tableKeyArn: 'arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555',
  databaseWriter: 'writer.db.example.com',
  databaseReader: 'reader.db.example.com',
  databasePort: 5432,
  databaseName: 'app',
};

/** A template made by `build` in a stack of the given Region, with the feature flags of real apps. */
export function synthesize(
  build: (stack: Stack) => void,
  options: { region?: string; stackId?: string; account?: string } = {},
): Template {
  const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
  const stack = new Stack(app, options.stackId ?? 'Test', {
    env: { account: options.account ?? '111111111111', region: options.region ?? 'us-east-1' },
  });
  build(stack);
  return Template.fromStack(stack);
}

/**
 * Synthesizes once with plain values and once with tokens that are filled in afterwards, and expects the same template:
 * the proof that a construct passes stamp values on without branching on, parsing or calculating with them (design 11).
 * Returns the plain template for further assertions.
 */
export function synthesizeBothWays(
  build: (stack: Stack, values: StampValues) => void,
  options: { region?: string; values?: StampValues } = {},
): Template {
  const values = options.values ?? EXAMPLE_VALUES;
  const tokens = tokenizeStampValues(values);
  const plain = synthesize(
    (stack) => {
      build(stack, values);
    },
    { ...options, stackId: values.names.stack, account: values.account },
  );
  const shape = synthesize(
    (stack) => {
      build(stack, tokens);
    },
    { ...options, stackId: 'SomeOtherStackName', account: tokens.account },
  );
  expect(fillStampValues(shape.toJSON(), values)).toEqual(foldConstants(plain.toJSON()));
  return plain;
}
