import { definedOf, type ResourceView } from '../resource-view';
import { environmentOf, type Drafts } from './drafts';
import { flagOr, numberOr } from './number-or';
import type { Reader } from './reader';

/** `AWS::ECS::Service`; links add scaling, tasks and what carries them. */
export const SERVICE_READERS: Readonly<Record<string, Reader>> = {
  'AWS::ECS::Service': readService,
  'AWS::ECS::Cluster': readCluster,
};

function readService(view: ResourceView, drafts: Drafts): void {
  const deployment = view.at('DeploymentConfiguration');
  const breaker = deployment.at('DeploymentCircuitBreaker');
  const strategy = view.at('CapacityProviderStrategy');
  const capacityProviders = strategy.items().flatMap((item) => item.at('CapacityProvider').text() ?? []);
  const cluster = view.at('Cluster').text();
  drafts.services.push(
    view.fact({
      environment: environmentOf(view.origin),
      references: [view.reference(), view.name()],
      name: view.name(),
      cluster: cluster === undefined ? 'default' : cluster.slice(cluster.lastIndexOf('/') + 1),
      role: 'worker' as const,
      launchType: launchTypeOf(view.at('LaunchType').text(), capacityProviders),
      desiredCount: view.at('DesiredCount').number(),
      // A service starts with one task when nobody says how many; with `DAEMON` one runs on every instance.
      minTasks: numberOr(view.at('DesiredCount'), 1),
      maxTasks: numberOr(view.at('DesiredCount'), 1),
      scaling: [],
      availabilityZones: [],
      subnets: view.at('NetworkConfiguration', 'AwsvpcConfiguration', 'Subnets').texts(),
      targetGroupIds: view
        .at('LoadBalancers')
        .items()
        .flatMap((balancer) => balancer.at('TargetGroupArn').text() ?? []),
      autoScalingGroupIds: [],
      // On for new services (aws-facts 6.2).
      zoneRebalancing: view.at('AvailabilityZoneRebalancing').text() !== 'DISABLED',
      deployment: definedOf({
        minimumHealthyPercent: numberOr(deployment.at('MinimumHealthyPercent'), 100),
        maximumPercent: numberOr(deployment.at('MaximumPercent'), 200),
        circuitBreaker: flagOr(breaker.at('Enable'), false),
        rollback: flagOr(breaker.at('Enable'), false) && flagOr(breaker.at('Rollback'), false),
        alarms: flagOr(deployment.at('Alarms', 'Enable'), false) ? deployment.at('Alarms', 'AlarmNames').texts() : [],
      }),
      healthCheckGracePeriod: view.at('HealthCheckGracePeriodSeconds').number(),
      taskDefinition: view.at('TaskDefinition').text(),
      capacityProviders,
    }),
  );
}

function launchTypeOf(launchType: string | undefined, providers: readonly string[]): 'FARGATE' | 'EC2' | 'EXTERNAL' {
  if (launchType === 'FARGATE' || launchType === 'EXTERNAL') return launchType;
  return providers.some((provider) => provider === 'FARGATE' || provider === 'FARGATE_SPOT') ? 'FARGATE' : 'EC2';
}

function readCluster(view: ResourceView, drafts: Drafts): void {
  const strategy = view.at('DefaultCapacityProviderStrategy');
  if (!strategy.exists) return;
  const providers = strategy.items().flatMap((item) => item.at('CapacityProvider').text() ?? []);
  drafts.clusterProviders.push({ cluster: view.name(), environment: environmentOf(view.origin), providers });
}
