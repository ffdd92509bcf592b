import { type Call, type Handlers, type Place, text } from '../world';
import { WireError } from '../wire-error';
import type { ComputeState, EcsService } from './compute-state';

type Shown = Readonly<Record<string, unknown>>;

/** ECS: services, their deployments and the capacity provider of a cluster. */
export function ecs(state: ComputeState): Handlers {
  const find = (call: Call, name: string): EcsService | undefined => {
    state.settle();
    return state.services.get(state.key(call, nameOf((call.input.cluster as string | undefined) ?? 'default'), nameOf(name)));
  };
  return {
    DescribeServices: (call) => {
      const names = call.input.services as readonly string[];
      const found = names.map((name) => ({ name, service: find(call, name) }));
      return {
        services: found.flatMap(({ service }) => (service === undefined ? [] : [showService(state, service)])),
        failures: found.flatMap(({ name, service }) => (service === undefined ? [{ arn: name, reason: 'MISSING' }] : [])),
      };
    },
    UpdateService: (call) => {
      const service = find(call, text(call.input, 'service'));
      if (service === undefined) throw new WireError('ServiceNotFoundException', 'Service not found.');
      if (call.input.desiredCount !== undefined) state.setDesired(service, call.input.desiredCount as number);
      if (call.input.forceNewDeployment === true) state.roll(service);
      return { service: showService(state, service) };
    },
    DescribeClusters: (call) => {
      const names = (call.input.clusters as readonly string[] | undefined) ?? [];
      return {
        clusters: names.map((name) => ({
          clusterName: name,
          status: 'ACTIVE',
          capacityProviders: state.providers.has(state.key(call, name)) ? [`${name}-instances`] : ['FARGATE'],
        })),
        failures: [],
      };
    },
    DescribeCapacityProviders: (call) => {
      const names = (call.input.capacityProviders as readonly string[] | undefined) ?? [];
      return {
        capacityProviders: names.map((name) => ({
          name,
          status: 'ACTIVE',
          ...(name.endsWith('-instances') && {
            autoScalingGroupProvider: {
              autoScalingGroupArn: groupArn(call, state.providers.get(state.key(call, name.replace(/-instances$/, ''))) ?? ''),
            },
          }),
        })),
      };
    },
  };
}

function groupArn({ account, region }: Place, name: string): string {
  return `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:6c6b2e2f-0000-4000-8000-000000000000:autoScalingGroupName/${name}`;
}

function nameOf(nameOrArn: string): string {
  return nameOrArn.split('/').at(-1) ?? nameOrArn;
}

function showService(state: ComputeState, service: EcsService): Shown {
  const { now } = state.world;
  return {
    serviceName: service.name,
    serviceArn: `arn:aws:ecs:${service.region}:${service.account}:service/${service.cluster}/${service.name}`,
    status: 'ACTIVE',
    desiredCount: service.desired,
    runningCount: service.running,
    pendingCount: Math.max(0, service.desired - service.running),
    loadBalancers:
      service.targetGroup === undefined
        ? []
        : [{ targetGroupArn: service.targetGroup, containerName: 'web', containerPort: 8080 }],
    deployments: service.deployments
      // The one before is gone when its successor has replaced it.
      .filter((_, at) => at === 0 || (service.deployments[0]?.doneAt ?? 0) > now)
      .map((each, at) => ({
        id: each.id,
        status: at === 0 ? 'PRIMARY' : 'ACTIVE',
        createdAt: new Date(each.createdAt),
        rolloutState: each.doneAt > now ? 'IN_PROGRESS' : each.failed ? 'FAILED' : 'COMPLETED',
      })),
  };
}

