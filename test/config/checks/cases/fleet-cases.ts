import { enterpriseOf, makeSingle, poolOf } from '../base-config';
import type { FindingCases } from './finding-case';

export const REGION_CASES = {
  'alarms-unsubscribed': {
    change: (config) => (config.alarms.subscriptions = []),
    at: 'fleet.yaml alarms',
    says: /no address is subscribed/,
  },
  'region-code-unknown': {
    change: (config) => (config.control.joining = ['use3']),
    at: 'fleet.yaml control.joining.0',
    says: /"use3" is no Region code/,
  },
  'region-name-unknown': {
    change: (config) => (config.regions[2]!.region = 'eu-west-7'),
    at: 'fleet.yaml regions.euw1.region',
    says: /"eu-west-7"/,
  },
  'region-other-partition': {
    change: (config) => (config.regions[2]!.region = 'us-gov-west-1'),
    at: 'fleet.yaml regions.euw1.region',
    says: /us-gov-west-1 lies in another partition/,
  },
  'region-claimed-twice': {
    change: (config) => (config.regions[2]!.region = 'us-east-1'),
    at: 'fleet.yaml regions.euw1.region',
    says: /use1 and euw1 both stand for us-east-1/,
  },
  'region-opt-in': {
    change: (config) => (config.regions[2]!.region = 'eu-south-1'),
    at: 'fleet.yaml regions.euw1.region',
    says: /eu-south-1 is an opt-in Region/,
  },
  'region-unused': {
    change: (config) => config.regions.push({ code: 'apn1', region: 'ap-northeast-1', azs: ['a', 'c'] }),
    at: 'fleet.yaml regions.apn1',
    says: /apn1 \(ap-northeast-1\)/,
  },
  'zone-letter-duplicate': {
    change: (config) => (config.regions[0]!.azs = ['a', 'b', 'a']),
    at: 'fleet.yaml regions.use1.azs.2',
    says: /zone a of use1/,
  },
  'single-zone-without-reason': {
    change: (config) => (config.regions[3]!.azs = ['a']),
    at: 'fleet.yaml regions.use2.azs',
    says: /use2 has one Availability Zone \(a\)/,
  },
  'single-zone-stamp': {
    change: (config) => Object.assign(config.regions[0]!, { azs: ['a'], singleAzReason: 'a cheap test Region' }),
    at: 'fleet.yaml regions.use1.azs',
    says: /Application Load Balancer/,
  },
} satisfies FindingCases;

export const NAME_CASES = {
  'group-duplicate': {
    change: (config) => {
      const copy = structuredClone(poolOf(config));
      config.groups.push({ ...copy, tenants: ['soylent'] });
    },
    at: 'groups/pool.yaml group',
    says: /two groups are named "pool"/,
  },
  'tenant-duplicate': {
    change: (config) => enterpriseOf(config).tenants.push('acme'),
    at: 'groups/enterprise.yaml tenants.2',
    says: /"acme" is listed twice/,
  },
  'tenant-in-two-groups': {
    change: (config) => poolOf(config).tenants.push('acme'),
    at: 'groups/pool.yaml tenants.2',
    says: /"acme" belongs to "enterprise" and to "pool"/,
  },
  'tenant-named-like-group': {
    change: (config) => enterpriseOf(config).tenants.push('pool'),
    at: 'groups/enterprise.yaml tenants.2',
    says: /"pool" is named like a group/,
  },
  'tenant-named-like-region': {
    change: (config) => poolOf(config).tenants.push('euw1'),
    at: 'groups/pool.yaml tenants.2',
    says: /"euw1" is named like a Region code/,
  },
  'record-name-clash': {
    // usw2.enterprise.shop.example.com is a stamp of one group and a tenant of the other.
    change: (config) => {
      poolOf(config).zone = { name: 'enterprise.shop.example.com', hostedZoneId: 'Z2' };
      poolOf(config).tenants.push('usw2');
    },
    also: ['record-below-delegation', 'tenant-named-like-region'],
    at: 'groups/pool.yaml tenants.2',
    says: /tenant usw2 and stamp enterprise-usw2 would both be usw2\.enterprise\.shop\.example\.com/,
  },
  'record-below-delegation': {
    change: (config) => {
      poolOf(config).zone = { name: 'acme.shop.example.com', hostedZoneId: 'Z2' };
    },
    at: 'groups/enterprise.yaml tenants.0',
    says: /tenant acme would be acme\.shop\.example\.com/,
  },
  'zone-id-mismatch': {
    change: (config) => (poolOf(config).zone.hostedZoneId = 'Z2'),
    at: 'groups/pool.yaml zone.hostedZoneId',
    says: /Z0123456789ABCDEFGHIJ \(the fleet\) and Z2/,
  },
  'account-without-zone': {
    change: (config) => {
      poolOf(config).account = '222222222222';
      poolOf(config).compute.image = '222222222222.dkr.ecr.{region}.amazonaws.com/shop/web:1.4.2';
    },
    at: 'groups/pool.yaml zone',
    says: /account 222222222222 and uses zone shop\.example\.com of the fleet in account 111111111111/,
  },
  'zone-outside-fleet': {
    change: (config) => (poolOf(config).zone = { name: 'pool.example.net', hostedZoneId: 'Z2' }),
    at: 'groups/pool.yaml zone.name',
    says: /pool\.example\.net is not below shop\.example\.com/,
  },
} satisfies FindingCases;

