import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ZoneInput } from '../../lib/resilience/dns';
import { ZoneState } from '../../lib/lab/internet/zone-state';
import { LabTime } from '../../lib/lab/time/lab-time';

const ZONE = 'Z1';
const alias = (name: string, target: string) => ({
  Name: name,
  Type: 'A',
  hostedZoneId: ZONE,
  AliasTarget: { HostedZoneId: ZONE, DNSName: target, EvaluateTargetHealth: true },
});
const zones: ZoneInput = {
  zones: [{ hostedZoneId: ZONE, name: 'example.com' }],
  services: { 'one.elb': 'load-balancer', 'two.elb': 'load-balancer' },
  records: [
    { ...alias('app.example.com', 'one.example.com'), SetIdentifier: 'primary', Failover: 'PRIMARY', HealthCheckId: 'deep' },
    { ...alias('app.example.com', 'two.example.com'), SetIdentifier: 'secondary', Failover: 'SECONDARY' },
    alias('one.example.com', 'one.elb'),
    alias('two.example.com', 'two.elb'),
  ],
  checks: [{ Id: 'deep', HealthCheckConfig: { Type: 'HTTPS', FullyQualifiedDomainName: 'one.example.com' } }],
};
const LOCATIONS = ['l1', 'l2', 'l3', 'l4', 'l5', 'l6', 'l7', 'l8'];

let state: ZoneState;
let changes: number;
beforeEach(() => {
  vi.useFakeTimers();
  changes = 0;
  state = new ZoneState(
    zones,
    new LabTime(10),
    () => 1,
    2,
    () => (changes += 1),
  );
  for (const location of LOCATIONS) state.know('deep', location, 'pass');
});
afterEach(() => {
  vi.useRealTimers();
});

const answer = (): string | undefined => state.resolve('app.example.com', 'A', 'us-east-1').answers[0]?.alias;

describe('verdicts of checkers', () => {
  test('reach DNS after the propagation, divided by the speed', () => {
    for (const location of LOCATIONS) state.report('deep', location, 'fail');
    vi.advanceTimersByTime(499);
    expect(answer()).toContain('one.elb');
    vi.advanceTimersByTime(2);
    expect(answer()).toContain('two.elb');
    expect(changes).toBe(8);
  });

  // 2 checkers for each of 8 locations: 2 of 16 are 12.5 %, 4 are 25 %.
  test.each([
    [7, false],
    [6, true],
  ])('with %d of 8 locations failing, more than 18 %% say healthy: %s', (failing, healthy) => {
    for (const location of LOCATIONS.slice(0, failing)) state.know('deep', location, 'fail');
    expect(state.healthy('deep')).toBe(healthy);
  });
});

test('a load balancer without healthy targets is left', () => {
  state.target('one.elb', { kind: 'load-balancer', targetGroups: [{ registered: 3, healthy: 0 }] });
  expect(answer()).toContain('two.elb');
});

test('when nothing is healthy the primary answers', () => {
  for (const name of ['one.elb', 'two.elb']) state.target(name, { kind: 'load-balancer', working: false, targetGroups: [] });
  expect(answer()).toContain('one.elb');
});
