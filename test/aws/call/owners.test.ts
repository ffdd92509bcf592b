import { describe, expect, test } from 'vitest';
import { arnOf } from '../../../lib/aws/call/arn';
import { ownersOf } from '../../../lib/aws/call/owners';
import { groupNames, stampNames } from '../../../lib/topology/names';
import type { Fleet } from '../../../lib/topology/types';

const FLEET = '111111111111';
const POOL = '222222222222';
const POOL_EU = '333333333333';

const fleet = {
  name: 'shop',
  account: FLEET,
  groups: [
    { name: 'pool', account: POOL },
    { name: 'pool-eu', account: POOL_EU },
    { name: 'enterprise', account: FLEET },
  ],
} as unknown as Fleet;
const owners = ownersOf(fleet);

describe('in which account something is', () => {
  const names = (group: string): string[] => {
    const stamp = stampNames({ fleet: 'shop', group, regionCode: 'use1' });
    const shared = groupNames('shop', group);
    return [
      stamp.databaseCluster,
      stamp.databaseParameter,
      stamp.backupVault,
      stamp.healthFunction,
      stamp.queue,
      stamp.deadLetterQueue,
      stamp.restoreTestingPlan,
      stamp.stack,
      shared.globalCluster,
      `${shared.globalCluster}-2`,
      shared.table,
      `${shared.tablePrefix}r20260801-030000`,
      `${stamp.databaseCluster}-r20260801-030000`,
      shared.dataStack,
    ];
  };

  test.each([
    ['pool', POOL],
    ['pool-eu', POOL_EU],
    ['enterprise', FLEET],
  ])('every name of %s leads to its account', (group, account) => {
    expect([...new Set(names(group).map((name) => owners.resource(name)))]).toEqual([account]);
    expect(owners.group(group)).toBe(account);
  });

  test.each(['shop-control', 'shop-control-use1', 'shop-poolside-use1', 'other-pool-use1', ''])(
    'what is no group’s is the fleet’s: %s',
    (name) => {
      expect(owners.resource(name)).toBe(FLEET);
    },
  );

  test('all accounts, each once', () => {
    expect(owners.accounts).toEqual([FLEET, POOL, POOL_EU]);
  });
});

describe('ARNs', () => {
  test.each([
    ['us-east-1', 'arn:aws:sqs:us-east-1:1:q'],
    ['cn-north-1', 'arn:aws-cn:sqs:cn-north-1:1:q'],
    ['us-gov-west-1', 'arn:aws-us-gov:sqs:us-gov-west-1:1:q'],
  ])('the partition of %s', (region, arn) => {
    expect(arnOf('sqs', region, '1', 'q')).toBe(arn);
  });
});
