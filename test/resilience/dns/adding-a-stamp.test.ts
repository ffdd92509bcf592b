import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as route53 from 'aws-cdk-lib/aws-route53';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFleet } from '../../../lib/assembly/parse-fleet';
import type { AssemblyTemplate } from '../../../lib/assembly/read-assembly';
import { RoutingPolicy, type RoutedStamp } from '../../../lib/constructs/routed-stamp';
import { StampRouting } from '../../../lib/constructs/stamp-routing';
import {
  type CheckState,
  type Client,
  type DnsState,
  HealthView,
  type ZoneInput,
  answer,
  fleetZones,
  indexZone,
} from '../../../lib/resilience/dns';
import { once } from '../../support/once';

const ZONE = 'shop.example.com';
const GROUP = `pool.${ZONE}`;
const ACCOUNT = '111111111111';

const STAMPS: readonly RoutedStamp[] = [
  {
    stampId: 'pool-use1',
    region: 'us-east-1',
    recordName: `use1.${GROUP}`,
    weight: 10,
    areas: ['country:US'],
    defaultArea: true,
  },
  { stampId: 'pool-euw1', region: 'eu-west-1', recordName: `euw1.${GROUP}`, weight: 20, areas: ['continent:EU'] },
  { stampId: 'pool-euc1', region: 'eu-central-1', recordName: `euc1.${GROUP}`, weight: 30, areas: ['country:DE'] },
];
const ADDED = STAMPS[2]!.stampId;
const targetOf = (stampId: string) => `${stampId}.us-east-1.elb.amazonaws.com`;

/** Records and checks exactly as StampRouting makes them, and the stamps' own records. */
function zoneOf(policy: RoutingPolicy, stamps: readonly RoutedStamp[]): ZoneInput {
  const stack = new Stack(new App({ analyticsReporting: false, builtinCloudFormationValidation: false }), 'Routing', {
    env: { account: ACCOUNT, region: 'us-east-1' },
  });
  const hostedZone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: ZONE });
  new StampRouting(stack, 'StampRouting', {
    hostedZone,
    recordName: GROUP,
    policy,
    stamps: [...stamps],
    switches: ['us-east-2', 'us-west-2'].map((region, index) => ({
      regionCode: `c${index}`,
      region,
      bucketName: `switches-${index}`,
    })),
    alarms: false,
  });
  for (const { stampId, recordName } of stamps) {
    new route53.CfnRecordSet(stack, `Own-${stampId}`, {
      hostedZoneId: 'Z1',
      name: recordName,
      type: 'A',
      aliasTarget: { dnsName: targetOf(stampId), hostedZoneId: 'Z35SXDOTRQ7X7K', evaluateTargetHealth: true },
    });
  }
  const template = Template.fromStack(stack).toJSON() as AssemblyTemplate;
  const parsed = parseFleet([
    { stackName: 'Routing', account: ACCOUNT, region: 'us-east-1', terminationProtection: false, templateBytes: 1, template },
  ]);
  return fleetZones(parsed, [{ hostedZoneId: 'Z1', name: ZONE }]);
}

/** Checks by the stamp that they belong to, from their names: `pool-use1 deep`, `pool-use1 switch c0`. */
function stateOf(zone: ZoneInput, checkOf: (stampId: string, what: string) => CheckState | undefined): DnsState {
  const states = Object.entries(zone.checkNames ?? {}).flatMap(([id, name]): [string, CheckState][] => {
    const [stampId = '', what = ''] = name.split(' ');
    const state = what === 'in' ? undefined : checkOf(stampId, what);
    return state === undefined ? [] : [[id, state]];
  });
  return { checks: Object.fromEntries(states) };
}

const zones = once(() => {
  const both = (policy: RoutingPolicy) => ({ before: zoneOf(policy, STAMPS.slice(0, 2)), after: zoneOf(policy, STAMPS) });
  return [both(RoutingPolicy.LATENCY), both(RoutingPolicy.WEIGHTED), both(RoutingPolicy.GEOLOCATION)];
});

const CLIENTS: readonly Client[] = ['DE', 'FR', 'US', 'JP', 'BR'].map((country) => ({ country, ednsSubnet: true }));
const NEW: CheckState = { kind: 'no-data' };

describe('adding a stamp', () => {
  test('its new checks have no data, so its verdict is unhealthy: its inverted switches see to that', () => {
    for (const { after } of zones()) {
      const view = new HealthView(
        indexZone(after),
        stateOf(after, (stampId) => (stampId === ADDED ? NEW : undefined)),
      );
      const resolution = answer(view, { name: GROUP, client: CLIENTS[0]! });
      expect(
        resolution.path.some(
          ({ detail }) => detail.includes(ADDED) && detail.includes('unhealthy: ') && detail.includes('not enough data yet'),
        ),
      ).toBe(true);
    }
  });

  test('changes no answer while it has no data, as long as anything that was there is healthy', () => {
    const health = fc.record({ 'pool-use1': fc.boolean(), 'pool-euw1': fc.boolean() });
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 2), health, fc.constantFrom(...CLIENTS), (policy, alive, client) => {
        const { before, after } = zones()[policy]!;
        const world = (zone: ZoneInput) =>
          new HealthView(
            indexZone(zone),
            stateOf(zone, (stampId, what) => {
              if (stampId === ADDED) return NEW;
              return what === 'deep' ? { kind: 'endpoint', passes: alive[stampId as keyof typeof alive] } : undefined;
            }),
          );
        const old = answer(world(before), { name: GROUP, client });
        fc.pre(!old.failOpen);
        const { answers, failOpen, ttl } = answer(world(after), { name: GROUP, client });
        expect({ answers, failOpen, ttl }).toEqual({ answers: old.answers, failOpen: old.failOpen, ttl: old.ttl });
      }),
      { numRuns: 120 },
    );
  });

  test('once it has data, it answers', () => {
    const { after } = zones()[0]!;
    expect(answer(new HealthView(indexZone(after)), { name: GROUP, client: CLIENTS[0]! }).answers).toMatchObject([
      { setIdentifier: ADDED, healthy: true },
    ]);
  });
});
