/**
 * Every number the kit needs and AWS does not promise. Named, so that a fleet can override it under `assumptions:` in
 * fleet.yaml; two-sided, because a verdict uses the pessimistic value and a drill is compared with the typical one.
 * What AWS documents as a constant (intervals, thresholds, TTLs of aliases) is not here but beside the code that uses it.
 */

/** How far the number can be trusted. */
export type AssumptionBasis =
  /** An AWS page prints it, without promising it. */
  | 'documented'
  /** Derived from documented behaviour, or measured by others. */
  | 'inferred'
  /** Common knowledge that nobody re-read. */
  | 'recalled';

export interface Assumption {
  /** `seconds` are written as durations (`5m`) in fleet.yaml, `ratio` is a share of 1, `count` a plain number. */
  readonly unit: 'seconds' | 'ratio' | 'count';
  readonly typical: number;
  readonly pessimistic: number;
  readonly basis: AssumptionBasis;
  /** Section of aws-facts. */
  readonly source: string;
  readonly meaning: string;
}

function seconds(typical: number, pessimistic: number, basis: AssumptionBasis, source: string, meaning: string): Assumption {
  return { unit: 'seconds', typical, pessimistic, basis, source: `aws-facts ${source}`, meaning };
}

function fixed(unit: 'ratio' | 'count', value: number, basis: AssumptionBasis, source: string, meaning: string): Assumption {
  return { unit, typical: value, pessimistic: value, basis, source: `aws-facts ${source}`, meaning };
}

const TABLE = {
  decisionTime: seconds(300, 300, 'inferred', '10.2', 'a person notices, judges and says go'),
  statusPropagation: seconds(10, 60, 'inferred', '2.8', 'a verdict of the health checkers reaches every Route 53 DNS server'),
  checkerTimeoutHttps: seconds(6, 6, 'documented', '2.3', 'an HTTPS probe gives up: 4 s to connect and 2 s for the status'),
  checkerTimeoutStringMatch: seconds(8, 8, 'documented', '2.3', 'a string-match probe gives up: 2 s more for the body'),
  checkerHealthyShare: fixed('ratio', 0.18, 'documented', '2.3', 'share of checkers that must be exceeded for healthy'),
  checkerCount: fixed('count', 16, 'inferred', '2.2', 'checkers that probe one endpoint, each at the full interval'),
  newCheckSettling: seconds(
    30,
    120,
    'inferred',
    '2.3',
    'a new health check has enough data; an inverted one is unhealthy until then',
  ),
  recordChangePropagation: seconds(30, 60, 'documented', '1.8', 'a changed record is INSYNC on all DNS servers'),
  clientReuse: seconds(0, 60, 'inferred', '10.2', 'clients keep a connection or a cached name beyond the TTL'),
  elbStatusSync: seconds(10, 60, 'inferred', '10.2', 'target health of a load balancer reaches Route 53 (EvaluateTargetHealth)'),
  switchWrite: seconds(5, 30, 'inferred', '3.2', 'the conditional write of a switch object, with its retries'),
  leaseWrite: seconds(1, 10, 'inferred', '4.2', 'an operation takes its lease in the control table'),
  verification: seconds(
    15,
    60,
    'inferred',
    '10.2',
    'an operation sees that the stamp writes and that DNS answers it, from several places',
  ),
  metricDelay: seconds(60, 120, 'inferred', '10.2', 'a data point is visible in CloudWatch'),
  notificationDelay: seconds(60, 300, 'documented', '2.8', 'an alarm notice reaches the person on call'),
  auroraGlobalFailover: seconds(180, 600, 'documented', '4.1', 'FailoverGlobalCluster until the secondary accepts writes'),
  auroraGlobalSwitchover: seconds(120, 300, 'documented', '4.1', 'SwitchoverGlobalCluster until the new primary accepts writes'),
  auroraInRegionFailover: seconds(30, 60, 'documented', '10.3', 'a reader in the same Region becomes the writer'),
  auroraInRegionRecreate: seconds(300, 600, 'documented', '10.3', 'the writer is created again because there is no reader'),
  auroraParameterChange: seconds(
    60,
    300,
    'inferred',
    '4.1',
    'a dynamic cluster parameter such as rds.global_db_rpo takes effect',
  ),
  auroraReplicationLag: seconds(1, 10, 'inferred', '4.1', 'lag of a secondary Region while nothing caps it'),
  auroraGlobalMinimumAcu: fixed('count', 8, 'recalled', '16', 'least minimum ACU of Serverless v2 members of a global cluster'),
  auroraFullCopyMinimumInterval: seconds(
    14_400,
    43_200,
    'inferred',
    '5.3',
    'shortest interval that a full Aurora copy keeps up with',
  ),
  auroraRestore: seconds(1_800, 7_200, 'inferred', '5.4', 'a cluster is restored and its instances accept connections'),
  dynamoDbReplicationLag: seconds(1, 10, 'documented', '4.2', 'an eventually consistent replica catches up'),
  dynamoDbRestore: seconds(3_600, 14_400, 'inferred', '5.4', 'a table is restored beside the live one'),
  pitrDelay: seconds(300, 300, 'documented', '5.4', 'age of the latest restorable time of a continuous backup'),
  backupStartDelay: seconds(600, 3_600, 'inferred', '5.1', 'a scheduled backup starts within its start window'),
  backupCopyTime: seconds(3_600, 14_400, 'inferred', '5.3', 'a copy of a backup completes in the destination vault'),
  backupEventDelay: seconds(300, 300, 'documented', '5.6', 'AWS Backup reports the change of a job'),
  ecsScaleOut: seconds(120, 300, 'inferred', '6.2', 'more Fargate tasks are healthy behind the load balancer'),
  ec2ScaleOut: seconds(240, 600, 'inferred', '6.3', 'more instances are up and carry healthy tasks'),
  scalingReaction: seconds(180, 300, 'inferred', '6.2', 'target tracking notices load and changes the desired count'),
  elbZoneRemoval: seconds(60, 120, 'inferred', '6.1', 'addresses in a lost zone leave the DNS name of a load balancer'),
  databaseReconnect: seconds(5, 30, 'inferred', '9.5', 'tasks drop dead connections and reach the new writer'),
  zonalAutoshift: seconds(300, 300, 'documented', '7.3', 'AWS shifts traffic away from an impaired zone by itself'),
} satisfies Record<string, Assumption>;

/** Name of an entry of {@link ASSUMPTIONS}; the keys allowed under `assumptions:` in fleet.yaml. */
export type AssumptionName = keyof typeof TABLE;

export const ASSUMPTIONS: Readonly<Record<AssumptionName, Assumption>> = TABLE;

export const ASSUMPTION_NAMES = Object.keys(TABLE) as readonly AssumptionName[];

export interface AssumedValue {
  readonly typical: number;
  readonly pessimistic: number;
}

/** The value in force: an override is somebody's measurement, so it replaces both sides. */
export function assumedValue(name: AssumptionName, overrides: Readonly<Record<string, number>> = {}): AssumedValue {
  const { typical, pessimistic } = ASSUMPTIONS[name];
  if (!Object.hasOwn(overrides, name)) return { typical, pessimistic };
  const override = overrides[name] ?? pessimistic;
  return { typical: override, pessimistic: override };
}
