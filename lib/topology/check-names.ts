import { NAME_LIMITS, type NameLimit, type NameLimitKey, nameProblem } from '../facts/limits';
import type { FindingPlace } from '../findings';
import type { TopologyFinding } from './finding-codes';
import type { GroupNames, StampNames } from './names';
import { evacuatedToken, switchKey } from './names';
import type { Fleet, StampSpec, TenantGroup } from './types';

/** A name, the rule it must keep, and what it names to a reader. */
interface NamedThing {
  readonly limit: NameLimitKey;
  readonly name: string;
}

/**
 * Every name the fleet gives, against the limits of AWS. A name that is too long fails late, in the middle of a deployment or of a
 * restore, and renaming a group later replaces its resources: so it is an error now.
 */
export function checkNames(fleet: Fleet): TopologyFinding[] {
  return [
    ...checkFleetNames(fleet),
    ...checkZoneNames(fleet),
    ...fleet.groups.flatMap((group) => checkGroupNames(group)),
    ...checkStackNames(fleet),
  ];
}

function checkFleetNames({ control }: Fleet): TopologyFinding[] {
  const where = { file: 'fleet.yaml', path: ['fleet'] };
  const things = [...control.members, ...control.joining].flatMap(({ stackName, bucketName }): NamedThing[] => [
    { limit: 'stack', name: stackName },
    { limit: 'bucket', name: bucketName },
  ]);
  return worstOf([...things, { limit: 'table', name: control.table.name }], where, 'the fleet name');
}

function checkGroupNames(group: TenantGroup): TopologyFinding[] {
  const where = { file: `groups/${group.name}.yaml`, path: ['group'] };
  const things = [...thingsOfGroup(group), ...group.stamps.flatMap(thingsOfStamp)];
  const tenants = group.tenants.flatMap((tenant, index) => {
    const name = group.tenantRecordNames[index] ?? tenant;
    const place = { file: where.file, path: ['tenants'] };
    return worstOf(dnsThings(tenant, name), place, `the tenant name ${JSON.stringify(tenant)}`);
  });
  return [...worstOf(things, where, 'the group name'), ...tenants];
}

function thingsOfGroup({ name, names, recordName, database }: TenantGroup): NamedThing[] {
  const things: NamedThing[] = [...dnsThings(name, recordName), { limit: 'stack', name: names.routingStack }];
  if (database.engine === 'dynamodb')
    things.push({ limit: 'stack', name: names.dataStack }, { limit: 'table', name: names.table });
  if (database.engine === 'aurora-postgresql' || database.engine === 'aurora-mysql') {
    const userLimit = database.engine === 'aurora-mysql' ? 'mysqlUser' : 'postgresqlIdentifier';
    const users: (keyof GroupNames)[] = ['appUser', 'probeUser', 'validatorUser'];
    things.push({ limit: 'stack', name: names.dataStack }, { limit: 'globalCluster', name: names.globalCluster });
    things.push(...users.map((user): NamedThing => ({ limit: userLimit, name: names[user] })));
  }
  return things;
}

const STAMP_LIMITS = {
  stack: 'stack',
  databaseParameter: 'parameter',
  keyAlias: 'keyAlias',
  taskFamily: 'taskFamily',
  healthFunction: 'lambdaFunction',
  cluster: 'ecsCluster',
  service: 'ecsService',
  queue: 'queue',
  deadLetterQueue: 'queue',
  unhealthyAlarm: 'compositeAlarm',
} as const satisfies Partial<Record<keyof StampNames, NameLimitKey>>;

const WORKER_LIMITS = { workerTaskFamily: 'taskFamily', workerService: 'ecsService' } as const;
const AURORA_LIMITS = { databaseCluster: 'databaseCluster', masterSecret: 'secret' } as const;
const BACKUP_LIMITS = {
  backupVault: 'backupVault',
  restoreTestingPlan: 'restoreTestingPlan',
  validationFunction: 'lambdaFunction',
} as const;

