import type { Duration } from 'aws-cdk-lib';
import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { StampTaskProps } from './stamp-task';

/** Properties of {@link FargateCompute}, and part of those of {@link Ec2Compute}. */
export interface StampComputeProps extends StampTaskProps {
  /** Network of the tasks. */
  readonly vpc: ec2.IVpc;
  /** Name of the ECS cluster. */
  readonly clusterName: string;
  /** TCP port of the container; plain HTTP, reachable from the load balancer only. */
  readonly port: number;
  /** Path that answers 200 when the process can serve. Shallow: a dependency that fails must not eject every task (aws-facts 9.1). */
  readonly healthPath: string;
  /** Scaling target: requests per task and minute. */
  readonly requestsPerTargetPerMinute: number;
  /**
   * Scaling target: average CPU in percent.
   * @default 60
   */
  readonly cpuTargetPercent?: number;
  /**
   * How long the load balancer lets open requests finish, at most `stopTimeout`.
   * @default Duration.seconds(60)
   */
  readonly deregistrationDelay?: Duration;
  /**
   * How long a new task may fail the load balancer's health check before it is replaced.
   * @default Duration.seconds(60)
   */
  readonly healthCheckGracePeriod?: Duration;
  /**
   * Below this many healthy targets the load balancer's addresses leave DNS; at or above the routing threshold (aws-facts 6.1).
   * @default 1
   */
  readonly dnsFailoverMinimumHealthyTargets?: number;
  /**
   * Below this many healthy targets the load balancer sends requests to all targets.
   * @default 1
   */
  readonly unhealthyRoutingMinimumHealthyTargets?: number;
  /**
   * Security group of the load balancer, the only one that may connect.
   * @default - whatever listener forwards to `targetGroup` is let in; the logical ids of those rules then hold the stack's construct id
   */
  readonly loadBalancerSecurityGroup?: ec2.ISecurityGroup;
}

/**
 * Runs the web tasks of one stamp behind a load balancer, on Fargate or on EC2: the same task, the same service, the same scaling.
 *
 * Forward a listener to `targetGroup`; the service waits for that. The template holds no desired count, so neither a deployment nor
 * a failover undoes what scaling or an operator did (design R1). Between `minTasks` and `maxTasks` it follows requests per task and
 * CPU. A bad deployment is stopped and rolled back by the circuit breaker or by the alarms for errors and for failing open.
 */
export abstract class StampCompute extends Construct implements ec2.IConnectable {
  /** The ECS cluster. */
  public abstract readonly cluster: ecs.ICluster;
  /** The ECS service. */
  public abstract readonly service: ecs.BaseService;
  /** What runs, and as which role. */
  public abstract readonly taskDefinition: ecs.TaskDefinition;
  /** Where the load balancer finds the tasks. */
  public abstract readonly targetGroup: elbv2.ApplicationTargetGroup;
  /** Security group of the tasks. */
  public abstract readonly securityGroup: ec2.ISecurityGroup;
  /** The same, with the container's port as default port. */
  public abstract readonly connections: ec2.Connections;
  /** The number of tasks, to add scaling policies of your own. */
  public abstract readonly scalableTarget: appscaling.ScalableTarget;
  /** How the stamp's other services get capacity. Empty on Fargate. */
  public abstract readonly capacityProviderStrategies: ecs.CapacityProviderStrategy[];
  /** The alarms that roll a deployment back: errors of the tasks, and a load balancer that fails open. */
  public abstract readonly deploymentAlarms: cloudwatch.Alarm[];
  /** All alarms: the ones above, unhealthy hosts, CPU, and fewer tasks than the floor. */
  public abstract readonly alarms: cloudwatch.Alarm[];
}
