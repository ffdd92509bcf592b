import { isDeepStrictEqual } from 'node:util';

/** The parts of a template that the guard reads. */
export interface PointerTemplate {
  readonly Resources?: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}

export interface PointerState {
  readonly deployed: PointerTemplate;
  readonly next: PointerTemplate;
  readonly deployedTags: Readonly<Record<string, string>>;
  readonly nextTags: Readonly<Record<string, string>>;
  /** SSM parameter name of the database pointer. */
  readonly parameterName: string;
  /** Value of the parameter now; `undefined` when there is none. */
  readonly live: string | undefined;
}

export type PointerVerdict = 'untouched' | 'cut-over-kept' | 'would-be-reset';

/**
 * Would this deployment undo a cut-over to a restored database (R8)? CloudFormation writes a parameter when its definition or the
 * stack's tags change, and then it writes what the template holds; it does not look at the live value.
 *
 * - `untouched`: the pointer says what the deployed template says, or there is none
 * - `cut-over-kept`: it says something else, and this deployment leaves it alone
 * - `would-be-reset`: it says something else, and this deployment would write the template's value
 */
export function judgePointer(state: PointerState): PointerVerdict {
  const deployed = pointerOf(state.deployed, state.parameterName);
  if (deployed === undefined || state.live === undefined) return 'untouched';
  if (pattern(deployed.properties['Value'], state.deployed).test(state.live)) return 'untouched';
  const next = pointerOf(state.next, state.parameterName);
  // A pointer that leaves the template is retained as it is.
  if (next === undefined) return 'cut-over-kept';
  const rewritten =
    deployed.logicalId !== next.logicalId ||
    !isDeepStrictEqual(deployed.properties, next.properties) ||
    !isDeepStrictEqual(state.deployedTags, state.nextTags);
  return rewritten ? 'would-be-reset' : 'cut-over-kept';
}

interface Pointer {
  readonly logicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

function pointerOf({ Resources }: PointerTemplate, name: string): Pointer | undefined {
  for (const [logicalId, { Type, Properties }] of Object.entries(Resources ?? {})) {
    if (Type === 'AWS::SSM::Parameter' && Properties?.['Name'] === name) return { logicalId, properties: Properties };
  }
  return undefined;
}

/**
 * What the template's value may have become. An endpoint is only known to AWS, but it starts with its cluster's identifier
 * (`<identifier>.cluster-<id>.<region>.rds.amazonaws.com`), and a restored cluster has another one.
 */
function pattern(value: unknown, template: PointerTemplate): RegExp {
  return new RegExp(`^${source(value, template)}$`, 's');
}

function source(value: unknown, template: PointerTemplate): string {
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  if (typeof value !== 'object' || value === null) return '.*';
  const [[name, argument] = ['', undefined]] = Object.entries(value);
  if (name === 'Fn::Join' && Array.isArray(argument)) {
    const [separator, parts] = argument as [string, unknown];
    if (Array.isArray(parts)) return parts.map((part: unknown) => source(part, template)).join(escape(separator));
  }
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) {
    const [logicalId, attribute] = argument as [string, string];
    const identifier = template.Resources?.[logicalId]?.Properties?.['DBClusterIdentifier'];
    if (typeof identifier === 'string' && attribute.endsWith('Endpoint.Address')) return `${escape(identifier)}\\.[^"]+`;
  }
  return '[^"]*';
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
