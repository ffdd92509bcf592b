import { partitionOf, urlSuffixOf } from '../partition';
import type { AssemblyStack, TemplateResource } from '../read-assembly';
import { symbolOf } from '../symbols';
import { evaluateCondition } from './conditions';
import { attributeOf, nameProperty, normalName, referenceOf, type ResourceIdentity } from './physical-resource';
import type { SharedValues } from './shared-values';
import { cidrs, join, select, split, substitute } from './text-functions';
import { asMapping, asText, NO_VALUE, Unresolved, Waiting, type Resolved } from './unresolved';

/** Deeper nesting than any template that CloudFormation accepts. */
const MAX_DEPTH = 100;
const FUNCTION_NAME = /^(Ref|Condition|Fn::[A-Za-z0-9]+)$/;

/**
 * Replaces the intrinsic functions of one template by their values. What only AWS knows becomes a symbol (symbols.ts), what the
 * templates leave open an {@link Unresolved}; nothing is guessed.
 */
export class TemplateResolver {
  private waits = false;
  private readonly identities = new Map<string, ResourceIdentity>();
  private readonly conditions = new Map<string, boolean | Unresolved>();
  /** What is being resolved right now, so that a cycle ends. */
  private readonly active = new Set<string>();
  private depth = 0;
  private readonly environment: string;
  private readonly pseudo: Readonly<Record<string, Resolved>>;

  public constructor(
    private readonly stack: AssemblyStack,
    private readonly shared: SharedValues,
  ) {
    const { stackName, account, region } = stack;
    this.environment = `${account}/${region}`;
    const partition = partitionOf(region);
    this.pseudo = {
      'AWS::AccountId': account,
      'AWS::NoValue': NO_VALUE,
      'AWS::NotificationARNs': [],
      'AWS::Partition': partition,
      'AWS::Region': region,
      'AWS::StackId': `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/${symbolOf(stackName, 'StackId')}`,
      'AWS::StackName': stackName,
      'AWS::URLSuffix': urlSuffixOf(region),
    };
  }

  /** Forgets what was waited for. */
  public begin(): void {
    this.waits = false;
  }

  /** True when a value was asked for since {@link begin} that another stack may still offer: read the stack again later. */
  public hasToWait(): boolean {
    return this.waits;
  }

  /** The value with everything in it resolved; `NO_VALUE` for `AWS::NoValue`. */
  public resolve(value: unknown): Resolved {
    if (typeof value === 'string') return value.includes('{{resolve:ssm:') ? this.dynamicReference(value) : value;
    if (typeof value !== 'object' || value === null || value instanceof Unresolved) return value;
    if (this.depth > MAX_DEPTH) return new Unresolved('functions are nested too deeply');
    this.depth += 1;
    try {
      return Array.isArray(value) ? this.list(value) : this.mapping(value as Readonly<Record<string, unknown>>);
    } finally {
      this.depth -= 1;
    }
  }

  private list(list: readonly unknown[]): Resolved {
    const items: Resolved[] = [];
    for (const member of list) {
      const item = this.resolve(member);
      if (item !== NO_VALUE) items.push(item);
    }
    return items;
  }

  private mapping(mapping: Readonly<Record<string, unknown>>): Resolved {
    const name = functionName(mapping);
    if (name !== undefined) return this.call(name, mapping[name]);
    const members: [string, Resolved][] = [];
    for (const key of Object.keys(mapping)) {
      const item = this.resolve(mapping[key]);
      if (item !== NO_VALUE) members.push([key, item]);
    }
    return Object.fromEntries(members);
  }

  /** The value itself resolved if it is a function; its members are left as they are. */
  public resolveTop(value: unknown): Resolved {
    const mapping = asMapping(value);
    if (mapping === undefined) return typeof value === 'string' ? this.resolve(value) : value;
    const name = functionName(mapping);
    if (name === undefined) return value;
    return name === 'Fn::If' ? this.resolveTop(this.branch(mapping[name])) : this.call(name, mapping[name]);
  }

  /** Whether the resource's condition lets it exist. */
  public exists(resource: TemplateResource & { readonly Condition?: unknown }): boolean | Unresolved {
    return typeof resource.Condition === 'string' ? this.condition(resource.Condition) : true;
  }

  /** What `Ref` gives for a resource of this template. */
  public reference(logicalId: string): string {
    const resource = this.stack.template.Resources[logicalId];
    return referenceOf(resource?.Type ?? '', this.identity(logicalId, resource));
  }

  /** What `Fn::GetAtt` gives for a resource of this template. */
  public attribute(logicalId: string, attribute: string): string {
    const resource = this.stack.template.Resources[logicalId];
    return attributeOf(resource?.Type ?? '', attribute, this.identity(logicalId, resource));
  }

  /** Physical name: explicit, or the symbol of the generated one. */
  public nameOf(logicalId: string): string {
    return this.identity(logicalId, this.stack.template.Resources[logicalId]).name;
  }

