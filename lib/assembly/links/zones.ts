import type { NetworkFact, SubnetFact } from '../facts/networks';
import { compareText } from '../../order';
import type { Drafts } from '../readers/drafts';
import { definedOf } from '../resource-view';
import { grouped, NameIndex, placed, sortedUnique, type LinkContext } from './link-context';

/** Networks, and the zones of any list of subnets. */
export interface LinkedNetworks {
  readonly networks: readonly NetworkFact[];
  /** Sorted; subnets of which nothing is known count for nothing. */
  readonly zonesOf: (subnets: readonly string[]) => readonly string[];
}

export function linkNetworks(drafts: Drafts, context: LinkContext): LinkedNetworks {
  const byReference = new NameIndex<Drafts['subnets'][number]>();
  for (const subnet of drafts.subnets) byReference.add(subnet, subnet.reference);
  const zoneOf = (subnet: string | undefined): string | undefined => byReference.find(subnet)?.availabilityZone;
  const natZones = natZoneOfSubnets(drafts, zoneOf);
  const subnetsOf = grouped(drafts.subnets, ({ network }) => network);
  const gatewaysOf = grouped(drafts.natGateways, ({ subnet }) => byReference.find(subnet)?.network);
  const endpointsOf = grouped(drafts.endpoints, ({ network }) => network);

  const networks = drafts.networks.map(({ reference, ...fact }): NetworkFact => {
    const subnets = subnetsOf.get(reference) ?? [];
    return placed(
      {
        ...fact,
        availabilityZones: sortedUnique(subnets.flatMap(({ availabilityZone }) => availabilityZone ?? [])),
        subnets: subnets
          .map(({ id, cidr, availabilityZone, reference: subnet }): SubnetFact =>
            definedOf({ id, cidr, availabilityZone, natZone: natZones.get(subnet) }),
          )
          .sort((a, b) => compareText(a.id, b.id)),
        natGateways: (gatewaysOf.get(reference) ?? [])
          .map(({ id, subnet }) => definedOf({ id, availabilityZone: zoneOf(subnet) }))
          .sort((a, b) => compareText(a.id, b.id)),
        endpoints: sortedUnique((endpointsOf.get(reference) ?? []).map(({ service }) => service)),
      },
      context,
    );
  });
  return { networks, zonesOf: (subnets) => sortedUnique(subnets.flatMap((subnet) => zoneOf(subnet) ?? [])) };
}

function natZoneOfSubnets(
  drafts: Drafts,
  zoneOf: (subnet: string | undefined) => string | undefined,
): ReadonlyMap<string, string> {
  const gateways = new Map(drafts.natGateways.map(({ reference, subnet }) => [reference, zoneOf(subnet)] as const));
  const zoneOfTable = new Map(drafts.routes.map(({ table, natGateway }) => [table, gateways.get(natGateway)] as const));
  const found = new Map<string, string>();
  for (const { table, subnet } of drafts.routeTableAssociations) {
    const zone = zoneOfTable.get(table);
    if (zone !== undefined) found.set(subnet, zone);
  }
  return found;
}
