import { cidrAround, formatCidr } from '../../cidr';
import { type NameLimitKey, nameProblem, NUMBER_RANGES } from '../../facts/limits';
import type { StampValues } from '../../topology/types';
import type { ValueLeaf } from './placeholders';

/** Why a value cannot be what it has to be, or undefined. */
export type ValueRule = (value: ValueLeaf) => string | undefined;

/** A rule for every leaf of some values: lists and records have one for all their entries. */
export type ValueRules<T> = {
  readonly [K in keyof T]-?: NonNullable<T[K]> extends ValueLeaf
    ? ValueRule
    : NonNullable<T[K]> extends readonly ValueLeaf[] | Readonly<Record<string, string>>
      ? string extends keyof NonNullable<T[K]>
        ? ValueRule
        : NonNullable<T[K]> extends readonly unknown[]
          ? ValueRule
          : ValueRules<NonNullable<T[K]>>
      : ValueRules<NonNullable<T[K]>>;
};

const account = matching('account', /^\d{12}$/, 'the 12 digits of an account');
const hostedZone = matching('hosted zone', /^Z[A-Z0-9]{1,31}$/, 'the id of a hosted zone');
const image = matching('image', /^[a-zA-Z0-9][a-zA-Z0-9._:/@-]{0,511}$/, 'registry/repository:tag');
const dnsName = all(
  name('dnsName'),
  matching('DNS name', /^(?:\*\.)?[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?\.?$/, 'labels of letters, digits and hyphens'),
);
/** Its stack's canary has the name too, and canaries take no capitals. */
const stampStack = all(name('stack'), name('canary'));
const vault = arn('backup', /backup-vault:[A-Za-z0-9_-]{2,50}/);
const repository = arn('ecr', /repository\/[a-z0-9._/-]{2,256}/);

/** Every value of a stamp. Lengths and characters come from `NAME_LIMITS`, with their sources. */
export const STAMP_VALUE_RULES: ValueRules<StampValues> = {
  fleet: name('dnsLabel'),
  group: name('dnsLabel'),
  regionCode: name('dnsLabel'),
  account,
  names: {
    stampId: name('setIdentifier'),
    stack: stampStack,
    databaseParameter: all(name('parameter'), matching('parameter', /^\//, 'a full name, which begins with a slash')),
    keyAlias: all(name('keyAlias'), matching('alias', /^alias\/(?!aws\/)/, 'an alias of your own: alias/aws/ is taken')),
    databaseCluster: name('databaseCluster'),
    masterSecret: name('secret'),
    backupVault: name('backupVault'),
    taskFamily: name('taskFamily'),
    workerTaskFamily: name('taskFamily'),
    healthFunction: name('lambdaFunction'),
    validationFunction: name('lambdaFunction'),
    cluster: name('ecsCluster'),
    service: name('ecsService'),
    workerService: name('ecsService'),
    queue: name('queue'),
    deadLetterQueue: name('queue'),
    unhealthyAlarm: name('compositeAlarm'),
    restoreTestingPlan: name('restoreTestingPlan'),
  },
  groupNames: {
    dataStack: name('stack'),
    routingStack: name('stack'),
    globalCluster: name('globalCluster'),
    table: name('table'),
    tablePrefix: name('table'),
    appUser: name('postgresqlIdentifier'),
    probeUser: name('postgresqlIdentifier'),
    validatorUser: name('postgresqlIdentifier'),
  },
  tags: name('tagValue'),
  zoneName: dnsName,
  hostedZoneId: hostedZone,
  recordName: dnsName,
  groupRecordName: dnsName,
  certificateNames: dnsName,
  vpcCidr: network,
  publicSubnets: network,
  privateSubnets: network,
  isolatedSubnets: network,
  transitGatewayId: matching('transit gateway', /^tgw-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, 'tgw- and 17 hexadecimal digits'),
  image,
  imageRepositoryArns: repository,
  workerImage: image,
  workerImageRepositoryArns: repository,
  capacity: {
    minTasks: whole(1),
    maxTasks: whole(1),
    requestsPerTargetPerMinute: whole(1),
    workerMinTasks: whole(0),
    workerMaxTasks: whole(1),
    workerBacklogPerTask: whole(1),
    minAcu: capacityUnits(NUMBER_RANGES.minAcu),
    maxAcu: capacityUnits(NUMBER_RANGES.maxAcu),
    minInstances: whole(1),
    maxInstances: whole(1),
    healthConcurrency: whole(1),
    probeConnections: whole(0),
  },
  backupCopyVaultArns: vault,
  tableArn: arn('dynamodb', /table\/[A-Za-z0-9_.-]{3,255}/),
  tableKeyArn: arn('kms', /(?:key|alias)\/[A-Za-z0-9/_-]{1,256}/),
  databaseWriter: dnsName,
  databaseReader: dnsName,
  databasePort: whole(1, 65_535),
  databaseName: matching('database', /^[A-Za-z0-9_-]{1,64}$/, 'letters, digits and underscores'),
};

/** What differs between the routing and data stacks of groups of one structure. */
export const GROUP_VALUE_RULES = {
  account,
  name: name('dnsLabel'),
  stack: name('stack'),
  zone: dnsName,
  hostedZone,
  record: dnsName,
  records: dnsName,
  tenants: dnsName,
  stamps: name('setIdentifier'),
  table: name('table'),
  globalCluster: name('globalCluster'),
} satisfies Record<string, ValueRule>;

/** The first problem that any of them has. */
function all(...rules: readonly ValueRule[]): ValueRule {
  return (value) => rules.map((rule) => rule(value)).find((problem) => problem !== undefined);
}

function name(key: NameLimitKey): ValueRule {
  return (value) => nameProblem(key, String(value));
}

function matching(what: string, form: RegExp, wanted: string): ValueRule {
  return (value) => (form.test(String(value)) ? undefined : `the ${what} "${value}" is not ${wanted}`);
}

function arn(service: string, resource: RegExp): ValueRule {
  const form = new RegExp(`^arn:aws:${service}:[a-z]{2}(?:-[a-z]+)+-\\d:\\d{12}:(?:${resource.source})$`);
  return matching('ARN', form, `one of ${service}`);
}

/** Sizes that a VPC and its subnets can have: a /16 to a /28. */
function network(value: ValueLeaf): string | undefined {
  const range = cidrAround(String(value));
  const { min, max } = NUMBER_RANGES.vpcPrefix;
  const fits = range !== undefined && formatCidr(range) === value && range.prefix >= min && range.prefix <= max;
  return fits ? undefined : `"${value}" is not an IPv4 CIDR from /${min} to /${max}`;
}

function whole(min: number, max = Number.MAX_SAFE_INTEGER): ValueRule {
  return (value) => {
    return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? undefined
      : `${value} is not a whole number of at least ${min}${max === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${max}`}`;
  };
}

/** Aurora capacity units come in halves. */
function capacityUnits({ min, max }: { readonly min: number; readonly max: number }): ValueRule {
  return (value) => {
    return typeof value === 'number' && value >= min && value <= max && Number.isInteger(value * 2)
      ? undefined
      : `${value} is not a capacity from ${min} to ${max} ACU in steps of 0.5`;
  };
}
