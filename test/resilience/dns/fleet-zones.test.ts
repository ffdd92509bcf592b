import { describe, expect, test } from 'vitest';
import type { ParsedHealthCheck, ParsedRecord } from '../../../lib/assembly/facts/dns';
import type { LoadBalancerFact } from '../../../lib/assembly/facts/edge';
import { type FleetDns, type StampEvents, fleetZones, resolve, stampState } from '../../../lib/resilience/dns';
import { CLIENT, ZONE_ID, alias, check } from './zone';

const origin = (logicalId: string) => ({
  id: `s/${logicalId}`,
  origin: { stack: 's', logicalId, account: '111111111111', region: 'us-east-1' },
});
const dnsName = (stamp: string) => `[s.${stamp}.DNSName]`;

interface Wiring {
  readonly evaluates?: boolean;
  readonly automatic?: boolean;
  readonly token?: 'evacuated' | 'other';
}

/** A failover pair of stamps, each with a deep check and two switches under one verdict. */
function fleet({ evaluates = true, automatic = true, token = 'evacuated' }: Wiring = {}): FleetDns {
  const stamps = ['a', 'b'];
  const record = (id: string, set: ReturnType<typeof alias>, hostedZoneId = ZONE_ID): ParsedRecord => ({
    ...origin(id),
    ...set,
    hostedZoneId,
    leadsTo: [],
  });
  const group = (id: string, role: 'PRIMARY' | 'SECONDARY') =>
    record(
      `group-${id}`,
      alias('g.example.com', `${id}.example.com`, { SetIdentifier: id, Failover: role, HealthCheckId: `${id} in service` }),
    );
  return {
    zones: [
      { hostedZoneId: ZONE_ID, account: '111111111111', privateZone: false },
      { hostedZoneId: 'ZPRIVATE', name: 'example.com', account: '111111111111', privateZone: true },
    ],
    records: [
      group('a', 'PRIMARY'),
      group('b', 'SECONDARY'),
      ...stamps.map((id) => record(id, alias(`${id}.example.com`, `dualstack.${dnsName(id)}`, {}, evaluates))),
      record('inside', alias('secret.example.com', 'x.us-east-1.elb.amazonaws.com'), 'ZPRIVATE'),
    ],
    healthChecks: stamps.flatMap((stampId): ParsedHealthCheck[] => {
      const switchCheck = (region: string): ParsedHealthCheck => ({
        ...origin(`${stampId}-${region}`),
        ...check(`${stampId} switch ${region}`, { Type: 'HTTPS_STR_MATCH', Inverted: true, SearchString: 'evacuated' }),
        watches: { kind: 'switch', bucketId: region, region, key: `switches/${stampId}`, stampId, token, readers: 'all' },
      });
      const switches = ['use2', 'usw2'].map(switchCheck);
      const children = [...(automatic ? [`${stampId} deep`] : []), ...switches.map(({ Id }) => Id)];
      return [
        {
          ...origin(`${stampId}-deep`),
          ...check(`${stampId} deep`),
          watches: { kind: 'load-balancer', loadBalancerId: stampId, stampId, path: '/.stamp/health' },
        },
        ...switches,
        {
          ...origin(`${stampId}-verdict`),
          ...check(`${stampId} in service`, {
            Type: 'CALCULATED',
            HealthThreshold: children.length,
            ChildHealthChecks: children,
          }),
          name: `${stampId} verdict`,
        },
      ];
    }),
    loadBalancers: stamps.map(
      (stampId) => ({ ...origin(`lb-${stampId}`), stampId, dnsName: dnsName(stampId) }) as unknown as LoadBalancerFact,
    ),
  };
}

function ask(dns: FleetDns, events: StampEvents, name = 'g.example.com') {
  return resolve(fleetZones(dns, [{ hostedZoneId: ZONE_ID, name: 'example.com' }]), {
    name,
    client: CLIENT,
    state: stampState(dns, events),
  });
}

describe('a fleet’s names while stamps are down or evacuated', () => {
  test.each<[row: string, events: StampEvents, answer: string, healthy: boolean, failOpen: boolean]>([
    ['nothing happened', {}, 'a', true, false],
    ['the primary is down', { down: ['a'] }, 'b', true, false],
    ['the primary is evacuated', { evacuated: ['a'] }, 'b', true, false],
    ['the secondary is down', { down: ['b'] }, 'a', true, false],
    ['both are down: open toward the primary', { down: ['a', 'b'] }, 'a', false, true],
    [
      'the primary is down, the secondary evacuated: open toward the dead primary',
      { down: ['a'], evacuated: ['b'] },
      'a',
      false,
      true,
    ],
    [
      'the primary is evacuated, the secondary down: open toward the evacuated primary',
      { down: ['b'], evacuated: ['a'] },
      'a',
      false,
      true,
    ],
  ])('%s', (_row, events, answer, healthy, failOpen) => {
    expect(ask(fleet(), events)).toMatchObject({
      failOpen,
      answers: [{ setIdentifier: answer, alias: `dualstack.${dnsName(answer)}`, healthy, ttl: 60 }],
    });
  });

  test('manual traffic: a dead primary goes on answering until it is evacuated', () => {
    const manual = fleet({ evaluates: false, automatic: false });
    expect(ask(manual, { down: ['a'] })).toMatchObject({ failOpen: false, answers: [{ setIdentifier: 'a', healthy: false }] });
    expect(ask(manual, { down: ['a'], evacuated: ['a'] })).toMatchObject({
      failOpen: false,
      answers: [{ setIdentifier: 'b', healthy: true }],
    });
  });

  test('a switch check that looks for another token does not see an evacuation', () => {
    expect(ask(fleet({ token: 'other' }), { evacuated: ['a'] })).toMatchObject({ answers: [{ setIdentifier: 'a' }] });
  });

  test('private zones stay out, checks go by their names, load balancers are known without their suffix', () => {
    expect(ask(fleet(), {}, 'secret.example.com').status).toBe('name-error');
    const { path, assumptions } = ask(fleet(), {});
    expect(path.some(({ detail }) => detail.includes('a verdict: 3 of 3 checks healthy'))).toBe(true);
    expect(assumptions).toEqual([]);
  });
});
