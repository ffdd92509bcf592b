import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { DatabasePointer } from './database-pointer';
import { acknowledgeWildcardResources } from './private/acknowledge';
import { auroraAlarms } from './private/aurora-alarms';
import { auroraCluster, auroraLogGroups, auroraMasterSecret } from './private/aurora-cluster';
import { auroraTraits } from './private/aurora-engine';
import { auroraInstances, checkAuroraCapacity } from './private/aurora-instances';
import { databaseKey } from './private/database-key';
import { DatabaseUser, StampDatabase } from './stamp-database';

/** Engine of an Aurora database. */
export enum AuroraEngine {
  /** Aurora PostgreSQL. */
  AURORA_POSTGRESQL = 'aurora-postgresql',
  /** Aurora MySQL. */
  AURORA_MYSQL = 'aurora-mysql',
}

/** Modes of CloudWatch Database Insights, the successor of Performance Insights (aws-facts 16). */
export enum DatabaseInsights {
  /** Seven days of history. */
  STANDARD = 'standard',
  /** Fifteen months of history, fleet view, slow queries and locks; billed per vCPU or ACU. */
  ADVANCED = 'advanced',
}

/** Properties of {@link AuroraMember}. */
export interface AuroraMemberProps {
  /** Network of the instances. */
  readonly vpc: ec2.IVpc;
  /**
   * Subnets of the cluster; they have to lie in two Availability Zones or more.
   * @default - the isolated subnets of the VPC
   */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /** Name of this member cluster, lower case. Identifiers are unique across the members of a global cluster (aws-facts 16). */
  readonly clusterIdentifier: string;
  /**
   * Name of the global cluster to join. Never taken out again: CloudFormation would detach the member (aws-facts 4.1).
   * @default - no global cluster: a database of one Region
   */
  readonly globalClusterIdentifier?: string;
  /**
   * True in the Region where the data was born: this member brings the master user and the database into being. It says nothing about
   * which member is the writer today.
   */
  readonly home: boolean;
  /** Engine, the same on every member. */
  readonly engine: AuroraEngine;
  /** The same on every member and on the global cluster: `16.8`, or `8.0.mysql_aurora.3.08.2`. */
  readonly engineVersion: string;
  /** Database inside the cluster, created by the home member. */
  readonly databaseName: string;
  /** SSM parameter name of the pointer. */
  readonly pointerName: string;
  /** Value of the backup tag: the stamp's id. */
  readonly stampId: string;
  /** Database user of the application. */
  readonly appUser: string;
  /** Database user of the health checks. */
  readonly probeUser: string;
  /** Database user of restore validation. */
  readonly validatorUser: string;
  /**
   * Serverless v2: least capacity in ACU, on every member, because the standby takes over with it. Not with `instanceType`.
   * @default - provisioned instances
   */
  readonly minAcu?: number;
  /**
   * Serverless v2: most capacity in ACU. Not with `instanceType`.
   * @default - provisioned instances
   */
  readonly maxAcu?: number;
  /**
   * Provisioned instances of this type. Not with `minAcu` and `maxAcu`.
   * @default - Serverless v2
   */
  readonly instanceType?: ec2.InstanceType;
  /**
   * Instances beside the first one, spread over the Availability Zones, 1 to 15. One of them takes over when the first one is lost.
   * @default 1
   */
  readonly readers?: number;
  /**
   * Bound on how far every secondary may be behind before the writer blocks commits: `rds.global_db_rpo`, at least 20 seconds,
   * Aurora PostgreSQL only (aws-facts 4.1). Give every member the same: the home member alone enforces it, because a standby that
   * took over has no secondary and would block every commit; the alarms of all members use it. The price on the home member: with its
   * only secondary lost it blocks commits until the bound is reset.
   * @default - commits are never blocked
   */
  readonly maxReplicationLag?: Duration;
  /**
   * Lag that raises the alarm of a member of a global cluster.
   * @default - maxReplicationLag, or 30 seconds
   */
  readonly replicationLagAlarm?: Duration;
  /**
   * Customer-managed key for storage, secret, logs and Database Insights. CloudWatch Logs must be allowed to use it.
   * @default - a key of this construct's own, rotated and retained
   */
  readonly encryptionKey?: kms.IKey;
  /**
   * Secrets Manager name of the master user's secret (home member only).
   * @default - a generated name
   */
  readonly masterSecretName?: string;
  /**
   * Name of the master user (home member only).
   * @default 'stampadmin'
   */
  readonly masterUsername?: string;
  /**
   * Further cluster parameters. Give every member the same: they are not inherited.
   * @default - none
   */
  readonly clusterParameters?: { readonly [name: string]: string };
  /**
   * Retention of Aurora's own automated backups, 1 to 35 days. Once AWS Backup takes continuous backups, it governs the
   * retention (aws-facts 5.4), so leave this number alone from then on.
   * @default Duration.days(35)
   */
  readonly backupRetention?: Duration;
  /**
   * Daily UTC window `hh:mm-hh:mm`, clear of the maintenance window.
   * @default '02:00-03:00'
   */
  readonly preferredBackupWindow?: string;
  /**
   * Weekly UTC window `ddd:hh:mm-ddd:hh:mm`.
   * @default 'sun:03:30-sun:04:30'
   */
  readonly preferredMaintenanceWindow?: string;
  /**
   * Retention of the exported database logs.
   * @default logs.RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: logs.RetentionDays;
  /**
   * How much Database Insights keeps.
   * @default DatabaseInsights.STANDARD
   */
  readonly databaseInsights?: DatabaseInsights;
  /**
   * Interval of enhanced monitoring: 1, 5, 10, 15, 30 or 60 seconds.
   * @default Duration.minutes(1)
   */
  readonly monitoringInterval?: Duration;
  /**
   * Whether the cluster refuses to be deleted.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /**
   * What happens to cluster, instances, secret, groups and logs when the stack goes.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The Regional member of a group's Aurora database: a cluster with a writer (or, in a secondary, its first reader) and readers in other
 * Availability Zones, joined to the global cluster by name. Which member is the writer is runtime state and not in the template (R1).
 *
 * Logins are by IAM everywhere and by TLS only. The master password belongs to the home member; RDS-managed passwords do not work in a
 * global database, and secondaries take none at all (aws-facts 4.1). Should the home Region be lost, reset it on the promoted cluster.
 *
 * L1 resources, because the L2 cluster knows no global cluster, and insists on credentials (aws-facts 4.4).
 */
export class AuroraMember extends StampDatabase implements ec2.IConnectable {
  public readonly engine: string;
  public readonly pointer: DatabasePointer;
  public readonly alarms: cloudwatch.Alarm[];
  /** Network side of the database, with its port as the default. */
  public readonly connections: ec2.Connections;
  /** The cluster. */
  public readonly cluster: rds.CfnDBCluster;
  /** The same cluster for APIs that take an `IDatabaseCluster`. */
  public readonly databaseCluster: rds.IDatabaseCluster;
  /** Writer (or, in a secondary, first reader) and readers, in this order. */
  public readonly instances: rds.CfnDBInstance[];
  /** Who is let in by it reaches the database. */
  public readonly securityGroup: ec2.SecurityGroup;
  /** The subnets of the instances. */
  public readonly subnetGroup: rds.CfnDBSubnetGroup;
  /** Key of storage, logs and insights. */
  public readonly encryptionKey: kms.IKey;
  /** Home member only. */
  public readonly masterSecret?: secretsmanager.Secret;
  /** This member's own writer endpoint: answers while this member is the writer. */
  public readonly writerEndpoint: string;
  /** This member's own reader endpoint. */
  public readonly readerEndpoint: string;
  /** TCP port of the database. */
  public readonly port: number;
  /** Database inside the cluster. */
  public readonly databaseName: string;
  /** Where a restore test puts its copy: into the same subnets and security group, for `StampBackup.restoreMetadata`. */
  public readonly restoreMetadata: { readonly [key: string]: string };

