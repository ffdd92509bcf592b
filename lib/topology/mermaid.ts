import { controlTableRole } from './control-plane';
import type { Fleet, FleetRegion, StampSpec, TenantGroup } from './types';

/**
 * The fleet as a Mermaid flowchart: AWS Regions as subgraphs with their stamps and control Regions, the groups' DNS names
 * with the role of each stamp, and the data flows between stamps.
 *
 * Node ids are counted, never taken from names, and names stand in quoted and escaped labels: whatever a group is called (`end`
 * is a keyword), the text stays valid.
 */
export function toMermaid(fleet: Fleet): string {
  const stamps = fleet.groups.flatMap((group) => group.stamps);
  const idOf = new Map(stamps.map((stamp, index) => [stamp.id, `s${index}`]));
  const lines = ['flowchart LR'];
  fleet.groups.forEach((group, index) => {
    const tenants = group.tenants.length === 0 ? '' : `\n${counted(group.tenants.length, 'tenant')}`;
    lines.push(`  g${index}([${label(`${group.recordName}${tenants}`)}])`);
  });
  fleet.regions.forEach((region, index) => {
    const here = stamps.filter((stamp) => stamp.regionCode === region.code);
    const control = controlLines(fleet, region, index);
    if (here.length === 0 && control.length === 0) return;
    lines.push(`  subgraph r${index}[${label(`${region.code}: ${region.region}`)}]`);
    lines.push(...here.map((stamp) => `    ${nodeOf(idOf, stamp)}[${label(stampLabel(stamp))}]`), ...control, '  end');
  });
  fleet.groups.forEach((group, index) => {
    lines.push(...group.stamps.map((stamp) => `  g${index} ${routeArrow(stamp)} ${nodeOf(idOf, stamp)}`));
    lines.push(...dataFlows(group, idOf));
  });
  return `${lines.join('\n')}\n`;
}

const TABLE_ROLES = { owner: 'control table', replica: 'table replica', witness: 'witness of the control table' } as const;

/** Switches and table in one node: they often share a Region, and need not. */
function controlLines({ control }: Fleet, { code, region }: FleetRegion, index: number): string[] {
  const role = controlTableRole(control, region);
  const holds = [
    ...(control.members.some((member) => member.code === code) ? ['switches'] : []),
    ...(control.joining.some((member) => member.code === code) ? ['switches, joining'] : []),
    ...(role === undefined ? [] : [TABLE_ROLES[role]]),
  ];
  return holds.length === 0 ? [] : [`    c${index}[(${label(holds.join(', '))})]`];
}

function stampLabel({ id, values, home, shape }: StampSpec): string {
  const engine = shape.database.engine === 'none' ? '' : `\n${shape.database.engine}${home ? ', home' : ''}`;
  return `${id}\n${values.vpcCidr}${engine}`;
}

/** A standby is reached only when the primary is not. */
function routeArrow(stamp: StampSpec): string {
  const arrow = stamp.preferredRole === 'standby' ? '-.->' : '-->';
  return `${arrow}|${label(stamp.preferredRole)}|`;
}

function dataFlows(group: TenantGroup, idOf: ReadonlyMap<string, string>): string[] {
  const { stamps, database } = group;
  const home = stamps.find((stamp) => stamp.home);
  if (database.engine === 'dynamodb') {
    return pairs(stamps).map(
      ([a, b]) => `  ${nodeOf(idOf, a)} <-->|${label(`table, ${database.consistency}`)}| ${nodeOf(idOf, b)}`,
    );
  }
  if (home === undefined || (database.engine !== 'aurora-postgresql' && database.engine !== 'aurora-mysql')) return [];
  return stamps
    .filter((stamp) => stamp !== home)
    .map((stamp) => `  ${nodeOf(idOf, home)} ==>|${label('Aurora replication')}| ${nodeOf(idOf, stamp)}`);
}

function pairs(stamps: readonly StampSpec[]): [StampSpec, StampSpec][] {
  return stamps.flatMap((a, index) => stamps.slice(index + 1).map((b): [StampSpec, StampSpec] => [a, b]));
}

function nodeOf(idOf: ReadonlyMap<string, string>, stamp: StampSpec): string {
  return idOf.get(stamp.id) ?? 's';
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A quoted label; everything but plain text becomes an entity, new lines become breaks. */
function label(text: string): string {
  const escape = (character: string): string => `#${character.codePointAt(0) ?? 0};`;
  return `"${text.replaceAll(/[^\p{L}\p{N} .,:/*_\n-]/gu, escape).replaceAll('\n', '<br/>')}"`;
}
