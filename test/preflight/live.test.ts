import { describe, expect, test } from 'vitest';
import { CHECKER_RANGES } from '../../lib/facts/checker-ranges';
import { liveFindings, type LiveReadings, usedByOthers } from '../../lib/preflight/live';
import { ACCOUNT } from './assembly';

const NOTHING: LiveReadings = { known: [], inUse: [], deployed: new Set(), notBootstrapped: [], missingZones: [], unread: [] };
const codes = (readings: Partial<LiveReadings>): string[] =>
  liveFindings({ ...NOTHING, ...readings }).map(({ code, severity }) => `${severity} ${code}`);

describe('usedByOthers', () => {
  const inUse = usedByOthers(
    {
      ...NOTHING,
      inUse: [
        { quota: 'healthChecks', account: ACCOUNT, used: 30 },
        { quota: 'stacks', account: ACCOUNT, region: 'us-east-1', used: 2 },
      ],
    },
    [
      { quota: 'healthChecks', account: ACCOUNT, used: 8 },
      { quota: 'healthChecks', account: ACCOUNT, used: 4 },
      { quota: 'stacks', account: ACCOUNT, region: 'us-east-1', used: 5 },
    ],
  );

  test('is the total without what the fleet’s own deployed stacks have', () => {
    expect(inUse({ quota: 'healthChecks', account: ACCOUNT, used: 24 })).toBe(18);
  });

  test('is never less than nothing, and unknown where nothing was read', () => {
    expect(inUse({ quota: 'stacks', account: ACCOUNT, region: 'us-east-1', used: 5 })).toBe(0);
    expect(inUse({ quota: 'vpcs', account: ACCOUNT, region: 'us-east-1', used: 1 })).toBeUndefined();
    expect(inUse({ quota: 'healthChecks', account: '222222222222', used: 1 })).toBeUndefined();
  });
});

describe('liveFindings', () => {
  test('has nothing to say when the ranges are those of the kit, or could not be read', () => {
    expect(codes({ checkerRanges: [...CHECKER_RANGES].reverse() })).toEqual([]);
    expect(codes({})).toEqual([]);
  });

  test('fails when Route 53 checks from a range that the web ACL turns away', () => {
    const [finding] = liveFindings({ ...NOTHING, checkerRanges: [...CHECKER_RANGES, '198.51.100.0/24'] });
    expect(finding).toMatchObject({ code: 'checker-range-missing', severity: 'error' });
    expect(finding!.message).toContain('198.51.100.0/24');
  });

  test('a range that is gone only widens what is let in', () => {
    expect(codes({ checkerRanges: CHECKER_RANGES.slice(1) })).toEqual(['info checker-range-gone']);
  });

  test('fails for an environment without bootstrap and for a zone that is not there', () => {
    expect(
      codes({
        notBootstrapped: [{ account: ACCOUNT, region: 'us-east-1' }],
        missingZones: [{ account: ACCOUNT, hostedZoneId: 'Z1' }],
      }),
    ).toEqual(['error not-bootstrapped', 'error zone-missing']);
  });

  test('what could not be read is said once per reason, and stops nothing', () => {
    const unread = ['vpc', 'ec2', 'ecs', 'rds'].map((service) => ({
      account: ACCOUNT,
      what: `quotas of ${service}`,
      reason: 'AccessDenied',
    }));
    const findings = liveFindings({
      ...NOTHING,
      unread: [...unread, { account: '222222222222', what: 'anything', reason: 'AccessDenied' }],
    });
    expect(findings.map(({ severity }) => severity)).toEqual(['info', 'info']);
    expect(findings[0]!.message).toBe(
      `account ${ACCOUNT}: could not read quotas of ec2, quotas of ecs, quotas of rds and 1 more (AccessDenied)`,
    );
  });
});