  private readonly props: AuroraMemberProps;

  /** @throws StampError for a version, capacity, lag bound, number of readers or set of zones that Aurora would refuse */
  public constructor(scope: Construct, id: string, props: AuroraMemberProps) {
    super(scope, id);
    const traits = auroraTraits(props.engine, props.engineVersion, props.maxReplicationLag);
    checkAuroraCapacity(props);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    this.props = props;
    this.engine = props.engine;
    this.port = traits.port;
    this.databaseName = props.databaseName;
    this.encryptionKey = props.encryptionKey ?? databaseKey(this, 'Key', removalPolicy);

    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'Database of the stamp',
      allowAllOutbound: false,
    });
    // A retained cluster keeps using its security group, which could not be deleted then.
    this.securityGroup.applyRemovalPolicy(removalPolicy);
    this.connections = new ec2.Connections({
      securityGroups: [this.securityGroup],
      defaultPort: ec2.Port.tcp(traits.port),
    });

    const subnets = props.vpc.selectSubnets(props.vpcSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_ISOLATED });
    this.subnetGroup = new rds.CfnDBSubnetGroup(this, 'SubnetGroup', {
      dbSubnetGroupDescription: 'Subnets of the database of the stamp',
      subnetIds: subnets.subnetIds,
    });
    this.subnetGroup.applyRemovalPolicy(removalPolicy);

    if (props.home) this.masterSecret = auroraMasterSecret(this, props, this.encryptionKey, removalPolicy);
    this.cluster = auroraCluster(this, {
      member: props,
      traits,
      encryptionKey: this.encryptionKey,
      subnetGroup: this.subnetGroup,
      securityGroup: this.securityGroup,
      masterSecret: this.masterSecret,
      removalPolicy,
    });
    // Log groups come first, or RDS makes its own, without retention or key.
    this.cluster.node.addDependency(...auroraLogGroups(this, props, traits, this.encryptionKey, removalPolicy));
    this.instances = auroraInstances(this, {
      member: props,
      traits,
      cluster: this.cluster,
      zones: subnets.availabilityZones,
      removalPolicy,
    });

    this.writerEndpoint = this.cluster.attrEndpointAddress;
    this.readerEndpoint = this.cluster.attrReadEndpointAddress;
    this.databaseCluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(this, 'Import', {
      clusterIdentifier: this.cluster.ref,
      clusterResourceIdentifier: this.cluster.attrDbClusterResourceId,
      clusterEndpointAddress: this.writerEndpoint,
      readerEndpointAddress: this.readerEndpoint,
      port: traits.port,
      securityGroups: [this.securityGroup],
      ...(this.masterSecret !== undefined && { secret: this.masterSecret }),
    });
    this.pointer = new DatabasePointer(this, 'Pointer', {
      parameterName: props.pointerName,
      engine: props.engine,
      writer: this.writerEndpoint,
      reader: this.readerEndpoint,
      port: traits.port,
      databaseName: props.databaseName,
      removalPolicy,
    });
    // Who reads the pointer connects at once, and a cluster without instances answers nobody: tasks and health function wait here.
    this.pointer.node.addDependency(...this.instances);
    this.restoreMetadata = {
      dbSubnetGroupName: this.subnetGroup.ref,
      vpcSecurityGroupIds: `["${this.securityGroup.securityGroupId}"]`,
    };
    this.alarms = auroraAlarms(this, {
      clusterIdentifier: props.clusterIdentifier,
      serverless: props.instanceType === undefined,
      ...(props.globalClusterIdentifier !== undefined && {
        maxLag: props.replicationLagAlarm ?? props.maxReplicationLag ?? Duration.seconds(30),
      }),
    });
  }

  /** Login as the group's user on any cluster of this account and Region, because a restore creates one with a new resource id. */
  public override grantAccess(grantee: iam.IGrantable, user: DatabaseUser): void {
    const resource = Stack.of(this).formatArn({
      service: 'rds-db',
      resource: 'dbuser',
      resourceName: `*/${this.userName(user)}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    iam.Grant.addToPrincipal({ grantee, actions: ['rds-db:connect'], resourceArns: [resource] });
    if (Construct.isConstruct(grantee.grantPrincipal)) {
      acknowledgeWildcardResources(
        grantee.grantPrincipal,
        'Login as exactly one database user of this group, on any cluster of this account and Region: a restore creates a cluster with a new resource id, and recovery must not depend on IAM.',
        resource,
      );
    }
  }

  private userName(user: DatabaseUser): string {
    switch (user) {
      case DatabaseUser.APP:
        return this.props.appUser;
      case DatabaseUser.PROBE:
        return this.props.probeUser;
      case DatabaseUser.VALIDATOR:
        return this.props.validatorUser;
    }
  }
}
