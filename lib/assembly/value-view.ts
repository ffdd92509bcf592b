import { asMapping, asText, NO_VALUE, Unresolved, type Resolved } from './intrinsics/unresolved';
import type { TemplateResolver } from './intrinsics/resolver';
import { isSymbolic } from './symbols';

type PathStep = string | number;
/** Told about a value that was asked for and could not be had. */
export type ReportProblem = (path: readonly PathStep[], reason: string) => void;

const NOT_YET = Symbol('not resolved yet');

/**
 * A part of a template, resolved no further than it is looked at. The typed readers report what is there and cannot be read as what was
 * asked for; what is not there is `undefined` without a word, so that the caller can fill in the service's default.
 */
export class ValueView {
  private resolved: Resolved = NOT_YET;

  /** @param parent what the last step of its path goes on from: most paths are never asked for, so they are not made */
  private constructor(
    private readonly resolver: TemplateResolver,
    private readonly raw: unknown,
    private readonly step: PathStep,
    private readonly parent: ValueView | undefined,
    private readonly onProblem: ReportProblem,
  ) {}

  /** @param name what its path begins with */
  public static of(resolver: TemplateResolver, raw: unknown, name: string, report: ReportProblem): ValueView {
    return new ValueView(resolver, raw, name, undefined, report);
  }

  /** The member of a mapping, at any depth. */
  public at(...keys: readonly string[]): ValueView {
    return keys.reduce<ValueView>((view, key) => view.member(key), this);
  }

  private member(key: string): ValueView {
    const mapping = asMapping(this.top());
    return new ValueView(this.resolver, mapping?.[key] ?? this.unresolved(), key, this, this.onProblem);
  }

  /** False where the template says nothing, or `AWS::NoValue`. */
  public get exists(): boolean {
    const value = this.top();
    return value !== undefined && value !== null && value !== NO_VALUE;
  }

  public text(): string | undefined {
    return this.read(asText, 'text');
  }

  /** A text that no symbol stands for: for values whose content decides something. */
  public knownText(): string | undefined {
    const text = this.text();
    if (text === undefined || !isSymbolic(text)) return text;
    this.report(`${text} is known to AWS only`);
    return undefined;
  }

  public number(): number | undefined {
    return this.read(asNumber, 'a number');
  }

  public flag(): boolean | undefined {
    return this.read(asFlag, 'true or false');
  }

  /** The members of a list; a single value counts as a list of one, as CloudFormation has it in policies. */
  public items(): readonly ValueView[] {
    if (!this.exists) return [];
    const value = this.top();
    if (value instanceof Unresolved) {
      this.report(value.reason);
      return [];
    }
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    const items: ValueView[] = [];
    for (const [index, raw] of list.entries()) {
      const item = new ValueView(this.resolver, raw, index, this, this.onProblem);
      if (!item.exists) continue;
      if (Array.isArray(item.top())) items.push(...item.items());
      else items.push(item);
    }
    return items;
  }

  /** The texts of a list. */
  public texts(): string[] {
    return this.items().flatMap((item) => item.text() ?? []);
  }

  /** Keys and members of a mapping. */
  public entries(): readonly (readonly [string, ValueView])[] {
    const value = this.top();
    if (value instanceof Unresolved) this.report(value.reason);
    return Object.keys(asMapping(value) ?? {}).map((key) => [key, this.member(key)] as const);
  }

  /** The mapping's members that are texts. Only what can be resolved: environment variables may be anything. */
  public textMembers(options: { readonly quietly?: boolean } = {}): Record<string, string> {
    const quiet =
      options.quietly === true ? new ValueView(this.resolver, this.raw, this.step, this.parent, () => undefined) : this;
    return Object.fromEntries(quiet.entries().flatMap(([key, member]) => (member.isText() ? [[key, member.text() ?? '']] : [])));
  }

  private isText(): boolean {
    return asText(this.resolver.resolve(this.raw)) !== undefined;
  }

  private read<T>(convert: (value: Resolved) => T | undefined, wanted: string): T | undefined {
    if (!this.exists) return undefined;
    const top = this.top();
    // Only lists and mappings have something left to resolve.
    const value = typeof top === 'object' && !(top instanceof Unresolved) ? this.resolver.resolve(this.raw) : top;
    const converted = value instanceof Unresolved ? undefined : convert(value);
    if (converted === undefined) {
      this.report(value instanceof Unresolved ? value.reason : `${JSON.stringify(value)} is not ${wanted}`);
    }
    return converted;
  }

  private unresolved(): Unresolved | undefined {
    const value = this.top();
    return value instanceof Unresolved ? value : undefined;
  }

  private top(): Resolved {
    if (this.resolved === NOT_YET) this.resolved = this.resolver.resolveTop(this.raw);
    return this.resolved;
  }

  private path(): PathStep[] {
    return [...(this.parent?.path() ?? []), this.step];
  }

  private report(reason: string): void {
    this.onProblem(this.path(), reason);
  }
}

function asNumber(value: Resolved): number | undefined {
  const text = asText(value)?.trim();
  const number = Number(text);
  return text === undefined || text === '' || !Number.isFinite(number) ? undefined : number;
}

function asFlag(value: Resolved): boolean | undefined {
  const text = asText(value)?.toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
