import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { createCluster } from './private/service-defaults';
import { createWebService } from './private/web-service';
import { StampCompute, type StampComputeProps } from './stamp-compute';

/**
 * Web tasks on Fargate, on demand. Fargate promises no capacity when a zone is lost (aws-facts 6.2), so `minTasks` must hold the
 * reserve for that; scaling is for the ordinary day.
 */
export class FargateCompute extends StampCompute {
  public readonly cluster: ecs.ICluster;
  public readonly service: ecs.BaseService;
  public readonly taskDefinition: ecs.TaskDefinition;
  public readonly targetGroup: elbv2.ApplicationTargetGroup;
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly connections: ec2.Connections;
  public readonly scalableTarget: appscaling.ScalableTarget;
  public readonly capacityProviderStrategies: ecs.CapacityProviderStrategy[] = [];
  public readonly deploymentAlarms: cloudwatch.Alarm[];
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * @throws StampError `STOP_TIMEOUT_RANGE`, `DRAIN_ORDER`, `TASK_COUNTS`, `TARGET_HEALTH_THRESHOLDS`, `HEALTH_PATH`, `PORT_RANGE`,
   * `CPU_TARGET`, `FARGATE_SIZE`, `DUPLICATE_ENVIRONMENT`; at synth `TARGET_GROUP_NOT_ATTACHED`.
   */
  public constructor(scope: Construct, id: string, props: StampComputeProps) {
    super(scope, id);
    const cluster = createCluster(this, props);
    this.cluster = cluster;
    const web = createWebService(
      this,
      props,
      cluster,
      ecs.Compatibility.FARGATE,
      (common) => new ecs.FargateService(this, 'Service', common),
    );
    this.service = web.service;
    this.taskDefinition = web.taskDefinition;
    this.targetGroup = web.targetGroup;
    this.securityGroup = web.securityGroup;
    this.connections = web.connections;
    this.scalableTarget = web.scalableTarget;
    this.deploymentAlarms = web.deploymentAlarms;
    this.alarms = web.alarms;
  }
}
