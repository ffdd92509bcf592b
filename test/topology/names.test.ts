import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  controlStackName,
  controlTableName,
  evacuatedToken,
  groupNames,
  inServiceToken,
  parseStampId,
  stampId,
  stampNames,
} from '../../lib/topology/names';

const name = fc.stringMatching(/^[a-z]([a-z0-9]|-[a-z0-9]){0,12}$/);
const code = fc.stringMatching(/^[a-z][a-z0-9]{1,7}$/);
const identity = fc.record({ group: name, regionCode: code });

test('a stamp id can be taken apart again', () => {
  fc.assert(
    fc.property(identity, ({ group, regionCode }) => {
      expect(parseStampId(stampId(group, regionCode))).toEqual({ group, regionCode });
    }),
  );
});

test('different stamps have different ids, and no physical name in common', () => {
  fc.assert(
    fc.property(
      name,
      fc.uniqueArray(identity, { minLength: 2, maxLength: 6, selector: (one) => JSON.stringify(one) }),
      (fleet, stamps) => {
        const named = stamps.map((one) => stampNames({ fleet, ...one }));
        expect(new Set(named.map((names) => names.stampId)).size).toBe(stamps.length);
        for (const key of Object.keys(named[0]!) as (keyof (typeof named)[0])[]) {
          expect(new Set(named.map((names) => names[key])).size).toBe(stamps.length);
        }
      },
    ),
  );
});

test('different groups have different names', () => {
  fc.assert(
    fc.property(name, fc.uniqueArray(name, { minLength: 2, maxLength: 6 }), (fleet, groups) => {
      const named = groups.map((group) => groupNames(fleet, group));
      for (const key of Object.keys(named[0]!) as (keyof (typeof named)[0])[]) {
        expect(new Set(named.map((names) => names[key])).size).toBe(groups.length);
      }
    }),
  );
});

test('no group can reach the tables of another, however it is called, nor the control table', () => {
  fc.assert(
    fc.property(name, name, name, (fleet, a, b) => {
      fc.pre(a !== b);
      const { table, tablePrefix } = groupNames(fleet, a);
      expect(table.startsWith(tablePrefix)).toBe(true);
      expect(table.startsWith(groupNames(fleet, b).tablePrefix)).toBe(false);
      expect(controlTableName(fleet).startsWith(tablePrefix)).toBe(false);
    }),
  );
});

test('no switch token is found in the token of another stamp', () => {
  fc.assert(
    fc.property(identity, identity, (a, b) => {
      const [first, second] = [stampId(a.group, a.regionCode), stampId(b.group, b.regionCode)];
      fc.pre(first !== second);
      expect(evacuatedToken(first).includes(evacuatedToken(second))).toBe(false);
      expect(inServiceToken(first).includes(evacuatedToken(first))).toBe(false);
    }),
  );
});

test('names are contracts', () => {
  expect(stampNames({ fleet: 'shop', group: 'enterprise', regionCode: 'use1' })).toEqual({
    stampId: 'enterprise-use1',
    stack: 'shop-enterprise-use1',
    databaseParameter: '/stampkit/shop/enterprise-use1/database',
    keyAlias: 'alias/shop-enterprise-use1',
    databaseCluster: 'shop-enterprise-use1',
    masterSecret: 'shop-enterprise-use1/database-master',
    backupVault: 'shop-enterprise-use1',
    taskFamily: 'shop-enterprise-use1-web',
    workerTaskFamily: 'shop-enterprise-use1-worker',
    healthFunction: 'shop-enterprise-use1-health',
    validationFunction: 'shop-enterprise-use1-validation',
    cluster: 'shop-enterprise-use1',
    service: 'shop-enterprise-use1-web',
    workerService: 'shop-enterprise-use1-worker',
    queue: 'shop-enterprise-use1-work',
    deadLetterQueue: 'shop-enterprise-use1-work-dead',
    unhealthyAlarm: 'shop-enterprise-use1-unhealthy',
    restoreTestingPlan: 'shop_enterprise_use1',
  });
  expect(groupNames('shop', 'big-co')).toEqual({
    dataStack: 'shop-big-co-data',
    routingStack: 'shop-big-co-routing',
    globalCluster: 'shop-big-co-global',
    table: 'shop-big-co.table',
    tablePrefix: 'shop-big-co.',
    appUser: 'stamp_app_big_co',
    probeUser: 'stamp_probe_big_co',
    validatorUser: 'stamp_validator_big_co',
  });
  expect([controlStackName('shop', 'use2'), controlTableName('shop')]).toEqual(['shop-control-use2', 'shop-control']);
});
