import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { AutoScalingClient, DescribeAutoScalingGroupsCommand, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  ECSClient,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Bounds, type Capacity, type Guard, PortError, type ScalingReading, type StampRef } from '../../ports';
import type { AwsAccess } from '../call/access';

type Access = Pick<AwsAccess, 'caller' | 'clients'>;
const DIMENSION = 'ecs:service:DesiredCount';

/** Application Auto Scaling, ECS and Auto Scaling of the stamp's own Region. */
export function createCapacity(access: Access): Capacity {
  const api = new ComputeApi(access);
  return {
    read: async (stamp) => {
      const [web, worker, instances] = await Promise.all([
        api.readService(stamp, stamp.names.service),
        stamp.hasWorker ? api.readService(stamp, stamp.names.workerService) : undefined,
        stamp.compute === 'ec2' ? api.readInstances(stamp) : undefined,
      ]);
      return { web, ...(worker && { worker }), ...(instances && { instances }) };
    },
    setBounds: async ({ stamp, bounds, guard }) => {
      // Instances first: tasks that are wanted before there is room wait for them anyway.
      if (bounds.instances !== undefined) await api.setInstances(stamp, bounds.instances, guard);
      if (bounds.web !== undefined) await api.setService(stamp, stamp.names.service, bounds.web, guard);
      if (bounds.worker !== undefined) await api.setService(stamp, stamp.names.workerService, bounds.worker, guard);
    },
    roll: async ({ stamp, guard }) => {
      for (const service of servicesOf(stamp)) await api.update(stamp, service, { forceNewDeployment: true }, guard);
    },
    rollout: async (stamp) => {
      const services = await Promise.all(servicesOf(stamp).map((service) => api.service(stamp, service)));
      const newest = services.map(rolloutOf);
      return {
        state: newest.some(({ state }) => state === 'failed')
          ? 'failed'
          : newest.some(({ state }) => state === 'in-progress')
            ? 'in-progress'
            : 'completed',
        // All of them have to be newer than what they are to read.
        startedAt: Math.min(...newest.map(({ startedAt }) => startedAt)),
      };
    },
  };
}

function servicesOf({ names, hasWorker }: StampRef): string[] {
  return [names.service, ...(hasWorker ? [names.workerService] : [])];
}

function rolloutOf({ deployments = [] }: Service): { state: 'in-progress' | 'completed' | 'failed'; startedAt: number } {
  const primary = deployments.find((each) => each.status === 'PRIMARY') ?? deployments[0];
  const startedAt = primary?.createdAt?.getTime() ?? 0;
  // A circuit breaker that rolled back leaves the deployment that failed beside the one it went back to.
  if (deployments.some((each) => each.rolloutState === 'FAILED')) return { state: 'failed', startedAt };
  return { state: primary?.rolloutState === 'IN_PROGRESS' || deployments.length > 1 ? 'in-progress' : 'completed', startedAt };
}

/** The calls about one stamp's compute. */
class ComputeApi {
  public constructor(private readonly access: Access) {}

  public async service(stamp: StampRef, name: string): Promise<Service> {
    const place = { service: 'ecs', region: stamp.region, call: 'DescribeServices' };
    const client = this.access.clients.of(ECSClient, stamp.region, stamp.account);
    const command = new DescribeServicesCommand({ cluster: stamp.names.cluster, services: [name] });
    const { services } = await this.access.caller.read(place, (abortSignal) => client.send(command, { abortSignal }));
    const found = services?.find((each) => each.status !== 'INACTIVE');
    if (found === undefined) throw new PortError('not-found', place, `there is no service ${name} in ${stamp.names.cluster}`);
    return found;
  }

  public async readService(stamp: StampRef, name: string): Promise<ScalingReading> {
    const [bounds, service] = await Promise.all([this.bounds(stamp, name), this.service(stamp, name)]);
    const desired = service.desiredCount ?? 0;
    const running = Math.min(service.runningCount ?? 0, await this.healthy(stamp, service));
    return { min: bounds?.min ?? desired, max: bounds?.max ?? desired, desired, running };
  }

  public async setService(stamp: StampRef, name: string, bounds: Bounds, guard: Guard): Promise<void> {
    const live = await this.readService(stamp, name);
    if (live.min !== bounds.min || live.max !== bounds.max) {
      const place = { service: 'application-auto-scaling', region: stamp.region, call: 'RegisterScalableTarget' };
      const client = this.access.clients.of(ApplicationAutoScalingClient, stamp.region, stamp.account);
      const command = new RegisterScalableTargetCommand({
        ServiceNamespace: 'ecs',
        ScalableDimension: DIMENSION,
        ResourceId: scalable(stamp, name),
        MinCapacity: bounds.min,
        MaxCapacity: bounds.max,
      });
      await this.access.caller.change(place, guard, (abortSignal) => client.send(command, { abortSignal }));
    }
    // Application Auto Scaling follows the bounds in its own time; in a failover nobody waits for that.
    const desired = Math.min(Math.max(live.desired, bounds.min), bounds.max);
    if (desired !== live.desired) await this.update(stamp, name, { desiredCount: desired }, guard);
  }