  private call(name: string, argument: unknown): Resolved {
    if (name === 'Ref') return this.knownReference(argument) ?? this.guardedRef(argument);
    const list: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
    const [first, second] = list;
    switch (name) {
      case 'Fn::GetAtt':
        return this.getAttribute(argument);
      case 'Fn::Join':
        return join(this.resolve(first), this.resolve(second));
      case 'Fn::Split':
        return split(this.resolve(first), this.resolve(second));
      case 'Fn::Select':
        return this.zoneAt(list) ?? select(this.resolve(first), this.resolve(second));
      case 'Fn::Sub':
        return this.sub(list);
      case 'Fn::If':
        return this.resolve(this.branch(argument));
      case 'Fn::FindInMap':
        return this.findInMap(list.map((item) => this.resolve(item)));
      case 'Fn::ImportValue':
        return this.importValue(this.resolve(argument));
      case 'Fn::GetAZs':
        return new Unresolved('Fn::GetAZs: the account decides which Availability Zones it has');
      case 'Fn::Cidr':
        return cidrs(this.resolve(first), this.resolve(second), list[2] === undefined ? 8 : this.resolve(list[2]));
      case 'Fn::Base64': {
        const text = this.resolve(argument);
        return typeof text === 'string'
          ? Buffer.from(text, 'utf8').toString('base64')
          : unresolvedOr(text, 'Fn::Base64 of no text');
      }
      case 'Fn::Length': {
        const items = this.resolve(argument);
        return Array.isArray(items) ? items.length : unresolvedOr(items, 'Fn::Length of no list');
      }
      case 'Fn::ToJsonString':
        return this.toJson(this.resolve(argument));
      default:
        return new Unresolved(`${name} is not understood`);
    }
  }

  /** What has been resolved before leads nowhere else: most references are to such. */
  private knownReference(argument: unknown): Resolved {
    return typeof argument === 'string' && this.identities.has(argument) ? this.reference(argument) : undefined;
  }

  private guardedRef(argument: unknown): Resolved {
    return this.guarded(`Ref ${String(argument)}`, () => this.ref(asText(argument) ?? ''));
  }

  private ref(name: string): Resolved {
    if (name in this.pseudo) return this.pseudo[name];
    if (name in this.stack.template.Resources) return this.reference(name);
    const parameter = asMapping(this.stack.template.Parameters?.[name]);
    return parameter === undefined
      ? new Unresolved(`"${name}" is neither resource nor parameter of the template`)
      : this.parameter(name, parameter);
  }

  private parameter(name: string, { Type: type, Default: standard }: Readonly<Record<string, unknown>>): Resolved {
    const text = asText(standard);
    if (text === undefined) return new Unresolved(`parameter ${name} has no default`);
    const stored = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(asText(type) ?? '');
    const value = stored === null ? text : this.storedParameter(text);
    const isList = /^(CommaDelimitedList|List<.+>)$/.test(stored?.[1] ?? asText(type) ?? '');
    return isList && typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
  }

  private getAttribute(argument: unknown): Resolved {
    const text = asText(argument);
    const [logicalId, attribute] = Array.isArray(argument)
      ? [asText(argument[0]), asText(this.resolve(argument[1]))]
      : [text?.slice(0, text.indexOf('.')), text?.slice(text.indexOf('.') + 1)];
    if (logicalId === undefined || attribute === undefined || !(logicalId in this.stack.template.Resources)) {
      return new Unresolved(`Fn::GetAtt of ${JSON.stringify(argument)}, which is no resource of the template`);
    }
    return this.guarded(`GetAtt ${logicalId}.${attribute}`, () => this.attribute(logicalId, attribute));
  }

  /** Zones of an account are not known, but the first and the second are different ones. */
  private zoneAt([index, list]: readonly unknown[]): string | undefined {
    const mapping = asMapping(list);
    if (mapping === undefined || functionName(mapping) !== 'Fn::GetAZs') return undefined;
    const region = asText(this.resolve(mapping['Fn::GetAZs']));
    return `[${region === undefined || region === '' ? this.stack.region : region}.zone-${String(this.resolve(index))}]`;
  }

  private sub([template, variables]: readonly unknown[]): Resolved {
    if (typeof template !== 'string') return new Unresolved('Fn::Sub of something that is no text');
    const own = asMapping(variables) ?? {};
    return substitute(template, (name) => {
      if (name in own) return this.resolve(own[name]);
      return name.includes('.') ? this.getAttribute(name) : this.call('Ref', name);
    });
  }

  private branch(argument: unknown): unknown {
    const [condition, whenTrue, whenFalse] = Array.isArray(argument) ? (argument as readonly unknown[]) : [];
    const holds = this.condition(asText(condition) ?? '');
    if (holds instanceof Unresolved) return holds;
    return holds ? whenTrue : whenFalse;
  }

