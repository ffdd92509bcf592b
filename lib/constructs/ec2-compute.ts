import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { createContainerInstances } from './private/container-instances';
import { createCluster, spreadOverZones } from './private/service-defaults';
import { createWebService } from './private/web-service';
import { StampCompute, type StampComputeProps } from './stamp-compute';

/** Properties of {@link Ec2Compute}. */
export interface Ec2ComputeProps extends StampComputeProps {
  /** Instances that carry the tasks, of the tasks' architecture. Each task takes a network interface: check the type's limit. */
  readonly instanceType: ec2.InstanceType;
  /** Instances that always run: enough for `minTasks` with one Availability Zone gone. */
  readonly minInstances: number;
  /** More than `minInstances`: a rolling update starts the new instance first. */
  readonly maxInstances: number;
  /**
   * Size of the encrypted gp3 root volume in GiB.
   * @default 50
   */
  readonly rootVolumeSizeGiB?: number;
}

/**
 * The same web tasks on an ECS capacity provider over an Auto Scaling group of the stamp's own.
 *
 * ECS sizes the group (managed scaling) and moves tasks away before an instance goes (managed draining). Tasks spread over the
 * Availability Zones first, then fill instances. A zonal shift of the group is possible (aws-facts 3.5).
 */
export class Ec2Compute extends StampCompute {
  public readonly cluster: ecs.ICluster;
  public readonly service: ecs.BaseService;
  public readonly taskDefinition: ecs.TaskDefinition;
  public readonly targetGroup: elbv2.ApplicationTargetGroup;
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly connections: ec2.Connections;
  public readonly scalableTarget: appscaling.ScalableTarget;
  public readonly capacityProviderStrategies: ecs.CapacityProviderStrategy[];
  public readonly deploymentAlarms: cloudwatch.Alarm[];
  public readonly alarms: cloudwatch.Alarm[];
  /** The instances. */
  public readonly autoScalingGroup: autoscaling.AutoScalingGroup;
  /** What scales the instances with the tasks. */
  public readonly capacityProvider: ecs.AsgCapacityProvider;

  /** @throws StampError as FargateCompute does (but `FARGATE_SIZE`), and `INSTANCE_COUNTS`, `INSTANCE_ARCHITECTURE`. */
  public constructor(scope: Construct, id: string, props: Ec2ComputeProps) {
    super(scope, id);
    const cluster = createCluster(this, props);
    this.cluster = cluster;
    const instances = createContainerInstances(this, props, cluster);
    this.autoScalingGroup = instances.autoScalingGroup;
    this.capacityProvider = instances.capacityProvider;
    this.capacityProviderStrategies = [{ capacityProvider: this.capacityProvider.capacityProviderName, weight: 1 }];

    const web = createWebService(
      this,
      props,
      cluster,
      ecs.Compatibility.EC2,
      (common) =>
        new ecs.Ec2Service(this, 'Service', {
          ...common,
          capacityProviderStrategies: this.capacityProviderStrategies,
          placementStrategies: spreadOverZones(),
        }),
    );
    this.service = web.service;
    this.taskDefinition = web.taskDefinition;
    this.targetGroup = web.targetGroup;
    this.securityGroup = web.securityGroup;
    this.connections = web.connections;
    this.scalableTarget = web.scalableTarget;
    this.deploymentAlarms = web.deploymentAlarms;
    this.alarms = web.alarms;
    // The cluster's link to its capacity provider comes before the services that use it, and goes after them.
    this.service.node.addDependency(this.cluster);
  }
}