  public async update(
    stamp: StampRef,
    name: string,
    change: { readonly desiredCount: number } | { readonly forceNewDeployment: true },
    guard: Guard,
  ): Promise<void> {
    const place = { service: 'ecs', region: stamp.region, call: 'UpdateService' };
    const client = this.access.clients.of(ECSClient, stamp.region, stamp.account);
    const command = new UpdateServiceCommand({ cluster: stamp.names.cluster, service: name, ...change });
    await this.access.caller.change(place, guard, (abortSignal) => client.send(command, { abortSignal }));
  }

  public async readInstances(stamp: StampRef): Promise<ScalingReading> {
    const place = { service: 'auto-scaling', region: stamp.region, call: 'DescribeAutoScalingGroups' };
    const name = await this.groupName(stamp);
    const client = this.access.clients.of(AutoScalingClient, stamp.region, stamp.account);
    const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
    const { AutoScalingGroups } = await this.access.caller.read(place, (abortSignal) => client.send(command, { abortSignal }));
    const group = AutoScalingGroups?.[0];
    if (group === undefined) throw new PortError('not-found', place, `there is no Auto Scaling group ${name}`);
    return {
      min: group.MinSize ?? 0,
      max: group.MaxSize ?? 0,
      desired: group.DesiredCapacity ?? 0,
      running: (group.Instances ?? []).filter((each) => each.LifecycleState === 'InService' && each.HealthStatus === 'Healthy')
        .length,
    };
  }

  public async setInstances(stamp: StampRef, { min, max }: Bounds, guard: Guard): Promise<void> {
    const live = await this.readInstances(stamp);
    if (live.min === min && live.max === max) return;
    const place = { service: 'auto-scaling', region: stamp.region, call: 'UpdateAutoScalingGroup' };
    const client = this.access.clients.of(AutoScalingClient, stamp.region, stamp.account);
    const command = new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: await this.groupName(stamp),
      MinSize: min,
      MaxSize: max,
    });
    // Auto Scaling itself keeps what is desired within the bounds.
    await this.access.caller.change(place, guard, (abortSignal) => client.send(command, { abortSignal }));
  }

  private async bounds(stamp: StampRef, name: string): Promise<Bounds | undefined> {
    const place = { service: 'application-auto-scaling', region: stamp.region, call: 'DescribeScalableTargets' };
    const client = this.access.clients.of(ApplicationAutoScalingClient, stamp.region, stamp.account);
    const command = new DescribeScalableTargetsCommand({
      ServiceNamespace: 'ecs',
      ScalableDimension: DIMENSION,
      ResourceIds: [scalable(stamp, name)],
    });
    const { ScalableTargets } = await this.access.caller.read(place, (abortSignal) => client.send(command, { abortSignal }));
    const target = ScalableTargets?.[0];
    return target === undefined ? undefined : { min: target.MinCapacity ?? 0, max: target.MaxCapacity ?? 0 };
  }

  /** Targets that the load balancer sends users to; a service without one has none to ask. */
  private async healthy(stamp: StampRef, { loadBalancers = [] }: Service): Promise<number> {
    const arn = loadBalancers[0]?.targetGroupArn;
    if (arn === undefined) return Infinity;
    const place = { service: 'elastic-load-balancing-v2', region: stamp.region, call: 'DescribeTargetHealth' };
    const client = this.access.clients.of(ElasticLoadBalancingV2Client, stamp.region, stamp.account);
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: arn });
    const { TargetHealthDescriptions: targets = [] } = await this.access.caller.read(place, (abortSignal) =>
      client.send(command, { abortSignal }),
    );
    return targets.filter((each) => each.TargetHealth?.State === 'healthy').length;
  }

  /** The group under the cluster's capacity provider: nobody gave it a name of its own. */
  private async groupName(stamp: StampRef): Promise<string> {
    const { region, account, names } = stamp;
    const client = this.access.clients.of(ECSClient, region, account);
    const clusters = new DescribeClustersCommand({ clusters: [names.cluster] });
    const found = await this.access.caller.read({ service: 'ecs', region, call: 'DescribeClusters' }, (abortSignal) =>
      client.send(clusters, { abortSignal }),
    );
    const providers = found.clusters?.[0]?.capacityProviders ?? [];
    const place = { service: 'ecs', region, call: 'DescribeCapacityProviders' };
    const command = new DescribeCapacityProvidersCommand({ capacityProviders: providers });
    const described =
      providers.length === 0
        ? undefined
        : await this.access.caller.read(place, (abortSignal) => client.send(command, { abortSignal }));
    const arn = described?.capacityProviders
      ?.map((each) => each.autoScalingGroupProvider?.autoScalingGroupArn)
      .find((each) => each !== undefined);
    const name = arn?.split('autoScalingGroupName/')[1];
    if (name === undefined) throw new PortError('not-found', place, `the cluster ${names.cluster} has no Auto Scaling group`);
    return name;
  }
}

function scalable({ names }: StampRef, service: string): string {
  return `service/${names.cluster}/${service}`;
}
