import type { Fact } from './fact';

/** An ECS service. */
export interface ServiceFact extends Fact {
  /** Explicit name or symbol. */
  readonly name: string;
  readonly cluster?: string;
  /** `web` when a target group sends to it. */
  readonly role: 'web' | 'worker';
  readonly launchType: 'FARGATE' | 'EC2' | 'EXTERNAL';
  /** Says the template; absent where scaling decides. */
  readonly desiredCount?: number;
  /** Tasks that run at all times: the scaling minimum, else the desired count (CloudFormation's default is 1). */
  readonly minTasks?: number;
  /** Tasks that scaling may reach; `minTasks` without scaling. */
  readonly maxTasks?: number;
  readonly scaling: readonly ScalingPolicyFact[];
  readonly availabilityZones: readonly string[];
  readonly targetGroupIds: readonly string[];
  /** Auto Scaling groups whose capacity providers carry it. */
  readonly autoScalingGroupIds: readonly string[];
  readonly zoneRebalancing: boolean;
  readonly deployment: DeploymentFact;
  /** Seconds in which failed load balancer checks do not count. */
  readonly healthCheckGracePeriod?: number;
  readonly task?: TaskFact;
}

export interface DeploymentFact {
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
  readonly circuitBreaker: boolean;
  /** A failed deployment goes back by itself. */
  readonly rollback: boolean;
  /** Alarms that fail a deployment: ids where the assembly makes them, else names. */
  readonly alarms: readonly string[];
}

export interface ScalingPolicyFact {
  readonly name: string;
  readonly type: 'TargetTrackingScaling' | 'StepScaling' | 'PredictiveScaling';
  /** Predefined metric such as `ALBRequestCountPerTarget`; `custom` for a customized one. */
  readonly metric?: string;
  /** Requests per target and minute for `ALBRequestCountPerTarget`; percent for CPU. */
  readonly target?: number;
  /** Seconds. */
  readonly scaleOutCooldown?: number;
  /** Seconds. */
  readonly scaleInCooldown?: number;
}

export interface TaskFact {
  /** Fact id of the task definition. */
  readonly id: string;
  readonly family?: string;
  /** CPU units. */
  readonly cpu?: number;
  /** MiB. */
  readonly memory?: number;
  readonly containers: readonly ContainerFact[];
}

export interface ContainerFact {
  readonly name: string;
  readonly image?: string;
  /** Region of a private ECR image, on which starting a task depends. */
  readonly imageRegion?: string;
  readonly essential: boolean;
  /** Seconds; ECS waits 30 without it. */
  readonly stopTimeout: number;
  readonly ports: readonly number[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretReference[];
}

export interface SecretReference {
  readonly name: string;
  /** ARN or name of the secret or parameter. */
  readonly valueFrom: string;
  /** Region of the ARN, on which starting a task depends; a bare name is in the task's own Region. */
  readonly region?: string;
}

export interface AutoScalingGroupFact extends Fact {
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly desired?: number;
  readonly availabilityZones: readonly string[];
  readonly targetGroupIds: readonly string[];
  readonly instanceType?: string;
  /** `EC2` or `ELB`. */
  readonly healthCheckType: string;
  /** Names of the ECS capacity providers that it is behind. */
  readonly capacityProviders: readonly string[];
  readonly scaling: readonly ScalingPolicyFact[];
}
