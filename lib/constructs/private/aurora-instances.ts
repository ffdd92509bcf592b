import { Duration, Token, type RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { StampError } from '../../errors';
import { NUMBER_RANGES } from '../../facts/limits';
import type { AuroraMemberProps } from '../aurora-member';
import { acknowledge, acknowledgeManagedPolicies } from './acknowledge';
import type { AuroraTraits } from './aurora-engine';

/** Instances beside the first one in one cluster (aws-facts 4.1 counts 16 readers in a secondary: the first one is a reader there). */
const MOST_READERS = NUMBER_RANGES.readers.max;
/** Aurora would take 0, which lets the member fall asleep, and a standby that sleeps cannot take over. */
const LEAST_ACU = 0.5;

/** Throws a StampError for a capacity that Aurora refuses or that leaves a member without a second instance. */
export function checkAuroraCapacity(member: AuroraMemberProps): void {
  const serverless = member.minAcu !== undefined || member.maxAcu !== undefined;
  if (serverless === (member.instanceType !== undefined)) {
    throw new StampError(
      'DATABASE_CAPACITY',
      serverless ? 'both ACU and an instance type are given' : 'neither ACU nor an instance type is given',
      'Give minAcu and maxAcu for Serverless v2, or instanceType for provisioned instances',
    );
  }
  if (serverless) checkAcu(member.minAcu, member.maxAcu);
  const readers = member.readers ?? 1;
  if (!Number.isInteger(readers) || readers < 1 || readers > MOST_READERS) {
    throw new StampError(
      'DATABASE_READERS',
      `${readers} readers cannot carry an in-Region failover`,
      `Choose 1 to ${MOST_READERS}: without a reader, losing the instance means minutes of waiting for a new one`,
    );
  }
}

/** @throws StampError `DATABASE_CAPACITY` */
export function checkAcu(minAcu: number | undefined, maxAcu: number | undefined): void {
  if (minAcu === undefined || maxAcu === undefined) {
    throw new StampError('DATABASE_CAPACITY', 'only one of minAcu and maxAcu is given', 'Give both');
  }
  if (Token.isUnresolved(minAcu) || Token.isUnresolved(maxAcu)) return;
  const { min: leastMax, max: most } = NUMBER_RANGES.maxAcu;
  if (minAcu < LEAST_ACU || maxAcu > most || minAcu > maxAcu || maxAcu < leastMax || minAcu % 0.5 !== 0 || maxAcu % 0.5 !== 0) {
    throw new StampError(
      'DATABASE_CAPACITY',
      `Serverless v2 cannot scale between ${minAcu} and ${maxAcu} ACU`,
      `Choose steps of 0.5 with ${LEAST_ACU} <= minAcu <= maxAcu <= ${most} and maxAcu >= ${leastMax}`,
    );
  }
}

export interface AuroraInstancesProps {
  readonly member: AuroraMemberProps;
  readonly traits: AuroraTraits;
  readonly cluster: rds.CfnDBCluster;
  /** Zones of the subnets, possibly with repetitions. */
  readonly zones: readonly string[];
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The first instance and the readers, round robin over the zones, so that losing one zone leaves an instance in another. The order in
 * which they take over is their promotion tier.
 */
export function auroraInstances(scope: Construct, props: AuroraInstancesProps): rds.CfnDBInstance[] {
  const { member, removalPolicy } = props;
  const zones = distinctZones(props.zones);
  const monitoringRole = createMonitoringRole(scope);
  const parameters = new rds.CfnDBParameterGroup(scope, 'InstanceParameters', {
    family: props.traits.family,
    description: 'Instance parameters of the database of the stamp',
  });
  parameters.applyRemovalPolicy(removalPolicy);

  const serverless = member.instanceType === undefined;
  return Array.from({ length: 1 + (member.readers ?? 1) }, (_, index) => {
    const instance = new rds.CfnDBInstance(scope, `Instance${index + 1}`, {
      dbClusterIdentifier: props.cluster.ref,
      engine: member.engine,
      dbInstanceClass: instanceClass(member),
      dbParameterGroupName: parameters.ref,
      ...zoneOf(zones, index),
      // Serverless readers in tiers 0 and 1 keep the size of the writer: whichever takes over is big enough (R4).
      promotionTier: serverless ? Math.min(index, 1) : index,
      publiclyAccessible: false,
      autoMinorVersionUpgrade: false,
      monitoringInterval: (member.monitoringInterval ?? Duration.minutes(1)).toSeconds(),
      monitoringRoleArn: monitoringRole.roleArn,
    });
    instance.applyRemovalPolicy(removalPolicy);
    acknowledgeInstance(instance);
    return instance;
  });
}

function distinctZones(zones: readonly string[]): string[] {
  const distinct = [...new Set(zones)];
  if (distinct.length < 2 && !distinct.some((zone) => Token.isUnresolved(zone))) {
    throw new StampError(
      'DATABASE_ZONES',
      `the database subnets lie in ${distinct.length} Availability Zone`,
      'Give Aurora subnets in two zones or more: RDS refuses a subnet group with fewer',
    );
  }
  return distinct;
}

function zoneOf(zones: readonly string[], index: number): { availabilityZone?: string } {
  const zone = zones[index % zones.length];
  return zone === undefined || Token.isUnresolved(zone) ? {} : { availabilityZone: zone };
}

function instanceClass({ instanceType }: AuroraMemberProps): string {
  if (instanceType === undefined) return 'db.serverless';
  const type = instanceType.toString();
  return type.startsWith('db.') ? type : `db.${type}`;
}

function createMonitoringRole(scope: Construct): iam.Role {
  const role = new iam.Role(scope, 'MonitoringRole', {
    description: 'Enhanced monitoring of the database of the stamp',
    assumedBy: new iam.ServicePrincipal('monitoring.rds.amazonaws.com'),
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonRDSEnhancedMonitoringRole')],
  });
  acknowledgeManagedPolicies(
    role,
    'The policy AWS maintains for exactly this purpose; it writes to the RDSOSMetrics log group and nothing else.',
    iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonRDSEnhancedMonitoringRole').managedPolicyArn,
  );
  return role;
}

function acknowledgeInstance(instance: rds.CfnDBInstance): void {
  acknowledge(
    instance,
    'Automatic minor upgrades have no effect in a global database, and all members have to run the same version: it is pinned in the template.',
    'NIST.800.53.R5-RDSAutomaticMinorVersionUpgradeEnabled',
  );
  acknowledge(
    instance,
    'AWS Backup protects Aurora by the cluster, which carries the tag that the backup plan of the stamp selects.',
    'NIST.800.53.R5-RDSInBackupPlan',
  );
  acknowledge(
    instance,
    'The zones are explicit on purpose: Fn::GetAZs may reorder them, and two instances in one zone would not survive its loss.',
    'CloudFormation-Validate::W3010',
  );
}