/** Only the names of what the stamp really has. */
function thingsOfStamp({ id, shape, values }: StampSpec): NamedThing[] {
  const aurora = shape.database.engine === 'aurora-postgresql' || shape.database.engine === 'aurora-mysql';
  const limits: Partial<Record<keyof StampNames, NameLimitKey>> = {
    ...STAMP_LIMITS,
    ...(shape.worker !== undefined && WORKER_LIMITS),
    ...(aurora && AURORA_LIMITS),
    ...(shape.backup !== undefined && BACKUP_LIMITS),
  };
  const named = Object.entries(limits).map(([key, limit]): NamedThing => ({
    limit,
    name: values.names[key as keyof StampNames],
  }));
  return [
    ...named,
    ...dnsThings(values.regionCode, values.recordName),
    ...values.certificateNames.map((name): NamedThing => ({ limit: 'dnsName', name })),
    { limit: 'setIdentifier', name: id },
    { limit: 'healthCheckPath', name: `/${switchKey(id)}` },
    { limit: 'healthCheckSearchString', name: evacuatedToken(id) },
  ];
}

function dnsThings(label: string, name: string): NamedThing[] {
  return [
    { limit: 'dnsLabel', name: label },
    { limit: 'dnsName', name },
  ];
}

/** The first name on a certificate is its common name, `*.<zone>`: the zone's own length decides. */
function checkZoneNames(fleet: Fleet): TopologyFinding[] {
  const reported = new Set<string>();
  return fleet.groups.flatMap(({ name, zone, stamps }) => {
    const first = stamps[0]?.values.certificateNames[0];
    if (first === undefined || reported.has(first)) return [];
    reported.add(first);
    const file = zone.name === fleet.zone.name ? 'fleet.yaml' : `groups/${name}.yaml`;
    return worstOf([{ limit: 'certificateCommonName', name: first }], { file, path: ['zone', 'name'] }, 'the zone name');
  });
}

/** One finding per kind of resource, for its longest offending name, so that a long group name is not reported once per Region. */
function worstOf(things: readonly NamedThing[], where: FindingPlace, culprit: string): TopologyFinding[] {
  const worst = new Map<NameLimitKey, NamedThing>();
  for (const thing of things) {
    if (nameProblem(thing.limit, thing.name) === undefined) continue;
    const known = worst.get(thing.limit);
    if (known === undefined || thing.name.length > known.name.length) worst.set(thing.limit, thing);
  }
  return [...worst.values()].map((thing) => nameFinding(thing, where, culprit));
}

function nameFinding({ limit, name }: NamedThing, where: FindingPlace, culprit: string): TopologyFinding {
  const { what, min, max, pattern }: NameLimit = NAME_LIMITS[limit];
  if (name.length > max) {
    return {
      code: 'name-too-long',
      severity: 'error',
      where,
      message: `the ${what} ${JSON.stringify(name)} has ${name.length} characters; AWS accepts ${max}`,
      fix: `Shorten ${culprit} by ${counted(name.length - max)}, or another part of the name`,
    };
  }
  const rule = name.length < min ? `needs at least ${min} characters` : `must match ${pattern?.source ?? ''}`;
  return {
    code: 'name-not-accepted',
    severity: 'error',
    where,
    message: `the ${what} ${JSON.stringify(name)} ${rule}`,
    fix: `Change ${culprit}: use lower-case letters, digits and single hyphens, and begin with a letter`,
  };
}

/** A group called `control` or a Region code `data` would give one stack name to two things. */
function checkStackNames(fleet: Fleet): TopologyFinding[] {
  const owners = new Map<string, string>();
  const findings: TopologyFinding[] = [];
  const claim = (stack: string, owner: string, where: FindingPlace): void => {
    const other = owners.get(stack);
    if (other === undefined) {
      owners.set(stack, owner);
      return;
    }
    findings.push({
      code: 'stack-name-clash',
      severity: 'error',
      where,
      message: `${owner} and ${other} would both be the stack ${JSON.stringify(stack)}`,
      fix: 'Rename the group or the Region code; control, data and routing are taken',
    });
  };
  for (const { code, stackName } of [...fleet.control.members, ...fleet.control.joining]) {
    claim(stackName, `control Region ${code}`, { file: 'fleet.yaml', path: ['control'] });
  }
  for (const { name, names, stamps } of fleet.groups) {
    const where = { file: `groups/${name}.yaml`, path: ['group'] };
    claim(names.dataStack, `the data of group ${name}`, where);
    claim(names.routingStack, `the routing of group ${name}`, where);
    for (const stamp of stamps) claim(stamp.values.names.stack, `stamp ${stamp.id}`, where);
  }
  return findings;
}

function counted(characters: number): string {
  return `${characters} character${characters === 1 ? '' : 's'}`;
}