export const CONTROL_CASES = {
  'assumption-out-of-range': {
    change: (config) => (config.assumptions['decisionTime'] = -1),
    at: 'fleet.yaml assumptions.decisionTime',
    says: /decisionTime -1/,
  },
  'control-not-distinct': {
    change: (config) => (config.control.joining = ['use2']),
    at: 'fleet.yaml control.joining.0',
    says: /use2 is twice among the control Regions/,
  },
  'control-count': {
    noLock: true,
    change: (config) => delete config.control.witness,
    also: ['lock-missing'],
    at: 'fleet.yaml control.regions',
    says: /here are 2 \(use2, usw2\)/,
  },
  'control-outside-region-set': {
    noLock: true,
    change: (config) => (config.control.witness = 'euw1'),
    also: ['lock-missing'],
    at: 'fleet.yaml control.regions',
    says: /us-east-2, us-west-2, eu-west-1/,
  },
  'control-is-only-region': {
    change: (config) => {
      config.regions = config.regions.filter((region) => region.code !== 'euw1');
      makeSingle(poolOf(config), 'usw2');
    },
    also: ['single-region-group'],
    at: 'groups/pool.yaml placement',
    says: /usw2 is the only Region of pool and a control Region/,
  },
  'routing-stack-region': {
    change: (config) => (config.routing.stackRegion = 'us-west-2'),
    at: 'fleet.yaml routing.stackRegion',
    says: /us-west-2 has no metrics/,
  },
} satisfies FindingCases;

export const LOCK_CASES = {
  'lock-missing': { noLock: true, at: 'fleet.lock.yaml ', says: /no lock/ },
  'lock-outdated': {
    lock: (lock) => delete lock.addresses['pool-euw1'],
    at: 'fleet.lock.yaml addresses',
    says: /pool-euw1 has no address yet/,
  },
  'lock-of-another-fleet': { lock: (lock) => (lock.fleet = 'store'), at: 'fleet.yaml fleet', says: /"store".*"shop"/ },
  'region-code-repointed': {
    lock: (lock) => (lock.regions['euw1'] = 'eu-west-3'),
    at: 'fleet.yaml regions.euw1.region',
    says: /euw1 stands for eu-west-3/,
  },
  'home-region-left': {
    lock: (lock) => (lock.homeRegions['enterprise'] = 'euw1'),
    at: 'groups/enterprise.yaml placement',
    says: /born in euw1.*\(use1, usw2\)/,
  },
  'control-table-owner-left': {
    lock: (lock) => (lock.controlTable = { owner: 'use1', replicas: ['use1', 'usw2'], witness: 'use2' }),
    at: 'fleet.yaml control.regions',
    says: /the stack in use1 owns the control table/,
  },
  'control-table-region-gone': {
    lock: (lock) => (lock.controlTable.witness = 'use9'),
    at: 'fleet.yaml regions',
    says: /control table lies in use9, which is no Region of the fleet/,
  },
  'control-table-stays': {
    lock: (lock) => (lock.controlTable = { owner: 'use2', replicas: ['use1', 'use2'], witness: 'usw2' }),
    at: 'fleet.yaml control.regions',
    says: /stays in use1, use2 with the witness usw2, where it was made, and not in use2, usw2 with the witness use1/,
  },
  'lock-entry-twice': {
    lock: (lock) => (lock.tombstones['pool-usw2'] = '10.9.0.0/20'),
    at: 'fleet.lock.yaml addresses.pool-usw2',
    says: /pool-usw2 has both/,
  },
  'lock-ranges-overlap': {
    lock: (lock) => (lock.tombstones['retired-use1'] = '10.0.0.0/20'),
    at: 'fleet.lock.yaml tombstones.retired-use1',
    says: /10\.0\.0\.0\/20 of retired-use1 overlaps 10\.0\.0\.0\/20 of enterprise-use1/,
  },
  'lock-range-invalid': {
    lock: (lock) => (lock.addresses['pool-usw2'] = '10.0.8.0/20'),
    at: 'fleet.lock.yaml addresses.pool-usw2',
    says: /"10\.0\.8\.0\/20" of pool-usw2/,
  },
  'allocation-overlaps-reserved': {
    lock: (lock) => (lock.addresses['pool-usw2'] = '10.200.16.0/20'),
    at: 'fleet.lock.yaml addresses.pool-usw2',
    says: /10\.200\.16\.0\/20 of pool-usw2 lies in 10\.200\.0\.0\/16/,
  },
  'allocation-outside-pool': {
    lock: (lock) => (lock.addresses['pool-usw2'] = '172.16.0.0/20'),
    at: 'fleet.lock.yaml addresses.pool-usw2',
    says: /172\.16\.0\.0\/20 of pool-usw2 lies outside today's pool/,
  },
} satisfies FindingCases;
