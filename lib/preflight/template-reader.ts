import type { AssemblyStack, TemplateResource } from '../assembly/read-assembly';

export type Properties = Readonly<Record<string, unknown>>;

/** One resource of a template, with the template it stands in. */
export interface Found {
  readonly logicalId: string;
  readonly properties: Properties;
  readonly template: TemplateReader;
}

/** Finds its way in one template: what references lead to, and which resources there are. */
export class TemplateReader {
  private byType?: ReadonlyMap<string, readonly Found[]>;

  public constructor(public readonly stack: AssemblyStack) {}

  /** All resources of a type. */
  public ofType(type: string): readonly Found[] {
    this.byType ??= this.index();
    return this.byType.get(type) ?? [];
  }

  /** The resource of this template that a value refers to. */
  public resource(value: unknown): TemplateResource | undefined {
    const logicalId = referenced(value);
    return logicalId === undefined ? undefined : this.stack.template.Resources[logicalId];
  }

  /** A name that two references share exactly when they mean one thing: `stack/logicalId`, or the text that is written. */
  public identity(value: unknown): string {
    const logicalId = referenced(value);
    return logicalId === undefined ? textOf(value) : this.idOf(logicalId);
  }

  public idOf(logicalId: string): string {
    return `${this.stack.stackName}/${logicalId}`;
  }

  private index(): Map<string, Found[]> {
    const found = new Map<string, Found[]>();
    for (const [logicalId, { Type, Properties = {} }] of Object.entries(this.stack.template.Resources)) {
      const entry = { logicalId, properties: Properties, template: this };
      const known = found.get(Type);
      if (known === undefined) found.set(Type, [entry]);
      else known.push(entry);
    }
    return found;
  }
}

/** Logical id behind `Ref` or `Fn::GetAtt`. */
export function referenced(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  if (typeof value['Ref'] === 'string') return value['Ref'];
  const attribute = value['Fn::GetAtt'];
  if (Array.isArray(attribute) && typeof attribute[0] === 'string') return attribute[0];
  return typeof attribute === 'string' ? attribute.split('.')[0] : undefined;
}

/** Every logical id that a value refers to, however deep. */
export function allReferenced(value: unknown): string[] {
  const own = referenced(value);
  if (own !== undefined) return [own];
  if (Array.isArray(value)) return value.flatMap((item) => allReferenced(item));
  return isRecord(value) ? Object.values(value).flatMap((item) => allReferenced(item)) : [];
}

export function isRecord(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of a value that should be a mapping. */
export function recordOf(value: unknown): Properties {
  return isRecord(value) ? value : {};
}

/** The items of a list; of one value the value, of nothing nothing. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? 'unknown');
}

/** A number, also one that a template writes as text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
