import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { LIVE_PATH } from '../facts/reserved-paths';
import { acknowledge } from './private/acknowledge';
import { functionCode } from './private/function-asset';
import { healthAlarms } from './private/health-alarms';
import { checkHealthProps } from './private/health-checks';
import { healthEnvironment } from './private/health-environment';
import { healthRole } from './private/health-role';
import { allowHealthEgress } from './private/health-network';
import type { StampHealthProps } from './stamp-health-props';

export { StampDatabaseProbe, StandbyServes } from './stamp-health-props';
export type { StampHealthDependency, StampHealthProps } from './stamp-health-props';

/**
 * The health of a stamp: one function with two doors (design 6). Behind the stamp's own load balancer it answers `/.stamp/health`
 * with the status and no more; by IAM invoke with `{ "door": "operator" }` it answers with the full document.
 *
 * Hand {@link targetGroup} to `StampEdge.answerHealthWith`, and let the database grant {@link function} its probe user.
 */
export class StampHealth extends Construct implements ec2.IConnectable {
  /** The function that answers the deep check. */
  public readonly function: lambda.Function;
  /** Where the load balancer finds the function. */
  public readonly targetGroup: elbv2.ApplicationTargetGroup;
  /** Security group of the function. */
  public readonly securityGroup: ec2.SecurityGroup;
  public readonly connections: ec2.Connections;
  /** Where the function logs. */
  public readonly logGroup: logs.LogGroup;
  /** Errors and throttles of the function: a health check that cannot answer is a stamp out of service. */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * @throws StampError `HEALTH_TARGET_GROUP`, `HEALTH_DATABASE`, `HEALTH_PATH`, `HEALTH_DEPENDENCY` or `HEALTH_CONCURRENCY` when
   * properties are missing or wrong.
   */
  public constructor(scope: Construct, id: string, props: StampHealthProps) {
    super(scope, id);
    checkHealthProps(props);

    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'Health function of the stamp',
      allowAllOutbound: false,
    });
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup] });
    allowHealthEgress(this, this.securityGroup, props);

    this.logGroup = new logs.LogGroup(this, 'LogGroup', {
      retention: props.logRetention ?? logs.RetentionDays.THREE_MONTHS,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
    });
    this.function = this.createFunction(props);
    this.targetGroup = this.createTargetGroup();
    this.alarms = healthAlarms(this, this.function, props.alarmTopic);
  }

  /** Lets a principal ask for the full document. */
  public grantOperatorInvoke(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [this.function.functionArn],
    });
  }

  private createFunction(props: StampHealthProps): lambda.Function {
    const handler = new lambda.Function(this, 'Function', {
      functionName: props.functionName,
      description: 'Answers whether this stamp can serve: to Route 53 through the load balancer, to operators by invoke',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: functionCode('stamp-health'),
      // Memory buys CPU: a TLS handshake must not eat the deadline of a probe.
      memorySize: 512,
      // The function answers within 1.5 s; this only ends an instance that hangs.
      timeout: Duration.seconds(5),
      reservedConcurrentExecutions: props.reservedConcurrency ?? 25,
      role: healthRole(this, props, this.logGroup),
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [this.securityGroup],
      environment: healthEnvironment(this, props),
      logGroup: this.logGroup,
      tracing: lambda.Tracing.ACTIVE,
      ...(props.encryptionKey !== undefined && { environmentEncryption: props.encryptionKey }),
    });
    acknowledge(
      handler,
      'Load balancer and operators invoke the function synchronously and see a failure themselves; a dead-letter queue only takes asynchronous events.',
      'NIST.800.53.R5-LambdaDLQ',
    );
    return handler;
  }

  private createTargetGroup(): elbv2.ApplicationTargetGroup {
    return new elbv2.ApplicationTargetGroup(this, 'TargetGroup', {
      targetType: elbv2.TargetType.LAMBDA,
      targets: [new LambdaTarget(this.function)],
      // Off by default for functions; on, because how Route 53 evaluates an unchecked target is not documented (aws-facts 16).
      // Every check is an invocation per load balancer node: slow, and slow to give up, since the deep check is the fast one.
      healthCheck: {
        enabled: true,
        path: LIVE_PATH,
        interval: Duration.seconds(35),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 5,
        healthyHttpCodes: '200',
      },
    });
  }
}
