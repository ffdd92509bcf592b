import type { Template } from 'aws-cdk-lib/assertions';

/** A statement of an identity policy, resolved to plain text. */
export interface EvaluatedStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The statements of every identity policy in a template. Fails on text that is not plain: nothing is to be guessed. */
export function policyStatements(template: Template): EvaluatedStatement[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap((policy) =>
    (policy['Properties'].PolicyDocument.Statement as any[]).map((statement) => ({
      effect: statement.Effect as 'Allow' | 'Deny',
      actions: texts(statement.Action),
      resources: texts(statement.Resource),
    })),
  );
}

/** IAM's decision on an identity policy without conditions: an explicit deny wins, then an allow, and silence denies. */
export function isAllowed(statements: readonly EvaluatedStatement[], action: string, resource: string): boolean {
  const matching = statements.filter(
    (statement) =>
      statement.actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      statement.resources.some((pattern) => matches(pattern, resource)),
  );
  return matching.some(({ effect }) => effect === 'Allow') && !matching.some(({ effect }) => effect === 'Deny');
}

/** IAM wildcards: `*` is any text, slashes and colons included; `?` is one character; all else is literal. */
function matches(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}

function texts(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item !== 'string') throw new Error(`not plain text: ${JSON.stringify(item)}`);
    return item;
  });
}
