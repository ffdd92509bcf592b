import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type Stack,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';

export const REGIONS = ['us-east-1', 'us-west-2', 'ca-central-1'] as const;

/** Every stack of the fleet by name, in all Regions. */
export async function deployedStacks(): Promise<Map<string, Stack & { readonly region: string }>> {
  const found = new Map<string, Stack & { readonly region: string }>();
  for (const region of REGIONS) {
    const { Stacks } = await new CloudFormationClient({ region }).send(new DescribeStacksCommand({}));
    for (const stack of Stacks ?? []) if (stack.StackName !== 'CDKToolkit') found.set(stack.StackName!, { ...stack, region });
  }
  return found;
}

export async function stackResources(stackName: string, region: string): Promise<StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  const client = new CloudFormationClient({ region });
  for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
    found.push(...(page.StackResourceSummaries ?? []));
  }
  return found;
}

export async function deployedTemplate(stackName: string, region: string): Promise<any> {
  const { TemplateBody } = await new CloudFormationClient({ region }).send(new GetTemplateCommand({ StackName: stackName }));
  return JSON.parse(TemplateBody!);
}

/** Logical id -> physical id of everything that is deployed: equal before and after means nothing was replaced. */
export async function physicalIds(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, { region }] of await deployedStacks()) {
    for (const { LogicalResourceId, PhysicalResourceId } of await stackResources(name, region)) {
      found[`${name}/${LogicalResourceId}`] = PhysicalResourceId ?? '';
    }
  }
  return found;
}
