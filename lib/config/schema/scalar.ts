import { z } from 'zod';
import type { ConfigFindingCode } from '../finding-codes';

/** What an editor and the reference need to know of a single value; ends up in the JSON schema. */
export interface ScalarSchema {
  /** Name of the type, as the reference prints it. */
  readonly title: string;
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | readonly ('string' | 'number')[];
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly examples?: readonly (string | number)[];
}

/** {@link ScalarSchema} and what only messages need. */
export interface ScalarOptions extends ScalarSchema {
  /** The example as it has to be written, where quotes matter. */
  readonly written?: string;
}

/** Why a value is not acceptable. The problem follows the value in a sentence: `cpu: "many" is not a whole number`. */
export class Rejection {
  public constructor(
    public readonly code: ConfigFindingCode,
    public readonly problem: string,
    public readonly fix: string,
  ) {}
}

/** What a zod issue carries, so that it can become a finding. */
export interface IssueParams {
  readonly code: ConfigFindingCode;
  readonly fix: string;
  /** The message is a whole sentence and does not follow the value. */
  readonly sentence?: boolean;
  /** The rule needs the whole group: it does not judge `defaults`, which may be a part. */
  readonly whole?: boolean;
}

export type ScalarType<T> = z.ZodPipe<z.ZodUnknown, z.ZodTransform<T>>;

/** The text in a fix that is replaced by the value as the user wrote it. */
export const WRITTEN = '{written}';

/**
 * A single value with its own parser. All issues are of the kind `custom` with {@link IssueParams}, and none aborts: the
 * rules of the mapping around it still run.
 */
export function scalar<T>({ written, ...schema }: ScalarOptions, parse: (value: unknown) => T | Rejection): ScalarType<T> {
  return z
    .unknown()
    .transform((value, context): T => {
      const parsed = value === undefined || value === null ? absent(value, schema, written) : parse(value);
      if (!(parsed instanceof Rejection)) return parsed;
      const params: IssueParams = { code: parsed.code, fix: parsed.fix };
      context.issues.push({ code: 'custom', input: value, message: parsed.problem, params: { ...params }, continue: true });
      return z.NEVER;
    })
    .meta(schema as unknown as Record<string, unknown>);
}

/** A missing key or one without a value; the path is put before it. */
function absent(value: undefined | null, { title, examples }: ScalarSchema, written = examples?.[0]): Rejection {
  const example = written === undefined ? title : `${title} such as ${written}`;
  return value === undefined
    ? new Rejection('missing-key', 'is missing', `add it: ${example}`)
    : new Rejection('empty-value', 'has no value', `give it a value (${example}), or remove the line`);
}

/** Text; what YAML reads as a number or as true or false is rejected with the advice to quote it. */
export function text<T>(schema: Omit<ScalarOptions, 'type'>, parse: (value: string) => T | Rejection): ScalarType<T> {
  return scalar({ ...schema, type: 'string' }, (value) => {
    if (typeof value === 'string') return parse(value);
    if (typeof value === 'number' || typeof value === 'boolean') {
      const kind = typeof value === 'number' ? 'a number' : 'true or false';
      return new Rejection('needs-quotes', `is read as ${kind}, but text is needed`, `put it in quotes: "${WRITTEN}"`);
    }
    return new Rejection('wrong-type', `is not a single text`, `write one value: ${schema.title}`);
  });
}

/** Text of a fixed form. */
export function pattern(
  schema: Omit<ScalarOptions, 'type' | 'pattern'>,
  form: RegExp,
  problem: Rejection | ((value: string) => Rejection),
): ScalarType<string> {
  return text({ ...schema, pattern: form.source }, (value) => {
    if (schema.maxLength !== undefined && value.length > schema.maxLength) {
      return new Rejection('invalid-value', `has ${value.length} characters`, `use at most ${schema.maxLength}`);
    }
    if (form.test(value)) return value;
    return problem instanceof Rejection ? problem : problem(value);
  });
}

/** Free text for people, such as a reason: not blank. */
export function sentence(title: string, examples: readonly string[] = []): ScalarType<string> {
  return text({ title, examples, maxLength: 500 }, (value) => {
    if (value.trim() === '') return new Rejection('empty-value', 'is blank', `write ${title}`);
    if (value.length > 500) return new Rejection('invalid-value', `has ${value.length} characters`, 'use at most 500');
    return value;
  });
}
