/**
 * Every id and physical name in one place. A thing gets a physical name only where somebody outside its stack has to
 * know it before it exists: another stack, a restore, an operator, a health check.
 *
 * All functions are pure string building, and are called by topology (and by props helpers) only, never by constructs:
 * a construct is handed the finished names, because in a shape they are tokens.
 */

/** The names of one stamp's resources. Contracts: a changed name replaces a resource or orphans its data. */
export interface StampNames {
  /** `<group>-<regionCode>`. */
  readonly stampId: string;
  /** CloudFormation stack. */
  readonly stack: string;
  /** SSM parameter that points at the database in use; the one indirection that a restore swaps. */
  readonly databaseParameter: string;
  /** Alias of the stamp's customer-managed key. */
  readonly keyAlias: string;
  /** Aurora member cluster in this Region. */
  readonly databaseCluster: string;
  /** Secrets Manager name of the home member's master secret. */
  readonly masterSecret: string;
  /** Backup vault, copied into by name from the peers. */
  readonly backupVault: string;
  /** ECS task definition family of the web tasks. */
  readonly taskFamily: string;
  /** ECS task definition family of the worker. */
  readonly workerTaskFamily: string;
  /** Function that answers the health check, invoked by name by operators. */
  readonly healthFunction: string;
  /** Function that reads restored data, invoked by name by operators. */
  readonly validationFunction: string;
  /** ECS cluster. */
  readonly cluster: string;
  /** ECS service of the web tasks. */
  readonly service: string;
  /** ECS service of the worker. */
  readonly workerService: string;
  /** Work queue. */
  readonly queue: string;
  /** Dead-letter queue of the work queue. */
  readonly deadLetterQueue: string;
  /** Composite alarm that says the stamp is unhealthy. */
  readonly unhealthyAlarm: string;
  /** Restore testing plan: letters, digits and underscores only, at most 50 characters. */
  readonly restoreTestingPlan: string;
}

/** The names that all stamps of a group share. */
export interface GroupNames {
  /** Stack of what is global by nature. */
  readonly dataStack: string;
  /** Stack of checks and records. */
  readonly routingStack: string;
  /** Aurora global cluster. */
  readonly globalCluster: string;
  /** DynamoDB global table. */
  readonly table: string;
  /** Start of every table name a restore may create; policies are written for it. */
  readonly tablePrefix: string;
  /** Database users, created by the bootstrap. */
  readonly appUser: string;
  /** Database user of the health checks. */
  readonly probeUser: string;
  /** Database user of restore validation. */
  readonly validatorUser: string;
}

/** Identity a name is built from. */
export interface StampIdentity {
  readonly fleet: string;
  readonly group: string;
  readonly regionCode: string;
}

export function stampId(group: string, regionCode: string): string {
  return `${group}-${regionCode}`;
}

/** Inverse of {@link stampId}: Region codes hold no hyphen, so the last one divides. */
export function parseStampId(id: string): { group: string; regionCode: string } {
  const at = id.lastIndexOf('-');
  return { group: id.slice(0, at), regionCode: id.slice(at + 1) };
}

export function stampNames({ fleet, group, regionCode }: StampIdentity): StampNames {
  const id = stampId(group, regionCode);
  const stack = `${fleet}-${id}`;
  return {
    stampId: id,
    stack,
    databaseParameter: `/stampkit/${fleet}/${id}/database`,
    keyAlias: `alias/${stack}`,
    databaseCluster: stack,
    masterSecret: `${stack}/database-master`,
    backupVault: stack,
    taskFamily: `${stack}-web`,
    workerTaskFamily: `${stack}-worker`,
    healthFunction: `${stack}-health`,
    validationFunction: `${stack}-validation`,
    cluster: stack,
    service: `${stack}-web`,
    workerService: `${stack}-worker`,
    queue: `${stack}-work`,
    deadLetterQueue: `${stack}-work-dead`,
    unhealthyAlarm: `${stack}-unhealthy`,
    restoreTestingPlan: underscored(stack),
  };
}

export function groupNames(fleet: string, group: string): GroupNames {
  const prefix = `${fleet}-${group}`;
  return {
    dataStack: `${prefix}-data`,
    routingStack: `${prefix}-routing`,
    globalCluster: `${prefix}-global`,
    // The dot ends the group's name: `pool` must not match the tables of a group called `pool-eu`.
    table: `${prefix}.table`,
    tablePrefix: `${prefix}.`,
    appUser: `stamp_app_${underscored(group)}`,
    probeUser: `stamp_probe_${underscored(group)}`,
    validatorUser: `stamp_validator_${underscored(group)}`,
  };
}

export function controlStackName(fleet: string, regionCode: string): string {
  return `${fleet}-control-${regionCode}`;
}

/** The table of lease and journal, replicated over the control Regions. */
export function controlTableName(fleet: string): string {
  return `${fleet}-control`;
}

/** Bucket names are global, so the account is part of it; no dots, so that the wildcard certificate covers it. */
export function switchBucketName(fleet: string, account: string, regionCode: string): string {
  return `${fleet}-switches-${account}-${regionCode}`;
}

/** Object key of a stamp's switch in every control bucket. */
export function switchKey(id: string): string {
  return `switches/${id}`;
}

/**
 * What the switch object says while its stamp is in service: the first member of a compact JSON object (`JSON.stringify` without
 * indentation) that goes on with fencing token, operator, reason and time.
 *
 * The quotes belong to the token. No id is the beginning of a longer one up to its closing quote (`pool-use1`, `pool-use10`), and no
 * operator can forge a token by quoting it in a reason, because JSON escapes the quotes inside a string. First, so that a long
 * reason cannot push it out of the 5,120 bytes that a checker reads (aws-facts 2.1).
 */
export function inServiceToken(id: string): string {
  return `"switch":"stampkit-in-service:${id}"`;
}

/** What the switch object says while its stamp is evacuated: the string the inverted check looks for. See {@link inServiceToken}. */
export function evacuatedToken(id: string): string {
  return `"switch":"stampkit-evacuated:${id}"`;
}

/** Public name of a group; tenants of the group are aliases to it. */
export function groupRecordName(group: string, zoneName: string): string {
  return `${group}.${zoneName}`;
}

export function tenantRecordName(tenant: string, zoneName: string): string {
  return `${tenant}.${zoneName}`;
}

/** A stamp's own name: what its deep check probes, and never the name that the check guards (aws-facts 2.3). */
export function stampRecordName(group: string, regionCode: string, zoneName: string): string {
  return `${regionCode}.${group}.${zoneName}`;
}

/** Names on a stamp's certificate: the zone's wildcard for tenants, the group and the group's wildcard for stamps. */
export function certificateNames(group: string, zoneName: string): string[] {
  return [`*.${zoneName}`, `${group}.${zoneName}`, `*.${group}.${zoneName}`];
}

function underscored(name: string): string {
  return name.replaceAll('-', '_');
}
