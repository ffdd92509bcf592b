import { describe, expect, test } from 'vitest';
import { type LiveQuestions, readLive } from '../../../lib/cli/preflight/read-live';
import { FakeQuotas } from './fake-quotas';

const QUESTIONS: LiveQuestions = {
  places: [
    { account: '111111111111', region: 'eu-west-1', lookupRoleArn: 'arn:role' },
    { account: '111111111111', region: 'us-west-2' },
    { account: '222222222222', region: 'us-west-2' },
  ],
  quotas: ['vpcs', 'elasticIps', 'healthChecks', 'roles', 'resourcesPerTemplate', 'tasksPerService'],
  zones: [
    { account: '111111111111', hostedZoneId: 'Z1' },
    { account: '222222222222', hostedZoneId: 'Z2' },
  ],
  stackNames: new Set(['shop-a', 'shop-b']),
};

describe('readLive', () => {
  test('takes quotas of Regions where they hold, and global ones once in us-east-1', async () => {
    const quotas = new FakeQuotas();
    quotas.quotaValues = new Map([
      ['L-F678F1CE', 40],
      ['L-FE177D64', 2000],
    ]);
    const { known } = await readLive(quotas, QUESTIONS);
    expect(known.filter(({ account }) => account === '111111111111')).toEqual([
      { quota: 'roles', value: 2000, account: '111111111111', from: 'live' },
      { quota: 'vpcs', value: 40, account: '111111111111', region: 'eu-west-1', from: 'live' },
      { quota: 'vpcs', value: 40, account: '111111111111', region: 'us-west-2', from: 'live' },
    ]);
    expect(quotas.asked.filter((call) => call === 'values us-east-1 iam')).toHaveLength(2);
    expect(quotas.asked.some((call) => call.includes('cloudformation') || call.includes(' ecs'))).toBe(false);
  });

  test('takes what is in use, which stacks exist, and what is missing', async () => {
    const quotas = new FakeQuotas();
    quotas.checks = { limit: 300, used: 12 };
    quotas.zones = { Z1: 40 };
    quotas.stackNames = new Set(['shop-a', 'theirs']);
    quotas.bootstrapped = false;
    const readings = await readLive(quotas, QUESTIONS);
    expect(readings.known).toContainEqual({ quota: 'healthChecks', value: 300, account: '222222222222', from: 'live' });
    expect(readings.inUse).toContainEqual({ quota: 'healthChecks', account: '111111111111', used: 12 });
    expect(readings.inUse).toContainEqual({ quota: 'recordsPerZone', account: '111111111111', resource: 'Z1', used: 40 });
    expect(readings.inUse).toContainEqual({ quota: 'stacks', account: '222222222222', region: 'us-west-2', used: 2 });
    expect([...readings.deployed].sort()).toEqual([
      '111111111111/eu-west-1/shop-a',
      '111111111111/us-west-2/shop-a',
      '222222222222/us-west-2/shop-a',
    ]);
    expect(readings.missingZones).toEqual([{ account: '222222222222', hostedZoneId: 'Z2' }]);
    expect(readings.notBootstrapped).toHaveLength(3);
  });

  test('never takes the answers of one account for those of another', async () => {
    const quotas = new FakeQuotas();
    quotas.credentials = () => '111111111111';
    quotas.checks = { limit: 300, used: 12 };
    quotas.quotaValues = new Map([['L-F678F1CE', 40]]);
    const { known, unread } = await readLive(quotas, QUESTIONS);
    expect(known.every(({ account }) => account === '111111111111')).toBe(true);
    expect(unread).toContainEqual({
      account: '222222222222',
      region: 'us-west-2',
      what: 'anything',
      reason: 'the credentials are those of account 111111111111',
    });
  });

  test('notes what is refused, and goes on', async () => {
    const quotas = new FakeQuotas();
    quotas.quotaValues = undefined;
    quotas.stackNames = undefined;
    const { unread, known } = await readLive(quotas, QUESTIONS);
    expect(known).toEqual([]);
    expect(new Set(unread.map(({ what }) => what))).toEqual(
      new Set([
        'ranges of the health checkers',
        'quotas of iam',
        'quotas of route53',
        'quotas of vpc',
        'quotas of ec2',
        'health checks in use',
        'records of Z1',
        'records of Z2',
        'stacks',
      ]),
    );
  });

  test('without credentials asks once and says so', async () => {
    const quotas = new FakeQuotas();
    quotas.ranges = { read: false, reason: 'CredentialsProviderError: Could not load credentials from any providers' };
    const { unread } = await readLive(quotas, QUESTIONS);
    expect(quotas.asked).toEqual(['checkerRanges']);
    expect(unread).toHaveLength(1);
  });

  test('asks nothing for no stacks', async () => {
    const quotas = new FakeQuotas();
    expect((await readLive(quotas, { ...QUESTIONS, places: [] })).known).toEqual([]);
    expect(quotas.asked).toEqual([]);
  });
});
