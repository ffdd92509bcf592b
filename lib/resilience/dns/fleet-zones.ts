import type { ParsedFleet } from '../../assembly/parsed-fleet';
import type { TargetService } from './alias-target';
import type { CheckState, DnsState, TargetState } from './types';
import type { ZoneInput } from './zone-index';

/** The parts of a parsed assembly that the answers depend on. */
export type FleetDns = Pick<ParsedFleet, 'records' | 'healthChecks' | 'zones' | 'loadBalancers'>;

/** Records and checks of an assembly as input of the model. Private zones stay out: the internet does not see them. */
export function fleetZones(
  fleet: FleetDns,
  /** Names of zones that templates know by their id only. */
  known: readonly { readonly hostedZoneId: string; readonly name: string }[] = [],
): ZoneInput {
  const hidden = new Set(fleet.zones.filter(({ privateZone }) => privateZone).map(({ hostedZoneId }) => hostedZoneId));
  const names = fleet.zones.flatMap(({ hostedZoneId, name }) => (name === undefined ? [] : [{ hostedZoneId, name }]));
  const services = fleet.loadBalancers.flatMap(({ dnsName }): [string, TargetService][] => [
    [dnsName, 'load-balancer'],
    [`dualstack.${dnsName}`, 'load-balancer'],
  ]);
  return {
    records: fleet.records.filter(({ hostedZoneId }) => !hidden.has(hostedZoneId)),
    checks: fleet.healthChecks,
    zones: [...known, ...names],
    services: Object.fromEntries(services),
    checkNames: Object.fromEntries(fleet.healthChecks.flatMap(({ Id, name }) => (name === undefined ? [] : [[Id, name]]))),
  };
}

/** What happened to stamps. */
export interface StampEvents {
  /** Ids of stamps that are dead: their deep checks fail, and so do the targets of their load balancers. */
  readonly down?: readonly string[];
  /** Ids of stamps whose switch says evacuated, in every control Region. */
  readonly evacuated?: readonly string[];
}

/** What checkers and load balancers see of that. */
export function stampState(
  fleet: Pick<FleetDns, 'healthChecks' | 'loadBalancers'>,
  { down = [], evacuated = [] }: StampEvents,
): DnsState {
  const checks = new Map<string, CheckState>();
  const dead = new Set(down);
  const gone = new Set(evacuated);
  for (const { Id, watches } of fleet.healthChecks) {
    if (watches?.kind === 'load-balancer' && watches.stampId !== undefined && dead.has(watches.stampId)) {
      checks.set(Id, { kind: 'endpoint', passes: false });
    }
    // The switch holds the evacuated token instead of the other one: which of them a check looks for decides.
    if (watches?.kind === 'switch' && watches.stampId !== undefined && gone.has(watches.stampId)) {
      checks.set(Id, { kind: 'endpoint', passes: watches.token === 'evacuated' });
    }
  }
  const targets = fleet.loadBalancers.flatMap(({ dnsName, stampId }): [string, TargetState][] =>
    stampId !== undefined && dead.has(stampId) ? [[dnsName, { kind: 'status', healthy: false }]] : [],
  );
  return { checks: Object.fromEntries(checks), targets: Object.fromEntries(targets) };
}
