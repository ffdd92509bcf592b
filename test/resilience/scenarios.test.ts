import { describe, expect, test } from 'vitest';
import { fleetDemand } from '../../lib/resilience/fleet-demand';
import { prove } from '../../lib/resilience/prove';
import type { Verdict } from '../../lib/resilience/types';
import { exampleFleet } from '../support/loaded-fleets';
import { exampleAssembly, factsOf } from '../support/mutate-assembly';
import { once } from '../support/once';

const facts = once(() => factsOf(exampleAssembly()));
const demand = once(() => fleetDemand(exampleFleet().fleet));
const proof = once(() => prove(facts(), demand()));

function verdictOf(group: string, failure: string): Verdict {
  const found = proof()
    .groups.find((candidate) => candidate.group === group)
    ?.verdicts.find((verdict) => verdict.failure === failure);
  if (found === undefined) throw new Error(`no verdict on ${failure} of ${group}`);
  return found;
}

/** Names of the terms that decide. */
function critical({ worst }: Verdict): string {
  return worst.rto.terms
    .filter((term) => term.critical && term.pessimistic > 0)
    .map(({ name }) => name)
    .join(' ');
}

describe('what each failure does to the example fleet', { timeout: 60_000 }, () => {
  test.each<[group: string, failure: string, effect: string, rto: number, rpo: number, terms: string]>([
    ['enterprise', 'region:use1', 'operator', 1048, 30, 'detection decision lease promote reconnect verify'],
    [
      'enterprise',
      'database:enterprise-use1',
      'operator',
      1138,
      30,
      'writer-grace detection decision lease promote reconnect verify',
    ],
    ['enterprise', 'writer:enterprise', 'recovers', 90, 0, 'writer-failover writer-reconnect'],
    ['enterprise', 'az:use1a', 'recovers', 240, 0, 'zone-removal zone-ttl zone-client'],
    ['enterprise', 'data:enterprise', 'operator', 7870, 300, 'decision lease restore cutover verify'],
    ['enterprise', 'queue:enterprise-use1', 'reduced', 0, 0, ''],
    ['enterprise', 'dependency:payments-api', 'reduced', 0, 0, ''],
    ['enterprise', 'control:use2', 'none', 0, 0, ''],
    ['enterprise', 'plane:us-east-1', 'none', 0, 0, ''],
    ['pool', 'region:use1', 'recovers', 228, 10, 'detection propagation ttl client'],
    ['pool', 'database:pool-use1', 'recovers', 318, 10, 'writer-grace detection propagation ttl client'],
    ['pool', 'deployment:pool-use1', 'recovers', 600, 0, 'deployment-alarm metric-delay roll-back'],
    ['pool', 'checkers:majority', 'none', 0, 0, ''],
    ['internal', 'az:euw1a', 'recovers', 240, 0, 'zone-removal zone-ttl zone-client'],
  ])('%s %s: %s, rto %d s, rpo %d s', (group, failure, effect, rto, rpo, terms) => {
    const verdict = verdictOf(group, failure);
    expect(verdict.worst).toMatchObject({ effect, rto: { pessimistic: rto }, rpo: { pessimistic: rpo } });
    expect(critical(verdict)).toBe(terms);
    expect(verdict.state).toBe('holds');
  });

  test('a standby with rds.global_db_rpo has its price: losing it stops writes until an operator lifts the cap', () => {
    const before = verdictOf('enterprise', 'region:usw2').outcomes.find(({ orientation }) => orientation === 'before');
    expect(before).toMatchObject({ effect: 'operator', needsOperator: true, rto: { pessimistic: 718 } });
    expect(before?.rto.terms.map(({ name }) => name)).toContain('lift-lag-cap');
  });

  test('after a failover nothing caps the lag, and Route 53 falls open to the evacuated primary', () => {
    const after = verdictOf('enterprise', 'region:usw2').outcomes.find(({ orientation }) => orientation === 'after');
    expect(after).toMatchObject({
      rpo: { pessimistic: 10 },
      first: { failOpen: true, answers: [{ stampId: 'enterprise-use1', writes: false }] },
    });
  });

  test('a single stamp says plainly what it cannot survive, and it does not gate', () => {
    expect(verdictOf('internal', 'region:euw1')).toMatchObject({ state: 'reported', gates: false, worst: { effect: 'lost' } });
    expect(proof().groups.find(({ group }) => group === 'internal')?.survivesNot).toContain('It is a single stamp');
  });

  test('an accepted pair stays in the report, with its reason', () => {
    expect(verdictOf('enterprise', 'region:use1+region:usw2')).toMatchObject({
      state: 'accepted',
      reason: 'two Regions at once is out of scope',
    });
  });

  test.each([
    [300, 'holds'],
    [200, 'violated'],
  ])('a promised pair gates: inside %d s it is %s', (rto, state) => {
    const { fleet } = exampleFleet();
    const promised = fleet.groups.map((group) =>
      group.name === 'pool'
        ? {
            ...group,
            objectives: { ...group.objectives, availability: { rto, rpo: 30 }, survive: ['region:use1+region:us-west-2'] },
          }
        : group,
    );
    const verdicts = prove(facts(), fleetDemand({ ...fleet, groups: promised }))
      .groups.filter(({ group }) => group === 'pool')
      .flatMap((group) => group.verdicts);
    expect(verdicts.find(({ failure }) => failure === 'region:use1+region:usw2')).toMatchObject({ gates: true, state });
  });

  test('the blast radius of a Region names its groups, tenants and share of the tasks', () => {
    const region = proof().blast.find(({ failure }) => failure === 'region:use1');
    expect(region).toMatchObject({ groups: ['enterprise', 'pool'], tenants: 6, tenantShare: 1 });
    expect(region?.capacityShare).toBeGreaterThan(0.3);
  });

  test('the numbers of pairs add up', () => {
    const { pairs, singles, independent, felt, contained, symmetric, sameShape } = proof().counts;
    expect(pairs).toBe((singles * (singles - 1)) / 2);
    expect(independent).toBeLessThan(pairs);
    expect(felt).toBeGreaterThan(contained + symmetric + sameShape);
  });

  test('groups of one shape are judged once, under their own names', () => {
    const { fleet } = exampleFleet();
    const parsed = facts();
    const twice = fleetDemand({ ...fleet, groups: [...fleet.groups, ...fleet.groups.filter(({ name }) => name === 'pool')] });
    const { counts } = prove(parsed, twice, { singlesOnly: true });
    expect(counts).toMatchObject({ groups: 4, shapes: 3 });
  });

  test('the same facts in another order give the same proof', () => {
    const parsed = facts();
    const reversed = { ...parsed, records: [...parsed.records].reverse(), healthChecks: [...parsed.healthChecks].reverse() };
    const text = ({ groups }: ReturnType<typeof prove>): string =>
      JSON.stringify(
        groups.flatMap(({ verdicts }) => verdicts.map(({ failure, state, worst }) => [failure, state, worst.rto, worst.rpo])),
      );
    expect(text(prove(reversed, demand(), { singlesOnly: true }))).toBe(text(prove(parsed, demand(), { singlesOnly: true })));
  });

  test('an override of an assumption changes the bound by as much', () => {
    const faster = prove(facts(), { ...demand(), assumptions: { decisionTime: 60 } }, { fail: 'region:use1' });
    const [verdict] = faster.groups.find(({ group }) => group === 'enterprise')?.verdicts ?? [];
    expect(verdict?.worst.rto.pessimistic).toBe(1048 - 240);
  });
});
