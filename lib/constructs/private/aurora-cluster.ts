import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { AuroraMemberProps } from '../aurora-member';
import { BACKUP_TAG_KEY } from '../backup-tag';
import { acknowledge } from './acknowledge';
import type { AuroraTraits } from './aurora-engine';

const DEFAULT_MASTER_USERNAME = 'stampadmin';
/** Days of Database Insights history: `advanced` is accepted with 465 only, `standard` keeps 7. */
const INSIGHTS_DAYS = { standard: 7, advanced: 465 };

/** The home member's master password: generated here and retained, because the L2 default is to delete it (aws-facts 16). */
export function auroraMasterSecret(
  scope: Construct,
  member: AuroraMemberProps,
  encryptionKey: kms.IKey,
  removalPolicy: RemovalPolicy,
): secretsmanager.Secret {
  const secret = new secretsmanager.Secret(scope, 'MasterSecret', {
    ...(member.masterSecretName !== undefined && { secretName: member.masterSecretName }),
    description: 'Master user of the database: for the bootstrap of its users and for break-glass',
    encryptionKey,
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username: member.masterUsername ?? DEFAULT_MASTER_USERNAME }),
      generateStringKey: 'password',
      passwordLength: 32,
      // What RDS does not accept in a master password, and what shells and URLs trip over.
      excludeCharacters: ' "@/\\\'`$%:;?#&',
    },
    removalPolicy,
  });
  acknowledge(
    secret,
    'Applications log in by IAM; the master user serves the bootstrap and break-glass only. Rotation would write to the member that was the writer when it was set up, which a failover changes.',
    'AwsSolutions-SMG4',
    'NIST.800.53.R5-SecretsManagerRotationEnabled',
  );
  return secret;
}

/** Log groups under the names RDS exports to. */
export function auroraLogGroups(
  scope: Construct,
  member: AuroraMemberProps,
  traits: AuroraTraits,
  encryptionKey: kms.IKey,
  removalPolicy: RemovalPolicy,
): logs.LogGroup[] {
  return traits.logExports.map(
    (name) =>
      new logs.LogGroup(scope, `Log-${name}`, {
        logGroupName: `/aws/rds/cluster/${member.clusterIdentifier}/${name}`,
        retention: member.logRetention ?? logs.RetentionDays.THREE_MONTHS,
        encryptionKey,
        removalPolicy,
      }),
  );
}

export interface AuroraClusterProps {
  readonly member: AuroraMemberProps;
  readonly traits: AuroraTraits;
  readonly encryptionKey: kms.IKey;
  readonly subnetGroup: rds.CfnDBSubnetGroup;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly masterSecret: secretsmanager.ISecret | undefined;
  readonly removalPolicy: RemovalPolicy;
}

export function auroraCluster(scope: Construct, props: AuroraClusterProps): rds.CfnDBCluster {
  const { member, traits } = props;
  const insights = member.databaseInsights ?? 'standard';
  const cluster = new rds.CfnDBCluster(scope, 'Cluster', {
    dbClusterIdentifier: member.clusterIdentifier,
    engine: member.engine,
    engineVersion: member.engineVersion,
    port: traits.port,
    ...(member.globalClusterIdentifier !== undefined && { globalClusterIdentifier: member.globalClusterIdentifier }),
    ...homeProperties(props),
    ...(member.minAcu !== undefined &&
      member.maxAcu !== undefined && {
        serverlessV2ScalingConfiguration: { minCapacity: member.minAcu, maxCapacity: member.maxAcu },
      }),
    dbSubnetGroupName: props.subnetGroup.ref,
    vpcSecurityGroupIds: [props.securityGroup.securityGroupId],
    dbClusterParameterGroupName: clusterParameterGroup(scope, props).ref,
    // A secondary in another Region cannot read the writer's key: every member names its own.
    storageEncrypted: true,
    kmsKeyId: props.encryptionKey.keyArn,
    enableIamDatabaseAuthentication: true,
    enableCloudwatchLogsExports: [...traits.logExports],
    databaseInsightsMode: insights,
    performanceInsightsEnabled: true,
    performanceInsightsRetentionPeriod: INSIGHTS_DAYS[insights],
    performanceInsightsKmsKeyId: props.encryptionKey.keyArn,
    backupRetentionPeriod: member.backupRetention?.toDays() ?? 35,
    preferredBackupWindow: member.preferredBackupWindow ?? '02:00-03:00',
    preferredMaintenanceWindow: member.preferredMaintenanceWindow ?? 'sun:03:30-sun:04:30',
    copyTagsToSnapshot: true,
    deletionProtection: member.deletionProtection ?? true,
    tags: [{ key: BACKUP_TAG_KEY, value: member.stampId }],
  });
  cluster.applyRemovalPolicy(props.removalPolicy);
  acknowledgeCluster(cluster, traits);
  return cluster;
}

/** Master user and database exist once per global cluster; secondaries must not name them (aws-facts 4.1). */
function homeProperties({ member, masterSecret }: AuroraClusterProps): rds.CfnDBClusterProps {
  if (masterSecret === undefined) return {};
  return {
    databaseName: member.databaseName,
    masterUsername: member.masterUsername ?? DEFAULT_MASTER_USERNAME,
    // A dynamic reference: the password itself is never in the template.
    masterUserPassword: masterSecret.secretValueFromJson('password').unsafeUnwrap(),
  };
}

function clusterParameterGroup(
  scope: Construct,
  { member, traits, removalPolicy }: AuroraClusterProps,
): rds.CfnDBClusterParameterGroup {
  const group = new rds.CfnDBClusterParameterGroup(scope, 'ClusterParameters', {
    family: traits.family,
    description: 'Cluster parameters of the database of the stamp',
    // What the kit relies on, TLS above all, is not for overriding.
    parameters: {
      ...member.clusterParameters,
      ...traits.clusterParameters,
      ...(member.home && traits.homeParameters),
    },
  });
  group.applyRemovalPolicy(removalPolicy);
  return group;
}

function acknowledgeCluster(cluster: rds.CfnDBCluster, traits: AuroraTraits): void {
  acknowledge(
    cluster,
    'The default port: who may connect is decided by security groups, IAM and TLS, and drivers expect it.',
    'AwsSolutions-RDS11',
  );
  if (traits.dialect === 'mysql') {
    acknowledge(
      cluster,
      'The general log would hold every statement with its data and slow the writer down; audit, error and slow-query logs are exported.',
      'NIST.800.53.R5-RDSLoggingEnabled[LogExport::general]',
    );
    acknowledge(
      cluster,
      'Backtrack is not supported in a global database; going back in time is a restore beside the live data.',
      'AwsSolutions-RDS14',
    );
  }
}
