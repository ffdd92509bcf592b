import { describe, expect, test } from 'vitest';
import type { ValueLeaf } from '../../../lib/stacks/stamping/placeholders';
import { problemsOfRouting, problemsOfStamp } from '../../../lib/stacks/stamping/values-together';
import { StampStack } from '../../../lib/stacks/stamp-stack';
import type { StampSpec, StampValues } from '../../../lib/topology/types';
import { App } from 'aws-cdk-lib';
import { exampleFleet } from '../../support/loaded-fleets';
import { once } from '../../support/once';
import { mutations, stampedProblems, stampsOfAllKinds } from '../../support/value-mutations';

/** Values that no template of a stamp holds: nothing of AWS's sees them. */
const ELSEWHERE = ['fleet', 'groupNames.dataStack', 'groupNames.routingStack', 'regionCode', 'tags', 'zoneName'];

/** Something that AWS would refuse, for every value there is. */
function wrong(leaf: string, value: ValueLeaf): readonly ValueLeaf[] {
  if (typeof value === 'number') return [-1, 1e15];
  // Others are no environment for the CDK.
  if (leaf === 'account') return ['1', '1'.repeat(13)];
  // Spaces are allowed in the names of record sets and of alarms.
  const spaced = ['names.stampId', 'names.unhealthyAlarm', 'tags'].includes(leaf) ? [] : ['a b'];
  return ['', ...spaced, 'ü'.repeat(3000), 'a"b'];
}

describe('a value that AWS would refuse is refused in a stamp that is not the first of its shape', () => {
  const cases = once(() => mutations(wrong));
  const problems = once(() => stampedProblems(cases()));

  test('there is one for every value that a template holds', () => {
    const held = new Set(cases().flatMap(({ leaf }, index) => (problems()[index] === undefined ? [] : [leaf])));
    const missing = cases().filter(({ leaf }) => !held.has(leaf));
    expect([...new Set(missing.map(({ leaf }) => leaf))].sort()).toEqual(ELSEWHERE);
  });

  // What has no upper bound of its own is bounded by its partner, or by no one.
  const UNBOUNDED =
    /^capacity\.(max(Tasks|Instances)|workerMaxTasks|requestsPer|workerBacklog|healthConcurrency|probeConnections)/;

  test('whatever it is', { timeout: 120_000 }, () => {
    const accepted = cases().filter((_, index) => problems()[index]?.length === 0);
    const surprising = accepted.filter(({ leaf, value }) => !(value === 1e15 && UNBOUNDED.test(leaf)));
    expect(surprising.map(({ leaf, value }) => `${leaf} = ${String(value).slice(0, 20)}`)).toEqual([]);
  });

  test('a finding names its value', () => {
    const index = cases().findIndex(({ leaf, value }) => leaf === 'names.queue' && value === 'a b');
    expect(problems()[index]).toEqual(['names.queue: the SQS queue name "a b" must match ^[A-Za-z0-9_-]+$']);
  });
});

type Change = (values: StampValues) => Partial<StampValues>;
const capacity =
  (change: Partial<StampValues['capacity']>): Change =>
  (values) => ({ capacity: { ...values.capacity, ...change } });

describe('values that do not fit together', () => {
  test.each<[string, (stamp: StampSpec) => boolean, Change, string]>([
    ['a subnet outside of the VPC', () => true, () => ({ vpcCidr: '192.0.0.0/16' }), 'SUBNET_OUTSIDE_VPC'],
    [
      'subnets that overlap',
      () => true,
      ({ privateSubnets: [first, , third] }) => ({ privateSubnets: [first!, first!, third!] }),
      'SUBNETS_OVERLAP',
    ],
    ['a record of another zone', () => true, () => ({ recordName: 'use1.pool.elsewhere.example.com' }), 'RECORD_OUTSIDE_ZONE'],
    [
      'a certificate with a long first name',
      () => true,
      ({ zoneName }) => ({ certificateNames: [`${'x'.repeat(60)}.${zoneName}`] }),
      'CERTIFICATE_NAME',
    ],
    ['more tasks at least than at most', () => true, capacity({ minTasks: 9, maxTasks: 3 }), 'TASK_COUNTS'],
    [
      'the same of a worker',
      ({ shape }) => shape.worker !== undefined,
      capacity({ workerMinTasks: 9, workerMaxTasks: 3 }),
      'TASK_COUNTS',
    ],
    [
      'as many instances at least as at most',
      ({ shape }) => shape.compute.kind === 'ec2',
      capacity({ minInstances: 3, maxInstances: 3 }),
      'INSTANCE_COUNTS',
    ],
    [
      'capacity of a database upside down',
      ({ values }) => values.capacity.minAcu !== undefined,
      capacity({ minAcu: 64, maxAcu: 8 }),
      'DATABASE_CAPACITY',
    ],
  ])('%s are refused stamped as they are plain', (_what, has, change, code) => {
    const right = stampsOfAllKinds().find((stamp) => has(stamp) && stamp.shape.availabilityZones.length === 3)!;
    const stamp = { ...right, values: { ...right.values, ...change(right.values) } };
    expect(problemsOfStamp(right)).toEqual([]);
    expect(problemsOfStamp(stamp).map((problem) => problem.code)).toEqual([code]);
    const make = () =>
      new StampStack(new App({ analyticsReporting: false }), 'Plain', { shape: stamp.shape, values: stamp.values });
    expect(make).toThrow(code === 'CERTIFICATE_NAME' ? 'Domain name must be 64 characters or less' : `${code}:`);
  });

  test('every stamp of the fleets for tests is right', () => {
    for (const stamp of stampsOfAllKinds()) expect([stamp.id, problemsOfStamp(stamp)]).toEqual([stamp.id, []]);
    for (const group of exampleFleet().fleet.groups) expect(problemsOfRouting(group)).toEqual([]);
  });

  test('names of a group', () => {
    const group = exampleFleet().fleet.groups[0]!;
    const codes = (change: Partial<typeof group>) => problemsOfRouting({ ...group, ...change }).map(({ code }) => code);
    expect(codes({ recordName: 'shop.elsewhere.example.com' })).toEqual(['ROUTING_ZONE']);
    expect(codes({ tenantRecordNames: [group.recordName] })).toEqual(['ROUTING_NAME_CLASH']);
    expect(codes({ recordName: group.stamps[0]!.values.recordName })).toEqual(['ROUTING_GUARDED_NAME']);
  });
});
