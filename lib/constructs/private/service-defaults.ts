import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { StampComputeProps } from '../stamp-compute';
import type { StampTaskProps } from '../stamp-task';

export interface ServiceParts {
  readonly cluster: ecs.ICluster;
  readonly taskDefinition: ecs.TaskDefinition;
  readonly securityGroup: ec2.ISecurityGroup;
}

/** Child Cluster of the scope. */
export function createCluster(scope: Construct, props: StampComputeProps): ecs.Cluster {
  return new ecs.Cluster(scope, 'Cluster', {
    vpc: props.vpc,
    clusterName: props.clusterName,
    containerInsightsV2: ecs.ContainerInsights.ENHANCED,
  });
}

/** What every service of a stamp does the same way, on Fargate and on EC2. */
export function serviceDefaults(props: StampTaskProps, parts: ServiceParts) {
  return {
    cluster: parts.cluster,
    taskDefinition: parts.taskDefinition,
    serviceName: props.serviceName,
    securityGroups: [parts.securityGroup],
    vpcSubnets: taskSubnets(props),
    assignPublicIp: false,
    // Never fewer tasks than wanted: a deployment must not use up the reserve for the loss of a zone.
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    circuitBreaker: { enable: true, rollback: true },
    availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.ENABLED,
    enableExecuteCommand: false,
    enableECSManagedTags: true,
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  };
}

/**
 * Lets the service wait for what its first tasks need: the right to pull the image and to read secrets, and the way out of their
 * subnets. Otherwise the first tasks fail while the NAT gateways are still being made, and three failures are enough for the circuit breaker
 * to end the first deployment (aws-facts 6.2).
 */
export function startAfterPrerequisites(service: ecs.BaseService, props: StampTaskProps, parts: ServiceParts): void {
  const { executionRole } = parts.taskDefinition;
  if (executionRole !== undefined) service.node.addDependency(executionRole);
  service.node.addDependency(parts.cluster.vpc.selectSubnets(taskSubnets(props)).internetConnectivityEstablished);
}

export function taskSubnets(props: StampTaskProps): ec2.SubnetSelection {
  return props.vpcSubnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
}

/** On EC2: zones first, or AZ rebalancing is refused; then full instances, so that ECS can empty the others. */
export function spreadOverZones(): ecs.PlacementStrategy[] {
  return [ecs.PlacementStrategy.spreadAcross(ecs.BuiltInAttributes.AVAILABILITY_ZONE), ecs.PlacementStrategy.packedByMemory()];
}

/** Child SecurityGroup of the scope: open outward, closed inward. */
export function createTaskSecurityGroup(scope: Construct, vpc: ec2.IVpc, description: string): SecurityGroup {
  // An explicit description: the default one holds the construct path and so the stack's id.
  return new SecurityGroup(scope, 'SecurityGroup', { vpc, description, allowAllOutbound: true });
}
