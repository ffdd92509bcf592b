import type { ContainerFact, SecretReference } from '../facts/services';
import { definedOf, type ResourceView } from '../resource-view';
import type { ValueView } from '../value-view';
import { environmentOf, type Drafts } from './drafts';
import type { Reader } from './reader';

/** `AWS::ECS::TaskDefinition` and what carries tasks. */
export const TASK_READERS: Readonly<Record<string, Reader>> = {
  'AWS::ECS::TaskDefinition': readTaskDefinition,
  'AWS::ECS::CapacityProvider': (view, drafts) =>
    drafts.capacityProviders.push({
      environment: environmentOf(view.origin),
      name: view.name(),
      autoScalingGroup: view.at('AutoScalingGroupProvider', 'AutoScalingGroupArn').text() ?? '',
    }),
  'AWS::ECS::ClusterCapacityProviderAssociations': readDefaultStrategy,
};

/** Without `stopTimeout` ECS kills a container after 30 seconds. */
const DEFAULT_STOP_TIMEOUT = 30;

function readTaskDefinition(view: ResourceView, drafts: Drafts): void {
  drafts.tasks.push(
    definedOf({
      id: view.id,
      references: [view.reference(), view.name()],
      family: view.name(),
      cpu: view.at('Cpu').number(),
      memory: view.at('Memory').number(),
      containers: view.at('ContainerDefinitions').items().map(containerOf),
    }),
  );
}

function containerOf(view: ValueView): ContainerFact {
  const image = view.at('Image').text();
  return definedOf({
    name: view.at('Name').text() ?? '',
    image,
    imageRegion: image === undefined ? undefined : /\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com/.exec(image)?.[1],
    essential: view.at('Essential').flag() ?? true,
    stopTimeout: view.at('StopTimeout').number() ?? DEFAULT_STOP_TIMEOUT,
    ports: view
      .at('PortMappings')
      .items()
      .flatMap((mapping) => mapping.at('ContainerPort').number() ?? []),
    environment: environmentVariables(view.at('Environment')),
    secrets: view.at('Secrets').items().map(secretOf),
  });
}

/** ECS's list of `Name` and `Value`; values that cannot be resolved are left out. */
function environmentVariables(list: ValueView): Record<string, string> {
  return Object.fromEntries(
    list.items().flatMap((item) => {
      const { Name: name, Value: value } = item.textMembers({ quietly: true });
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}

function secretOf(view: ValueView): SecretReference {
  const valueFrom = view.at('ValueFrom').text() ?? '';
  const region = /^arn:[^:]*:[^:]*:([a-z0-9-]+):/.exec(valueFrom)?.[1];
  return { name: view.at('Name').text() ?? '', valueFrom, ...(region !== undefined && { region }) };
}

function readDefaultStrategy(view: ResourceView, drafts: Drafts): void {
  const providers = view
    .at('DefaultCapacityProviderStrategy')
    .items()
    .flatMap((item) => item.at('CapacityProvider').text() ?? []);
  drafts.clusterProviders.push({ cluster: view.at('Cluster').text() ?? '', environment: environmentOf(view.origin), providers });
}
