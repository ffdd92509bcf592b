import type { Template } from 'aws-cdk-lib/assertions';

type Json = Record<string, unknown>;

/** One action on one resource that an Allow statement grants. */
export interface Grant {
  readonly stack: string;
  /** Identity policies say what a role may do, resource policies who may use the resource. */
  readonly kind: 'identity' | 'resource';
  /** Logical id without its hash: the role, or the resource that the policy protects. */
  readonly holder: string;
  readonly action: string;
  /** Text of the ARN; references look like `<LogicalId.Arn>`. Empty in a trust policy, which is about the role itself. */
  readonly resource: string;
  /** True when everybody is meant, authenticated or not. */
  readonly anyone: boolean;
  /** JSON of the condition; empty without one. */
  readonly condition: string;
}

/** A stack as far as names in policies depend on it. */
export interface PolicyStack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
}

/** Allow statements that grant everything but a list: they cannot be reviewed, so there may be none. */
export function negatedStatements(stack: PolicyStack): string[] {
  return statementsOf(stack)
    .filter(({ statement }) => ['NotAction', 'NotResource', 'NotPrincipal'].some((key) => key in statement))
    .map(({ holders }) => holders.join(' '));
}

/**
 * Every action and resource pair of every Allow statement in a template: identity policies (own, inline, managed), and the policies
 * of keys, buckets, queues, topics, vaults and endpoints alike. Names of the stack, its group, account and Region become
 * `<stamp>`, `<group>`, `<account>` and `<region>`, so that stamps can be compared.
 */
export function grantsOf(stack: PolicyStack): Grant[] {
  return statementsOf(stack).flatMap(({ kind, holders, statement }) =>
    holders.flatMap((holder) =>
      textsOf(statement['Action']).flatMap((action) =>
        textsOf(statement['Resource'] ?? '').map((resource) => ({
          stack: stack.name,
          kind,
          holder,
          action,
          resource: neutral(resource, stack),
          anyone: isAnyone(statement['Principal']),
          condition: statement['Condition'] === undefined ? '' : neutral(JSON.stringify(statement['Condition']), stack),
        })),
      ),
    ),
  );
}

/** The grants that reach further than a list: a wildcard in action or resource, or everybody as principal. */
export function wildcardGrants(stack: PolicyStack): Grant[] {
  return grantsOf(stack).filter(({ action, resource, anyone }) => anyone || /[*?]/.test(action + resource));
}

/** AWS managed policies, whose wildcards are AWS's own: role and name of the policy. */
export function managedPolicies({ template }: PolicyStack): string[] {
  return Object.entries(template.findResources('AWS::IAM::Role')).flatMap(([id, role]) =>
    ((role['Properties'].ManagedPolicyArns ?? []) as unknown[]).map(
      (arn) => `${withoutHash(id)} ${flatten(arn).replace(/^.*:policy\//, '')}`,
    ),
  );
}

interface FoundStatement {
  readonly kind: Grant['kind'];
  readonly holders: readonly string[];
  readonly statement: Json;
}

function statementsOf({ template }: PolicyStack): FoundStatement[] {
  const resources = template.toJSON()['Resources'] as Record<string, { Type: string; Properties?: Json }>;
  return Object.entries(resources).flatMap(([id, { Type: type, Properties: properties = {} }]) => {
    const identity = type.startsWith('AWS::IAM::');
    const roles = identity && Array.isArray(properties['Roles']) ? properties['Roles'].map(flatten) : [];
    const holders = roles.length > 0 ? roles.map((role) => role.replace(/[<>]/g, '')) : [withoutHash(id)];
    return allowStatements(properties).map((statement) => ({
      kind: identity ? ('identity' as const) : ('resource' as const),
      holders,
      statement,
    }));
  });
}

/** Wherever they are nested, and in policies that are written as text. */
function allowStatements(node: unknown): Json[] {
  if (typeof node === 'string' && node.includes('"Effect"')) return allowStatements(JSON.parse(node));
  if (Array.isArray(node)) return node.flatMap(allowStatements);
  if (typeof node !== 'object' || node === null) return [];
  const own = node as Json;
  if (own['Effect'] === 'Allow' && ('Action' in own || 'NotAction' in own)) return [own];
  return Object.values(own).flatMap(allowStatements);
}

function isAnyone(principal: unknown): boolean {
  if (principal === '*') return true;
  if (typeof principal !== 'object' || principal === null) return false;
  return Object.values(principal).some((value) => [value].flat().includes('*'));
}

function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(flatten);
}

/** The text of a value, references included. */
function flatten(node: unknown): string {
  if (typeof node === 'string') return node;
  if (typeof node !== 'object' || node === null) return JSON.stringify(node);
  const [[key, argument] = ['', undefined]] = Object.entries(node);
  if (key === 'Ref') return `<${withoutHash(String(argument))}>`;
  if (key === 'Fn::GetAtt') return `<${withoutHash((argument as string[])[0]!)}.${(argument as string[])[1]!}>`;
  if (key === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(flatten).join(separator);
  }
  return JSON.stringify(node);
}

function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

function neutral(text: string, { name, account, region }: PolicyStack): string {
  const group = name.replace(/-[^-]+$/, '');
  return text
    .replaceAll(name, '<stamp>')
    .replaceAll(group, '<group>')
    .replace(/\bstamp_(app|probe|validator)_\w+/g, 'stamp_$1_<group>')
    .replaceAll(account, '<account>')
    .replaceAll(region, '<region>');
}
