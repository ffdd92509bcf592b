import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Limits } from '../../lib/preflight/known-quotas';
import { type AccountLoad, type Proposal, proposeSplit } from '../../lib/preflight/propose-split';
import type { Usage } from '../../lib/preflight/usage';
import { ACCOUNT } from './assembly';

const checks = (used: number): Usage => ({ quota: 'healthChecks', account: ACCOUNT, used });
const addresses = (used: number, region = 'us-east-1'): Usage => ({ quota: 'elasticIps', account: ACCOUNT, region, used });

function load(groups: Record<string, Usage[]>, fixed: Usage[] = []): AccountLoad {
  return { account: ACCOUNT, groups: new Map(Object.entries(groups)), fixed };
}

/** Groups `g000` and so on with the same need. */
function equalGroups(count: number, usages: Usage[]): Record<string, Usage[]> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`g${String(index).padStart(3, '0')}`, usages]));
}

const sizes = (proposal: Proposal | undefined): Record<string, number> | undefined =>
  proposal?.split && Object.fromEntries(proposal.split.map(({ account, groups }) => [account, groups.length]));

describe('proposeSplit', () => {
  test('has nothing to say about an account that is large enough', () => {
    expect(proposeSplit(load(equalGroups(25, [checks(8)])), new Limits())).toBeUndefined();
  });

  test('names the raise, and how many accounts would do instead: 1,000 stamps of four checks need 20', () => {
    const proposal = proposeSplit(load(equalGroups(500, [checks(8)])), new Limits());
    expect(proposal?.raises).toEqual([{ quota: 'healthChecks', from: 200, to: 4000, possible: true }]);
    expect(proposal?.split).toHaveLength(20);
    expect(new Set(Object.values(sizes(proposal)!))).toEqual(new Set([25]));
    expect(proposal?.split?.[0]).toMatchObject({ account: ACCOUNT, raises: [] });
    expect(proposal?.split?.[1]).toMatchObject({ account: 'new account 1' });
  });

  test('what stays in the account takes room there, and only there', () => {
    expect(sizes(proposeSplit(load(equalGroups(50, [checks(8)]), [checks(100)]), new Limits()))).toEqual({
      [ACCOUNT]: 12,
      'new account 1': 25,
      'new account 2': 13,
    });
  });

  test('what is to be raised in each account is said with the split', () => {
    const proposal = proposeSplit(load(equalGroups(50, [checks(8), addresses(3)])), new Limits());
    expect(proposal?.raises).toContainEqual({ quota: 'elasticIps', region: 'us-east-1', from: 5, to: 150, possible: true });
    expect(proposal?.split?.map(({ raises }) => raises)).toEqual([
      [{ quota: 'elasticIps', region: 'us-east-1', from: 5, to: 75, possible: true }],
      [{ quota: 'elasticIps', region: 'us-east-1', from: 5, to: 75, possible: true }],
    ]);
  });

  test('quotas of a Region alone are raised, not split by', () => {
    const proposal = proposeSplit(load(equalGroups(10, [addresses(3)])), new Limits());
    expect(proposal).toEqual({
      account: ACCOUNT,
      raises: [{ quota: 'elasticIps', region: 'us-east-1', from: 5, to: 30, possible: true }],
    });
  });

  test('the fullest Availability Zone counts, not their sum', () => {
    const zones: Usage[] = ['a', 'b'].map((resource) => ({
      quota: 'natGatewaysPerZone',
      account: ACCOUNT,
      region: 'us-east-1',
      resource,
      used: 6,
    }));
    expect(proposeSplit(load({ web: zones }), new Limits())?.raises).toMatchObject([{ quota: 'natGatewaysPerZone', to: 6 }]);
  });

  test('a need above what AWS is known to give is not possible', () => {
    const roles: Usage = { quota: 'roles', account: ACCOUNT, used: 60 };
    const proposal = proposeSplit(load(equalGroups(100, [roles])), new Limits());
    expect(proposal?.raises).toEqual([{ quota: 'roles', from: 1000, to: 6000, possible: false }]);
    expect(proposal?.split).toHaveLength(7);
  });

  test('a group that is too large for any account keeps one to itself, with the raise it needs', () => {
    const proposal = proposeSplit(load({ giant: [checks(300)], tiny: [checks(4)] }), new Limits());
    expect(proposal?.split).toEqual([
      { account: ACCOUNT, groups: ['tiny'], raises: [] },
      { account: 'new account 1', groups: ['giant'], raises: [{ quota: 'healthChecks', from: 200, to: 300, possible: true }] },
    ]);
  });

  test('a quota that was raised in this account does not count for new ones', () => {
    const limits = new Limits([{ quota: 'healthChecks', value: 400, account: ACCOUNT, from: 'live' }]);
    expect(sizes(proposeSplit(load(equalGroups(75, [checks(8)])), limits))).toEqual({ [ACCOUNT]: 50, 'new account 1': 25 });
  });

  test('keeps every group exactly once, fills no account above its limit, and does not depend on the order', () => {
    const needs = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.integer({ min: 1, max: 200 }), { minKeys: 2, maxKeys: 40 });
    fc.assert(
      fc.property(needs, (groups) => {
        const entries = Object.entries(groups).map(([name, used]): [string, Usage[]] => [name, [checks(used)]]);
        const proposal = proposeSplit(load(Object.fromEntries(entries)), new Limits());
        expect(proposeSplit(load(Object.fromEntries(entries.reverse())), new Limits())).toEqual(proposal);
        if (proposal?.split === undefined) return;
        expect(proposal.split.flatMap((part) => part.groups).sort()).toEqual(Object.keys(groups).sort());
        for (const part of proposal.split) {
          expect(part.groups.reduce((sum, group) => sum + groups[group]!, 0)).toBeLessThanOrEqual(200);
        }
        // First-fit decreasing never takes more than 11/9 of the best, plus one.
        const least = Math.ceil(Object.values(groups).reduce((sum, used) => sum + used, 0) / 200);
        expect(proposal.split.length).toBeLessThanOrEqual(Math.ceil(2 * least) + 1);
      }),
    );
  });
});
