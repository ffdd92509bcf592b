import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Acknowledges findings that share one honest reason on one construct and what is below it. */
export function acknowledge(construct: IConstruct, reason: string, ...ids: string[]): void {
  for (const id of ids) {
    try {
      Validations.of(construct).acknowledge({ id, reason });
    } catch (error) {
      // The oldest aws-cdk-lib we work with takes no `::` in brackets, and the ids of cdk-nag have it. Newer ones record just this.
      if (!/\[.*::/.test(id)) throw error;
      construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [`Annotation::${id}`]: reason });
    }
  }
}

/** For roles made by CDK: their policies are inline. */
export function acknowledgeInlinePolicy(role: IConstruct): void {
  acknowledge(
    role,
    'The policy belongs to exactly this role and is created, changed and removed with it; a managed policy could be attached elsewhere.',
    'NIST.800.53.R5-IAMNoInlinePolicy',
  );
}

/**
 * Acknowledges that a policy names resources with a wildcard. cdk-nag reports each one by its text, so this takes the very ARNs
 * that the policy uses (tokens are fine) and writes them as cdk-nag does; any other wildcard still fails synth.
 */
export function acknowledgeWildcardResources(construct: IConstruct, reason: string, ...arns: string[]): void {
  const stack = Stack.of(construct);
  acknowledge(construct, reason, ...arns.map((arn) => `AwsSolutions-IAM5[Resource::${flatten(stack.resolve(arn))}]`));
}

/** Acknowledges AWS managed policies on a role, by the very ARNs that the role names. */
export function acknowledgeManagedPolicies(role: IConstruct, reason: string, ...arns: string[]): void {
  const stack = Stack.of(role);
  acknowledge(role, reason, ...arns.map((arn) => `AwsSolutions-IAM4[Policy::${flatten(stack.resolve(arn))}]`));
}

/** The text of a CloudFormation reference in cdk-nag's finding ids. */
function flatten(node: unknown): string {
  if (typeof node === 'string') return node;
  if (typeof node === 'object' && node !== null) {
    if ('Fn::Join' in node) {
      const [delimiter, items] = node['Fn::Join'] as [string, unknown[]];
      return items.map(flatten).join(delimiter);
    }
    if ('Fn::GetAtt' in node) {
      const [resource, attribute] = node['Fn::GetAtt'] as [unknown, unknown];
      return `<${flatten(resource)}.${flatten(attribute)}>`;
    }
    if ('Ref' in node) return `<${flatten(node.Ref)}>`;
  }
  return JSON.stringify(node);
}
