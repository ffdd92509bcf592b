import type { Finding, FindingPlace } from '../../findings';
import type { GroupConfig } from '../types';
import { type CheckContext, groupPlace, memberCodes, repeated, report } from './context';

/** One name space for groups and tenants, and one for DNS records: nothing may stand for two things. */
export function checkNames(context: CheckContext): Finding[] {
  const { groups } = context.config;
  return [...duplicateGroups(groups), ...checkTenants(groups, context), ...checkRecords(context)];
}

function duplicateGroups(groups: readonly GroupConfig[]): Finding[] {
  return repeated(groups.map((group) => group.group)).map(({ item }) =>
    report(
      'group-duplicate',
      { file: `groups/${item}.yaml`, path: ['group'] },
      `two groups are named "${item}"`,
      'Rename one of them',
    ),
  );
}

function checkTenants(groups: readonly GroupConfig[], context: CheckContext): Finding[] {
  const groupNames = new Set(groups.map((group) => group.group));
  const firstGroup = new Map<string, GroupConfig>();
  return groups.flatMap((group) =>
    group.tenants.flatMap((tenant, index) => {
      const findings: Finding[] = [];
      const where = groupPlace(group, 'tenants', index);
      const owner = firstGroup.get(tenant);
      if (owner === undefined) {
        firstGroup.set(tenant, group);
      } else if (owner.group === group.group) {
        findings.push(report('tenant-duplicate', where, `"${tenant}" is listed twice`, 'List every tenant once'));
      } else {
        const message = `tenant "${tenant}" belongs to "${owner.group}" and to "${group.group}": which stamps hold its data?`;
        findings.push(report('tenant-in-two-groups', where, message, 'Leave the tenant in one group'));
      }
      if (groupNames.has(tenant)) {
        const message = `tenant "${tenant}" is named like a group: both would be ${tenant}.${group.zone.name}, and commands could not tell them apart`;
        findings.push(report('tenant-named-like-group', where, message, 'Rename the tenant or the group'));
      } else if (context.regions.has(tenant)) {
        const message = `tenant "${tenant}" is named like a Region code: ${tenant}.${group.zone.name} reads like a stamp's name`;
        findings.push(report('tenant-named-like-region', where, message, 'Rename the tenant or the Region code'));
      }
      return findings;
    }),
  );
}

interface PlannedRecord {
  readonly name: string;
  readonly zone: string;
  readonly what: string;
  readonly where: FindingPlace;
}

function plannedRecords(group: GroupConfig): PlannedRecord[] {
  const zone = group.zone.name;
  const base = `${group.group}.${zone}`;
  return [
    { name: base, zone, what: `group ${group.group}`, where: groupPlace(group, 'group') },
    ...memberCodes(group.placement).map((code) => ({
      name: `${code}.${base}`,
      zone,
      what: `stamp ${group.group}-${code}`,
      where: groupPlace(group, 'placement'),
    })),
    ...group.tenants.map((tenant, index) => ({
      name: `${tenant}.${zone}`,
      zone,
      what: `tenant ${tenant}`,
      where: groupPlace(group, 'tenants', index),
    })),
  ];
}

function checkRecords({ config: { groups, zone } }: CheckContext): Finding[] {
  const zones = new Set([zone.name, ...groups.map((group) => group.zone.name)]);
  const owners = new Map<string, PlannedRecord>();
  const findings: Finding[] = [];
  for (const record of groups.flatMap(plannedRecords)) {
    const owner = owners.get(record.name);
    if (owner === undefined) {
      owners.set(record.name, record);
      const delegated = delegatedZone(record, zones);
      if (delegated !== undefined) findings.push(belowDelegation(record, delegated));
    } else if (kindOf(owner) !== 'other' && kindOf(record) !== 'other' && owner.zone === record.zone) {
      // Two groups, two tenants, or a tenant and a group of one zone: checkTenants and duplicateGroups name the cause.
      continue;
    } else if (owner.what !== record.what) {
      const message = `${record.what} and ${owner.what} would both be ${record.name}`;
      findings.push(report('record-name-clash', record.where, message, 'Rename one of them, or give one another zone'));
    }
  }
  return findings;
}

function kindOf(record: PlannedRecord): 'named' | 'other' {
  return record.what.startsWith('stamp ') ? 'other' : 'named';
}

/** The zone of the fleet that really answers for the record's name, when it is not the one the record is written into. */
function delegatedZone(record: PlannedRecord, zones: ReadonlySet<string>): string | undefined {
  for (let name = record.name; name !== record.zone; name = name.slice(name.indexOf('.') + 1)) {
    if (zones.has(name)) return name;
    if (!name.includes('.')) return undefined;
  }
  return undefined;
}

function belowDelegation(record: PlannedRecord, delegated: string): Finding {
  const message =
    `${record.what} would be ${record.name} in zone ${record.zone}, but that name is answered by the delegated zone ${delegated}: ` +
    'the record would never be seen';
  return report('record-below-delegation', record.where, message, 'Rename it, or rename the delegated zone');
}