  private condition(name: string): boolean | Unresolved {
    const known = this.conditions.get(name);
    if (known !== undefined) return known;
    const expression = asMapping((this.stack.template as { Conditions?: unknown }).Conditions)?.[name];
    if (expression === undefined) return new Unresolved(`the template has no condition ${name}`);
    const result = this.guarded(`Condition ${name}`, () =>
      evaluateCondition(
        expression,
        (inner) => this.condition(inner),
        (value) => this.resolve(value),
      ),
    ) as boolean | Unresolved;
    if (!this.waits) this.conditions.set(name, result);
    return result;
  }

  private findInMap([map, first, second, options]: readonly Resolved[]): Resolved {
    const unknown = [map, first, second].find((key) => key instanceof Unresolved);
    if (unknown !== undefined) return unknown;
    const mappings = asMapping((this.stack.template as { Mappings?: unknown }).Mappings);
    const keys = [map, first, second].map((key) => asText(key) ?? '');
    const found = asMapping(asMapping(mappings?.[keys[0] ?? ''])?.[keys[1] ?? ''])?.[keys[2] ?? ''];
    return found ?? asMapping(options)?.['DefaultValue'] ?? new Unresolved(`the template's mappings have no ${keys.join(' / ')}`);
  }

  private importValue(name: Resolved): Resolved {
    const text = asText(name);
    if (text === undefined) return unresolvedOr(name, 'Fn::ImportValue of no text');
    return this.fromOthers('export', text, `no stack of the assembly exports ${text} in ${this.environment}`);
  }

  private storedParameter(name: string): Resolved {
    const missing = new Unresolved(`the SSM parameter ${name} is not made in the assembly`);
    // Parameters of AWS itself are in no assembly: nothing to wait for.
    return /^\/aws\/|^\/cdk-bootstrap\//.test(name) ? missing : this.fromOthers('parameter', name, missing.reason);
  }

  private fromOthers(kind: 'export' | 'parameter', name: string, missing: string): Resolved {
    const found = this.shared.find(kind, this.environment, name);
    const value =
      found === 'wait'
        ? new Waiting(missing)
        : found === 'missing'
          ? new Unresolved(missing)
          : this.guarded(`${kind} ${name}`, found);
    if (value instanceof Waiting) this.waits = true;
    return value;
  }

  private dynamicReference(text: string): Resolved {
    let failed: Unresolved | undefined;
    const replaced = text.replace(/\{\{resolve:ssm:([^:}]+)(?::\d+)?\}\}/g, (_whole, name: string) => {
      const value = this.storedParameter(name);
      if (value instanceof Unresolved) failed ??= value;
      return asText(value) ?? '';
    });
    return failed ?? replaced;
  }

  private toJson(value: Resolved): Resolved {
    let failed: Unresolved | undefined;
    const text = JSON.stringify(value, (_key, item: unknown) => {
      if (item instanceof Unresolved) failed ??= item;
      return item;
    });
    return failed ?? text;
  }

  /** Runs one look-up that may lead back to itself. */
  public guarded(key: string, compute: () => Resolved): Resolved {
    if (this.active.has(key)) return new Unresolved(`${key} depends on itself`);
    this.active.add(key);
    try {
      return compute();
    } finally {
      this.active.delete(key);
    }
  }

  private identity(logicalId: string, resource: TemplateResource | undefined): ResourceIdentity {
    const known = this.identities.get(logicalId);
    if (known !== undefined) return known;
    const { stackName: stack, account, region } = this.stack;
    const type = resource?.Type ?? '';
    const explicit = nameProperty(type);
    const name = explicit === undefined ? undefined : this.property(logicalId, resource, explicit);
    const identity: ResourceIdentity = {
      stack,
      logicalId,
      account,
      region,
      property: (wanted) => this.property(logicalId, resource, wanted),
      partition: partitionOf(region),
      urlSuffix: urlSuffixOf(region),
      name: name === undefined ? symbolOf(stack, logicalId) : normalName(type, name),
    };
    if (!this.waits) this.identities.set(logicalId, identity);
    return identity;
  }

  private property(logicalId: string, resource: TemplateResource | undefined, name: string): string | undefined {
    return asText(this.guarded(`${logicalId}.${name}`, () => this.resolve(resource?.Properties?.[name])));
  }
}

/** `Fn::Join` of `{ "Fn::Join": [...] }`; nothing for an ordinary mapping. */
function functionName(value: Readonly<Record<string, unknown>>): string | undefined {
  let only: string | undefined;
  for (const name in value) {
    if (only !== undefined) return undefined;
    only = name;
  }
  return only !== undefined && only !== 'Condition' && FUNCTION_NAME.test(only) ? only : undefined;
}

function unresolvedOr(value: Resolved, reason: string): Unresolved {
  return value instanceof Unresolved ? value : new Unresolved(reason);
}
