import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import {
  GetHealthCheckCommand,
  GetHealthCheckStatusCommand,
  type HealthCheckObservation,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { readerCredentials } from './reader-credentials';

/** Where a stack is, and the role that may read there. */
export interface StackPlace {
  readonly region: string;
  /** @default - the credentials of the environment */
  readonly lookupRoleArn?: string;
}

export interface DeployedStack {
  /** ARN, which stays valid after the stack is gone. */
  readonly stackId: string;
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
}

export interface HealthCheckReport {
  readonly type: string;
  readonly inverted: boolean;
  /** One line of each checker, such as `Success: HTTP Status Code 200, OK`. */
  readonly observations: readonly { readonly checkerRegion: string; readonly status: string }[];
}

/** Reads what is deployed; changes nothing. */
export interface DeployedStacks {
  /** `undefined` when there is no such stack. */
  describe(stackName: string, place: StackPlace): Promise<DeployedStack | undefined>;
  /** The template as it was sent, `undefined` when there is no such stack. */
  template(stackName: string, place: StackPlace): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** By name, or by id for a stack that is gone (CloudFormation remembers it for 90 days). Empty when there is none. */
  resources(stackNameOrId: string, place: StackPlace): Promise<readonly DeployedResource[]>;
  /** Value of an SSM parameter, `undefined` when there is none. */
  parameter(name: string, place: StackPlace): Promise<string | undefined>;
  /** What the checkers say. A calculated check has no checkers of its own (aws-facts 2.6). */
  healthCheck(id: string, place: StackPlace): Promise<HealthCheckReport>;
}

/** @param warn hears why a role could not be assumed, once for each role */
export function createDeployedStacks(warn: (text: string) => void): DeployedStacks {
  const credentials = readerCredentials(warn);
  const clients = new Map<string, Promise<Clients>>();
  const at = ({ region, lookupRoleArn }: StackPlace): Promise<Clients> => {
    const key = `${region} ${lookupRoleArn ?? ''}`;
    const known = clients.get(key);
    if (known !== undefined) return known;
    const made = credentials(region, lookupRoleArn).then((assumed) => createClients(region, assumed));
    clients.set(key, made);
    return made;
  };
  return {
    async describe(stackName, place) {
      const { cloudFormation } = await at(place);
      const response = await unlessMissing(cloudFormation.send(new DescribeStacksCommand({ StackName: stackName })));
      const stack = response?.Stacks?.[0];
      if (stack === undefined) return undefined;
      return {
        stackId: stack.StackId ?? stackName,
        status: stack.StackStatus ?? 'UNKNOWN',
        tags: Object.fromEntries((stack.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
      };
    },
    async template(stackName, place) {
      const { cloudFormation } = await at(place);
      const response = await unlessMissing(
        cloudFormation.send(new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Original' })),
      );
      if (response?.TemplateBody === undefined || response.TemplateBody === '') return undefined;
      return JSON.parse(response.TemplateBody) as Record<string, unknown>;
    },
    async resources(stackNameOrId, place) {
      const { cloudFormation } = await at(place);
      return (await unlessMissing(listResources(cloudFormation, stackNameOrId))) ?? [];
    },
    async parameter(name, place) {
      const { ssm } = await at(place);
      try {
        return (await ssm.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
      } catch (error) {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      }
    },
    async healthCheck(id, place) {
      const { route53 } = await at(place);
      const { HealthCheck } = await route53.send(new GetHealthCheckCommand({ HealthCheckId: id }));
      const type = HealthCheck?.HealthCheckConfig?.Type ?? 'UNKNOWN';
      const inverted = HealthCheck?.HealthCheckConfig?.Inverted === true;
      if (type === 'CALCULATED') return { type, inverted, observations: [] };
      const status = await route53.send(new GetHealthCheckStatusCommand({ HealthCheckId: id }));
      return { type, inverted, observations: (status.HealthCheckObservations ?? []).map(observation) };
    },
  };
}

interface Clients {
  readonly cloudFormation: CloudFormationClient;
  readonly ssm: SSMClient;
  readonly route53: Route53Client;
}

function createClients(region: string, credentials: Awaited<ReturnType<ReturnType<typeof readerCredentials>>>): Clients {
  const configuration = { region, maxAttempts: 6, ...(credentials !== undefined && { credentials }) };
  return {
    cloudFormation: new CloudFormationClient(configuration),
    ssm: new SSMClient(configuration),
    route53: new Route53Client(configuration),
  };
}

function observation({ Region, StatusReport }: HealthCheckObservation): HealthCheckReport['observations'][number] {
  return { checkerRegion: Region ?? 'unknown', status: StatusReport?.Status ?? '' };
}

async function listResources(client: CloudFormationClient, StackName: string): Promise<readonly DeployedResource[]> {
  const found: DeployedResource[] = [];
  for await (const { StackResourceSummaries } of paginateListStackResources({ client }, { StackName })) {
    for (const { LogicalResourceId, ResourceType, PhysicalResourceId } of StackResourceSummaries ?? []) {
      found.push({
        logicalId: LogicalResourceId ?? '',
        type: ResourceType ?? '',
        ...(PhysicalResourceId !== undefined && { physicalId: PhysicalResourceId }),
      });
    }
  }
  return found;
}

/** CloudFormation has no error of its own for a stack that is not there. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && /does not exist|could not be found/i.test(error.message)) return undefined;
    throw error;
  }
}
