import { CustomResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { StampError } from '../errors';
import type { AuroraMember } from './aurora-member';
import { acknowledge } from './private/acknowledge';
import { bootstrapRole, denyInterfacesToCode } from './private/bootstrap-role';
import { allowDatabaseAccess } from './private/database-access';
import { functionCode } from './private/function-asset';
import { RUNTIME_ROOTS } from './private/health-environment';
import { numberText } from './private/number-text';

/**
 * Raise it when the function grants something new: stacks that are deployed then run it once more. It never goes back, because nothing is
 * ever taken away.
 */
const VERSION = 1;
/** Longest the function may take: a cluster without an instance that answers is waited for. */
const TIMEOUT = Duration.minutes(10);

/** Settings of a {@link DatabaseBootstrap}. */
export interface DatabaseBootstrapProps {
  /** Network of the database, and of the function. */
  readonly vpc: ec2.IVpc;
  /**
   * Subnets of the function. They need a way to the database, to Secrets Manager and to S3.
   * @default - the private subnets of the VPC
   */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /** The home member: it has the master user's secret, and its users reach the other members by replication. */
  readonly database: AuroraMember;
  /** Database user of the application. */
  readonly appUser: string;
  /** Database user of the health checks. */
  readonly probeUser: string;
  /** Database user of restore validation. */
  readonly validatorUser: string;
  /**
   * Connections the health checks may hold at one instance. Two for every instance of their function: one to the writer's, one to the
   * reader's endpoint, which may lead to the same instance.
   * @default 100
   */
  readonly probeConnectionLimit?: number;
  /**
   * Key of logs and environment. CloudWatch Logs must be allowed to use it.
   * @default - the encryption of the services
   */
  readonly encryptionKey?: kms.IKey;
  /** How long the function's log is kept. @default logs.RetentionDays.THREE_MONTHS */
  readonly logRetention?: logs.RetentionDays;
  /**
   * What happens to the log group when the stack goes.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Creates the group's database users on the home member: once, idempotent, with login by IAM and no more rights than each needs (ADR 5).
 *
 * A function in the VPC logs in with the master user's secret. A custom resource runs it when the stack is created and when its inputs
 * change (users, database, cluster, version), so other updates of the stack do not depend on the database; deleting the stack does
 * nothing to the users. The database's pointer waits for it: whoever can read where the database is can log in.
 *
 * Recovery does not need it (R2): users are part of what is replicated and restored.
 */
export class DatabaseBootstrap extends Construct implements ec2.IConnectable {
  /** The function; an operator may run it any time. */
  public readonly function: lambda.Function;
  /** The function's security group. */
  public readonly securityGroup: ec2.SecurityGroup;
  /** Rules of the function's security group. */
  public readonly connections: ec2.Connections;
  /** The function's log: what it created, or why it did not. */
  public readonly logGroup: logs.LogGroup;
  /** What runs the function during a deployment. */
  public readonly resource: CustomResource;
  /** `changed`, `unchanged` or `not-the-writer`: after a failover the home member takes no writes, and a deployment must not fail for it. */
  public readonly outcome: string;

  /** @throws StampError `DATABASE_BOOTSTRAP_HOME` for a member that has no master user and no secret */
  public constructor(scope: Construct, id: string, props: DatabaseBootstrapProps) {
    super(scope, id);
    const { database } = props;
    const { masterSecret } = database;
    const databaseName = database.cluster.databaseName;
    if (masterSecret === undefined || databaseName === undefined) {
      throw new StampError(
        'DATABASE_BOOTSTRAP_HOME',
        `${database.node.path} is not the home member of its database, so it has no master user`,
        'Bootstrap the home member only: its users reach the others by replication.',
      );
    }

    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'Database bootstrap of the stamp',
      allowAllOutbound: false,
    });
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup] });
    const ways = this.openWays(database);
    this.logGroup = new logs.LogGroup(this, 'LogGroup', {
      retention: props.logRetention ?? logs.RetentionDays.THREE_MONTHS,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
    });
    const inputs = {
      STAMP_DATABASE_NAME: databaseName,
      STAMP_APP_USER: props.appUser,
      STAMP_PROBE_USER: props.probeUser,
      STAMP_VALIDATOR_USER: props.validatorUser,
      STAMP_PROBE_CONNECTIONS: numberText(props.probeConnectionLimit ?? 100),
    };
    const role = bootstrapRole(this, {
      masterSecret,
      secretKey: database.encryptionKey,
      logGroup: this.logGroup,
      ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
    });
    const subnets = props.vpcSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
    this.function = new lambda.Function(this, 'Function', {
      description: 'Creates the database users of the tenant group, once',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: functionCode('database-bootstrap'),
      memorySize: 256,
      timeout: TIMEOUT,
      // Runs at once would only wait for each other.
      reservedConcurrentExecutions: 1,
      role,
      vpc: props.vpc,
      vpcSubnets: subnets,
      securityGroups: [this.securityGroup],
      environment: {
        ...inputs,
        STAMP_DATABASE_ENGINE: database.engine,
        STAMP_DATABASE_WRITER: database.writerEndpoint,
        STAMP_DATABASE_READER: database.readerEndpoint,
        STAMP_DATABASE_PORT: String(database.port),
        STAMP_MASTER_SECRET: masterSecret.secretArn,
        NODE_EXTRA_CA_CERTS: RUNTIME_ROOTS,
      },
      logGroup: this.logGroup,
      tracing: lambda.Tracing.ACTIVE,
      ...(props.encryptionKey !== undefined && { environmentEncryption: props.encryptionKey }),
    });
    acknowledge(
      this.function,
      'CloudFormation waits for the answer of every event and fails the deployment when none comes: a lost event is noticed without a dead-letter queue.',
      'NIST.800.53.R5-LambdaDLQ',
    );

    this.resource = new CustomResource(this, 'Resource', {
      serviceToken: this.function.functionArn,
      resourceType: 'Custom::StampDatabaseBootstrap',
      // Nothing of the function itself: new code alone is no reason to touch the database.
      properties: {
        Version: String(VERSION),
        Cluster: database.cluster.attrDbClusterResourceId,
        Database: databaseName,
        AppUser: props.appUser,
        ProbeUser: props.probeUser,
        ValidatorUser: props.validatorUser,
        ProbeConnectionLimit: inputs.STAMP_PROBE_CONNECTIONS,
      },
      // Beyond the function's own end, so that a function that died is noticed soon after; the service's default is an hour.
      serviceTimeout: TIMEOUT.plus(Duration.minutes(2)),
    });
    this.resource.node.addDependency(
      ...database.instances,
      ...ways,
      denyInterfacesToCode(this, role, this.function),
      props.vpc.selectSubnets(subnets).internetConnectivityEstablished,
    );
    // Tasks and the health function log in as soon as they know where.
    database.pointer.node.addDependency(this.resource);
    this.outcome = this.resource.getAttString('Outcome');
  }

  /** L1 rules, because those of the L2 are named after construct paths (design 11). */
  private openWays(database: AuroraMember): Construct[] {
    this.securityGroup.addEgressRule(
      ec2.Peer.anyIpv4(),
      ec2.Port.tcp(443),
      'HTTPS: Secrets Manager, answers to CloudFormation, traces',
    );
    const egress = new ec2.CfnSecurityGroupEgress(this, 'DatabaseEgress', {
      ipProtocol: 'tcp',
      fromPort: database.port,
      toPort: database.port,
      groupId: this.securityGroup.securityGroupId,
      destinationSecurityGroupId: database.securityGroup.securityGroupId,
      description: 'The database',
    });
    return [
      egress,
      allowDatabaseAccess(this, 'DatabaseIngress', database, this.securityGroup, 'Database bootstrap of the stamp'),
    ];
  }
}
