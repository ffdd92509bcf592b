import { deeplySorted } from '../../order';
import type { FleetRegion } from '../../topology/types';
import type { DataGroup, GlobalDatabase, GroupDataStackProps } from '../group-data-stack';
import type { RoutedFleet, RoutedGroup, RoutingStackProps } from '../routing-stack';
import { placeholder, valuePath } from './placeholders';
import { textToken } from './tokens';
import type { ValueTree } from './value-leaves';

/**
 * What a stack of a group is made from, divided into structure and values. Props are the only thing a stack gets to know: with a mark in the
 * place of every value they *are* its structure, so nothing can be in neither of the two, or in both.
 */
export interface GroupShape<Props> {
  /** Equal for groups whose stacks differ in values only. */
  readonly key: string;
  /** With tokens in the place of the values; made once per shape, because aws-cdk-lib keeps every token. */
  readonly props: () => Props;
  /** What the tokens stand for. */
  readonly values: ValueTree;
}

/** How a value that is text stands in the props: as a token to build with, as a mark to compare. */
type Text = (...keys: readonly string[]) => string;

const asToken: Text = (...keys) => textToken(valuePath(...keys));
const asMark: Text = (...keys) => placeholder(valuePath(...keys));

/** The routing stack of a group. Tags and termination protection are not in a template: each stack has its own. */
export function routingShape(fleet: RoutedFleet, group: RoutedGroup): GroupShape<Pick<RoutingStackProps, 'fleet' | 'group'>> {
  const values = {
    account: group.account,
    name: group.name,
    stack: group.names.routingStack,
    zone: group.zone.name,
    hostedZone: group.zone.hostedZoneId,
    record: group.recordName,
    tenants: group.tenantRecordNames,
    stamps: byRegionCode(group.stamps, ({ id }) => id),
    records: byRegionCode(group.stamps, (stamp) => stamp.values.recordName),
  };
  return { ...keyAndProps((text) => routingProps(fleet, group, text)), values };
}

function routingProps(fleet: RoutedFleet, group: RoutedGroup, text: Text): Pick<RoutingStackProps, 'fleet' | 'group'> {
  return {
    fleet: {
      routingRegion: fleet.routingRegion,
      control: fleet.control,
      alarmSubscriptions: fleet.alarmSubscriptions,
      tags: {},
    },
    group: {
      name: text('name'),
      account: text('account'),
      names: { routingStack: text('stack') },
      zone: { name: text('zone'), hostedZoneId: text('hostedZone') },
      recordName: text('record'),
      // Construct ids as well, where a token is not allowed; in the text of the shape the two look alike.
      tenantRecordNames: group.tenantRecordNames.map((_name, index) => asMark('tenants', String(index))),
      mode: group.mode,
      ...(group.routing !== undefined && { routing: group.routing }),
      tags: {},
      failover: { traffic: group.failover.traffic },
      guards: { terminationProtection: { enabled: false } },
      stamps: group.stamps.map(({ regionCode, preferredRole, shape }) => ({
        id: asMark('stamps', regionCode),
        regionCode,
        preferredRole,
        shape: { region: shape.region },
        values: { recordName: text('records', regionCode) },
      })),
    },
  };
}

/** The data stack of a group. Key ARNs are structure: few groups have their own. */
export function groupDataShape(
  group: DataGroup,
  regions: readonly FleetRegion[],
): GroupShape<Pick<GroupDataStackProps, 'group' | 'regions'>> {
  const values = {
    account: group.account,
    name: group.name,
    stack: group.names.dataStack,
    table: group.names.table,
    globalCluster: group.names.globalCluster,
    stamps: byRegionCode(group.stamps, ({ id }) => id),
  };
  return { ...keyAndProps((text) => ({ group: dataGroup(group, text), regions })), values };
}

function dataGroup(group: DataGroup, text: Text): DataGroup {
  return {
    name: text('name'),
    account: text('account'),
    homeRegion: group.homeRegion,
    tags: {},
    database: globalDatabase(group.database),
    names: { dataStack: text('stack'), table: text('table'), globalCluster: text('globalCluster') },
    guards: { deletionProtection: group.guards.deletionProtection, terminationProtection: { enabled: false } },
    stamps: group.stamps.map(({ regionCode, shape }) => ({
      id: text('stamps', regionCode),
      regionCode,
      shape: { region: shape.region, ...(shape.backup !== undefined && { backup: true }) },
    })),
  };
}

function globalDatabase(database: GlobalDatabase): GlobalDatabase {
  switch (database.engine) {
    case 'dynamodb':
      return database;
    case 'aurora-postgresql':
    case 'aurora-mysql':
      return { engine: database.engine, version: database.version };
    case 'external':
    case 'none':
      return { engine: database.engine };
  }
}

function keyAndProps<Props>(make: (text: Text) => Props): { readonly key: string; readonly props: () => Props } {
  return { key: JSON.stringify(deeplySorted(make(asMark))), props: () => make(asToken) };
}

function byRegionCode<S extends { readonly regionCode: string }>(
  stamps: readonly S[],
  valueOf: (stamp: S) => string,
): Record<string, string> {
  return Object.fromEntries(stamps.map((stamp) => [stamp.regionCode, valueOf(stamp)]));
}
