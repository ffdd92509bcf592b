import type { AssemblyFinding } from './finding-codes';
import { assemblyFinding } from './finding-codes';
import type { Fact, Origin } from './facts/fact';
import type { TemplateResolver } from './intrinsics/resolver';
import type { AssemblyStack, TemplateResource } from './read-assembly';
import { ValueView } from './value-view';

/** One resource of a template with everything a reader needs of it. */
export class ResourceView {
  public readonly id: string;
  public readonly properties: ValueView;
  private readonly problems = new Set<string>();

  public constructor(
    public readonly stack: AssemblyStack,
    public readonly logicalId: string,
    private readonly resource: TemplateResource,
    private readonly resolver: TemplateResolver,
    private readonly findings: AssemblyFinding[],
  ) {
    this.id = `${stack.stackName}/${logicalId}`;
    this.properties = ValueView.of(resolver, resource.Properties ?? {}, 'Properties', (path, reason) => {
      this.problem(path, reason);
    });
  }

  public get type(): string {
    return this.resource.Type;
  }

  /** The properties' member at any depth. */
  public at(...keys: readonly string[]): ValueView {
    return this.properties.at(...keys);
  }

  /** What `Ref` gives in this template, and by exports in others. */
  public reference(): string {
    return this.resolver.reference(this.logicalId);
  }

  /** What `Fn::GetAtt` gives. */
  public attribute(name: string): string {
    return this.resolver.attribute(this.logicalId, name);
  }

  /** Physical name: explicit or a symbol. */
  public name(): string {
    return this.resolver.nameOf(this.logicalId);
  }

  /** What CloudFormation does with the resource when it leaves the template. */
  public deletionPolicy(standard = 'Delete'): string {
    return this.resource.DeletionPolicy ?? standard;
  }

  public tags(path = 'Tags'): Record<string, string> {
    return Object.fromEntries(
      this.at(path)
        .items()
        .flatMap((tag) => {
          const key = tag.at('Key').text();
          return key === undefined ? [] : [[key, tag.at('Value').text() ?? '']];
        }),
    );
  }

  /** What the template uses and the reader does not understand. */
  public notUnderstood(message: string, fix: string, path: readonly string[] = []): void {
    this.findings.push(
      assemblyFinding(
        'template-feature-not-understood',
        this.stack.stackName,
        [this.logicalId, 'Properties', ...path],
        `${this.id}: ${message}`,
        fix,
      ),
    );
  }

  public get origin(): Origin {
    const { stackName, account, region } = this.stack;
    return { stack: stackName, logicalId: this.logicalId, account, region };
  }

  /** The fact of this resource: `members` as they were read, without those that are `undefined`, and what of them failed. */
  public fact<T extends object>(members: T): Fact & T {
    const fact: Record<string, unknown> = { id: this.id, origin: this.origin };
    copyDefined(members, fact);
    if (this.problems.size > 0) fact['unresolved'] = [...this.problems];
    return fact as unknown as Fact & T;
  }

  private problem(path: readonly (string | number)[], reason: string): void {
    const place = path.slice(1).join('.');
    if (this.problems.has(place)) return;
    this.problems.add(place);
    this.findings.push(
      assemblyFinding(
        'template-value-unresolved',
        this.stack.stackName,
        [this.logicalId, ...path],
        `${this.type} ${this.id}: ${place} cannot be resolved: ${reason}`,
        'Write a literal value, give the parameter a default, or synthesize for a concrete account and Region.',
      ),
    );
  }
}

/** A copy without the members that are `undefined`, so that facts are the same before and after JSON. */
export function definedOf<T extends object>(value: T): T {
  return copyDefined(value, {}) as T;
}

function copyDefined(from: object, to: Record<string, unknown>): Record<string, unknown> {
  for (const key of Object.keys(from)) {
    const member = (from as Readonly<Record<string, unknown>>)[key];
    if (member !== undefined) to[key] = member;
  }
  return to;
}
