import { compareText } from '../../order';
import { ACTIONS, type CallAction, type Permission } from './actions';
import { type PolicyCondition, type PolicyResource, type PolicyScope, type ResourceKey, RESOURCES } from './resources';

/**
 * `reader`: to see and to plan. `operator`: what carrying out needs besides; an operator's role has both, because together they are longer than
 * a managed policy may be.
 */
export type PolicyKind = 'operator' | 'reader';

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: PolicyCondition;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** Whoever has credentials may ask whose they are: AWS looks for no permission. */
const NO_PERMISSION = new Set(['-', 'sts:GetCallerIdentity']);

/** The example fleet, which docs/iam is written for. */
export const EXAMPLE_SCOPE: Omit<PolicyScope, 'role'> = { partition: 'aws', fleet: 'shop', account: '111111111111' };

/** Name of the role of a kind, the same in every account. */
export function roleOf(kind: PolicyKind, prefix = 'stampkit'): string {
  return `${prefix}-${kind}`;
}

/** What the calls of the adapters need, and nothing else. One statement for all kinds of resources that take the same actions. */
export function policyOf(kind: PolicyKind, scope: PolicyScope): PolicyDocument {
  const statements = new Map<
    string,
    { sid: string; actions: string[]; arns: string[]; condition: PolicyCondition | undefined }
  >();
  for (const [key, actions] of grants(kind)) {
    const resource: PolicyResource = RESOURCES[key];
    const condition = resource.condition?.(scope);
    const same = JSON.stringify([actions, condition]);
    const statement = statements.get(same) ?? { sid: sidOf(key), actions, arns: [], condition };
    statement.arns.push(resource.arn(scope));
    statements.set(same, statement);
  }
  return {
    Version: '2012-10-17',
    Statement: [...statements.values()].map(({ sid, actions, arns, condition }) => ({
      Sid: sid,
      Effect: 'Allow',
      Action: actions,
      Resource: [...new Set(arns)].sort(compareText),
      ...(condition !== undefined && { Condition: condition }),
    })),
  };
}

/** Actions by the kind of resource, in the order of the resources. */
function grants(kind: PolicyKind): Map<ResourceKey, string[]> {
  const found = new Map<ResourceKey, Set<string>>();
  for (const { action, on } of ACTIONS.flatMap((entry) => permissionsOf(kind, entry))) {
    if (NO_PERMISSION.has(action)) continue;
    for (const key of on) found.set(key, (found.get(key) ?? new Set()).add(action));
  }
  const order = Object.keys(RESOURCES) as ResourceKey[];
  return new Map(order.flatMap((key) => (found.has(key) ? [[key, [...(found.get(key) ?? [])].sort(compareText)]] : [])));
}

function permissionsOf(kind: PolicyKind, entry: CallAction): Permission[] {
  const all: Permission[] = [entry, ...(entry.also ?? [])];
  const carriesOut = ({ operatorOnly }: Permission): boolean =>
    entry.kind === 'change' || entry.operatorOnly === true || operatorOnly === true;
  // Each role is assumed by its own kind only: a reader must not become an operator.
  return all.filter((permission) => permission.on.includes('role-elsewhere') || carriesOut(permission) === (kind === 'operator'));
}

/** `switch-object` -> `SwitchObject`: letters and digits only. */
function sidOf(key: ResourceKey): string {
  return key.replace(/(?:^|-)([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/**
 * The page of docs/iam with its tables filled in.
 *
 * @throws Error when a table has no place
 */
export function iamPage(text: string): string {
  return Object.entries({ calls: callsTable(), wildcards: wildcardsTable() }).reduce((page, [name, content]) => {
    const place = new RegExp(`(<!-- ${name}:begin[^\\n]*-->\\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
    if (!place.test(page)) throw new Error(`the page has no place for the table of ${name}`);
    return page.replace(place, (_all, begin: string, end: string) => `${begin}\n${content}\n${end}`);
  }, text);
}

/** Every call, and what it needs on what: its own action first, then what AWS looks for besides. */
function callsTable(): string {
  const rows = ACTIONS.filter(({ action }) => !NO_PERMISSION.has(action)).flatMap((entry) =>
    [entry, ...(entry.also ?? [])].map((permission, place) => [
      place === 0 ? `${entry.service} ${entry.call}` : '',
      entry.kind === 'read' && entry.operatorOnly !== true && permission.operatorOnly !== true ? 'reader' : 'operator',
      code(permission.action),
      permission.on.join(', '),
    ]),
  );
  return table(['Call', 'Policy', 'Action', 'On'], rows);
}

/** Every kind of resource, and why its wildcards are there. */
function wildcardsTable(): string {
  const scope = { ...EXAMPLE_SCOPE, role: 'ROLE' };
  const rows = Object.entries<PolicyResource>(RESOURCES).map(([key, resource]) => [
    key,
    code(resource.arn(scope)),
    resource.wildcards,
  ]);
  return table(['Kind', 'Resource', 'What its wildcards stand for'], rows);
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n') + '\n';
}

/** Characters as IAM counts them: without white space. A managed policy may have 6,144. */
export function policyCharacters(policy: PolicyDocument): number {
  return JSON.stringify(policy).replace(/\s/g, '').length;
}