/** Application Auto Scaling, for ECS services. */
export function applicationAutoScaling(state: ComputeState): Handlers {
  const dimension = 'ecs:service:DesiredCount';
  return {
    DescribeScalableTargets: (call) => {
      const wanted = (call.input.ResourceIds as readonly string[] | undefined) ?? [];
      return {
        ScalableTargets: wanted.flatMap((id) => {
          const target = state.targets.get(state.key(call, id));
          return target === undefined
            ? []
            : [
                {
                  ServiceNamespace: 'ecs',
                  ResourceId: id,
                  ScalableDimension: dimension,
                  MinCapacity: target.min,
                  MaxCapacity: target.max,
                  RoleARN: `arn:aws:iam::${call.account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
                  CreationTime: new Date(0),
                },
              ];
        }),
      };
    },
    RegisterScalableTarget: (call) => {
      const id = text(call.input, 'ResourceId');
      const [, cluster = '', name = ''] = id.split('/');
      const service = state.services.get(state.key(call, cluster, name));
      if (service === undefined) throw new WireError('ValidationException', `ECS service doesn't exist: ${id}`);
      const before = state.targets.get(state.key(call, id));
      const min = (call.input.MinCapacity as number | undefined) ?? before?.min;
      const max = (call.input.MaxCapacity as number | undefined) ?? before?.max;
      if (min === undefined || max === undefined || min > max)
        throw new WireError('ValidationException', 'Maximum capacity cannot be less than minimum capacity');
      state.targets.set(state.key(call, id), { min, max });
      state.setDesired(service, Math.min(Math.max(service.desired, min), max));
      return { ScalableTargetARN: `arn:aws:application-autoscaling:${call.region}:${call.account}:scalable-target/0ec5` };
    },
  };
}

/** EC2 Auto Scaling: the instances of a cluster. */
export function autoScaling(state: ComputeState): Handlers {
  return {
    DescribeAutoScalingGroups: (call) => {
      state.settle();
      const wanted = (call.input.AutoScalingGroupNames as readonly string[] | undefined) ?? [];
      const zone = `${call.region}a`;
      return {
        AutoScalingGroups: wanted.flatMap((name) => {
          const group = state.groups.get(state.key(call, name));
          if (group === undefined) return [];
          return [
            {
              AutoScalingGroupName: name,
              MinSize: group.min,
              MaxSize: group.max,
              DesiredCapacity: group.desired,
              DefaultCooldown: 300,
              AvailabilityZones: [zone],
              HealthCheckType: 'EC2',
              CreatedTime: new Date(0),
              Instances: Array.from({ length: group.running }, (_, at) => ({
                InstanceId: `i-${String(at).padStart(17, '0')}`,
                AvailabilityZone: zone,
                LifecycleState: 'InService',
                HealthStatus: 'Healthy',
                ProtectedFromScaleIn: false,
              })),
            },
          ];
        }),
      };
    },
    UpdateAutoScalingGroup: (call) => {
      const group = state.groups.get(state.key(call, text(call.input, 'AutoScalingGroupName')));
      if (group === undefined) throw new WireError('ValidationError', 'AutoScalingGroup name not found');
      const min = (call.input.MinSize as number | undefined) ?? group.min;
      const max = (call.input.MaxSize as number | undefined) ?? group.max;
      if (min > max) throw new WireError('ValidationError', 'MinSize is greater than MaxSize');
      Object.assign(group, { min, max });
      state.setDesired(group, Math.min(Math.max(group.desired, min), max));
      return {};
    },
  };
}

/** Elastic Load Balancing: which targets of a service are healthy. */
export function loadBalancing(state: ComputeState): Handlers {
  return {
    DescribeTargetHealth: (call) => {
      state.settle();
      const arn = text(call.input, 'TargetGroupArn');
      const service = [...state.services.values()].find((each) => each.targetGroup === arn);
      if (service === undefined) throw new WireError('TargetGroupNotFoundException', 'Target groups not found');
      return {
        TargetHealthDescriptions: Array.from({ length: service.running }, (_, at) => ({
          Target: { Id: `10.0.0.${at + 1}`, Port: 8080 },
          TargetHealth: { State: 'healthy' },
        })),
      };
    },
  };
}
