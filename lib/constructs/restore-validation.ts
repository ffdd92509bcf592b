import { Aws, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { StampError } from '../errors';
import { AuroraMember } from './aurora-member';
import { acknowledge, acknowledgeInlinePolicy } from './private/acknowledge';
import { denyInterfacesToCode } from './private/bootstrap-role';
import { allowDatabaseAccess } from './private/database-access';
import { functionCode } from './private/function-asset';
import { RUNTIME_ROOTS } from './private/health-environment';
import { validationAlarms } from './private/restore-validation-alarms';
import { type ChecksJson, checksJson } from './private/restore-validation-checks';
import { validationDefinition } from './private/restore-validation-definition';
import { definitionText } from './private/restore-validation-states';
import { readableTables, restoredResources, validationRole, validatorRole } from './private/restore-validation-role';
import type { RestoreChecks } from './restore-checks';
import type { RestoreTesting } from './restore-testing';
import { DatabaseUser, type StampDatabase } from './stamp-database';
import { TableMember } from './table-member';

/** Longest an execution may take. Every wait inside has an end of its own and they add up to less, so this one cuts no cleaning up. */
const EXECUTION_TIMEOUT = Duration.minutes(235);
/** Seconds that the function has besides its checks: to start, to log in and to answer. */
const FUNCTION_RESERVE = 30;
/** Capacity of the one instance of a serverless cluster, in ACU: starts small, and has memory for counting. */
const SERVERLESS = { min: 0.5, max: 8 };

/** Properties of {@link RestoreValidation}. */
export interface RestoreValidationProps {
  /** The restore tests whose results are checked. */
  readonly restoreTesting: RestoreTesting;
  /** Where the data comes from: an `AuroraMember` or a `TableMember`. */
  readonly database: StampDatabase;
  /** Network of the function that reads the restored data. */
  readonly vpc: ec2.IVpc;
  /**
   * Subnets of the function. They need a way to the subnets of the database; for tables, to DynamoDB.
   * @default - the private subnets of the VPC
   */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /** Name of the stamp's stack, for the name of the log group. */
  readonly name: string;
  /**
   * Name of the function that reads the data, by which operators invoke it after a restore of their own.
   * @default - CloudFormation makes one up
   */
  readonly functionName?: string;
  /**
   * Names of the tables that operators' restores make, with `*` as a wildcard: the function may read them too.
   * @default - only what restore tests make
   */
  readonly restoredTables?: string;
  /**
   * Database user of restore validation. Required for Aurora.
   * @default - none
   */
  readonly validatorUser?: string;
  /**
   * What has to hold.
   * @default - there is a row
   */
  readonly checks?: RestoreChecks;
  /**
   * Key of logs and environment. CloudWatch Logs must be allowed to use it.
   * @default - the encryption of the services
   */
  readonly encryptionKey?: kms.IKey;
  /**
   * How long logs are kept.
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;
  /**
   * What happens to the log groups when the stack goes.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Checks what a restore test brought back, and tells AWS Backup (ADR 8).
 *
 * A state machine, started when a restore job of the plan ends: it creates the instance that AWS Backup does not restore, reads the data as
 * the validator, removes the instance and reports SUCCESSFUL or FAILED, after which AWS Backup deletes what it restored. It works in a
 * network without a way out: Step Functions itself calls the AWS APIs, and the one function only reads data. Nothing but copies made by
 * restore tests is touched: by guards on the job and the names, and by policies that know these names only.
 */
export class RestoreValidation extends Construct implements ec2.IConnectable {
  /** The state machine. An operator who starts it names the execution after the restore job, with input `{ "detail": { "restoreJobId": "<id>" } }`. */
  public readonly stateMachine: sfn.StateMachine;
  /** Reads the restored data. */
  public readonly function: lambda.Function;
  /** Starts the state machine when a restore job ends. */
  public readonly rule: events.Rule;
  /** Security group of the function. */
  public readonly securityGroup: ec2.SecurityGroup;
  public readonly connections: ec2.Connections;
  /** Without actions: who composes the stamp adds them. */
  public readonly alarms: cloudwatch.Alarm[];

  /** @throws StampError `RESTORE_VALIDATION` for a database that nobody restores, `RESTORE_CHECKS` for checks that do not fit it */
  public constructor(scope: Construct, id: string, props: RestoreValidationProps) {
    super(scope, id);
    const { database } = props;
    const aurora = database instanceof AuroraMember ? database : undefined;
    if (aurora === undefined && !(database instanceof TableMember)) {
      throw new StampError(
        'RESTORE_VALIDATION',
        `${database.node.path} is neither an AuroraMember nor a TableMember, so AWS Backup restores nothing of it`,
        'Give the member whose backups are tested.',
      );
    }
    const checks = checksJson(props.checks ?? {}, aurora !== undefined);

    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'Restore validation of the stamp',
      allowAllOutbound: false,
    });
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup] });
    this.openWays(aurora);
    this.function = this.createFunction(props, checks, aurora);
    this.stateMachine = this.createStateMachine(props, checks, aurora);
    this.rule = this.createRule(props);
    this.alarms = validationAlarms(this, this.stateMachine, this.rule);
  }

  /** L1 rules, because those of the L2 are named after construct paths (design 11). */
  private openWays(aurora: AuroraMember | undefined): void {
    this.securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS: DynamoDB and traces');
    if (aurora === undefined) return;
    new ec2.CfnSecurityGroupEgress(this, 'DatabaseEgress', {
      ipProtocol: 'tcp',
      fromPort: aurora.port,
      toPort: aurora.port,
      groupId: this.securityGroup.securityGroupId,
      destinationSecurityGroupId: aurora.securityGroup.securityGroupId,
      description: 'Restored databases',
    });
    // A restore test puts its copy behind the security group of the live database (AuroraMember.restoreMetadata).
    allowDatabaseAccess(this, 'DatabaseIngress', aurora, this.securityGroup, 'Restore validation of the stamp');
  }

  private createFunction(props: RestoreValidationProps, checks: ChecksJson, aurora: AuroraMember | undefined): lambda.Function {
    const logGroup = this.createLogGroup('FunctionLogGroup', props);
    const role = validatorRole(this, {
      logGroup,
      ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
      ...(aurora === undefined && { tables: readableTables(this, props.restoredTables) }),
    });
    aurora?.grantAccess(role, DatabaseUser.VALIDATOR);
    const handler = new lambda.Function(this, 'Function', {
      ...(props.functionName !== undefined && { functionName: props.functionName }),
      description: 'Reads what a restore test brought back, as the validator',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: functionCode('restore-validation'),
      memorySize: 512,
      timeout: Duration.seconds(checks.timeLimit + FUNCTION_RESERVE),
      // Restore tests follow one another; the second is for the run that its caller has given up on.
      reservedConcurrentExecutions: 2,
      role,
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [this.securityGroup],
      environment: {
        STAMP_DATABASE_ENGINE: props.database.engine,
        STAMP_RESTORE_CHECKS: JSON.stringify(checks),
        ...(aurora !== undefined && {
          STAMP_DATABASE_NAME: aurora.databaseName,
          STAMP_DATABASE_PORT: String(aurora.port),
          STAMP_VALIDATOR_USER: requireUser(props.validatorUser),
          NODE_EXTRA_CA_CERTS: RUNTIME_ROOTS,
        }),
      },
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      ...(props.encryptionKey !== undefined && { environmentEncryption: props.encryptionKey }),
    });
    acknowledge(
      handler,
      'Step Functions invokes the function synchronously and handles every failure itself; a dead-letter queue only takes asynchronous events.',
      'NIST.800.53.R5-LambdaDLQ',
    );
    denyInterfacesToCode(this, role, handler);
    return handler;
  }

  private createStateMachine(
    props: RestoreValidationProps,
    checks: ChecksJson,
    aurora: AuroraMember | undefined,
  ): sfn.StateMachine {
    // The class that the stamp runs on is known to exist for the engine version and in the Region.
    const instanceClass = aurora?.instances[0]?.dbInstanceClass ?? 'db.serverless';
    const definition = validationDefinition({
      ...(aurora !== undefined && {
        aurora: {
          engine: aurora.engine,
          instanceClass,
          ...(instanceClass === 'db.serverless' && { serverless: SERVERLESS }),
        },
      }),
      checkTimeout: checks.timeLimit + 2 * FUNCTION_RESERVE,
      timeout: EXECUTION_TIMEOUT.toSeconds(),
    });
    const stateMachine = new sfn.StateMachine(this, 'StateMachine', {
      definitionBody: sfn.DefinitionBody.fromString(definitionText(definition, Stack.of(this).region)),
      definitionSubstitutions: {
        FunctionArn: this.function.functionArn,
        RestoreTestingPlanArn: props.restoreTesting.plan.attrRestoreTestingPlanArn,
        RestoredResources: restoredResources(this, aurora !== undefined),
      },
      role: validationRole(this, this.function, aurora),
      tracingEnabled: true,
      logs: {
        destination: this.createLogGroup('LogGroup', props, vendedLogsName(props.name)),
        level: sfn.LogLevel.ALL,
        // What states hand on is in the history of the execution; logs need not repeat it.
        includeExecutionData: false,
      },
    });
    // A policy of its own: it names the state machine, which waits for the role's other policy.
    const startItself = new iam.Policy(this, 'StartItself', {
      roles: [stateMachine.role],
      statements: [new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] })],
    });
    acknowledgeInlinePolicy(startItself);
    return stateMachine;
  }

  private createRule({ restoreTesting }: RestoreValidationProps): events.Rule {
    const rule = new events.Rule(this, 'Rule', {
      description: 'A restore test of the stamp has ended',
      eventPattern: {
        source: ['aws.backup'],
        detailType: ['Restore Job State Change'],
        detail: {
          status: ['COMPLETED', 'FAILED', 'ABORTED'],
          restoreTestingPlanArn: [restoreTesting.plan.attrRestoreTestingPlanArn],
        },
      },
    });
    const role = new iam.Role(this, 'RuleRole', {
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com'),
      description: 'Starts the restore validation of the stamp',
    });
    // The target adds the one action it needs.
    acknowledgeInlinePolicy(role);
    rule.addTarget(
      new targets.SfnStateMachine(this.stateMachine, {
        role,
        input: events.RuleTargetInput.fromObject({
          detail: { restoreJobId: events.EventField.fromPath('$.detail.restoreJobId') },
        }),
        maxEventAge: Duration.hours(1),
        retryAttempts: 60,
      }),
    );
    return rule;
  }

  private createLogGroup(id: string, props: RestoreValidationProps, logGroupName?: string): logs.LogGroup {
    return new logs.LogGroup(this, id, {
      ...(logGroupName !== undefined && { logGroupName }),
      retention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
    });
  }
}

/**
 * Log groups of this prefix share one entry in the account's log resource policy, which is full after a dozen others (Step Functions
 * developer guide, "Using CloudWatch Logs"). The id of the stack keeps it apart from one that a destroyed stamp left behind.
 */
function vendedLogsName(name: string): string {
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `/aws/vendedlogs/states/${name}-restore-validation-${stackUuid}`;
}

function requireUser(user: string | undefined): string {
  if (user !== undefined) return user;
  throw new StampError('RESTORE_VALIDATION', 'the validator has no database user', 'Give validatorUser.');
}
