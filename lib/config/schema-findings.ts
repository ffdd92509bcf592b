import type { z } from 'zod';
import type { ConfigFindingCode } from './finding-codes';
import { type IssueParams, WRITTEN } from './schema/scalar';
import { knownKeys, valueAt } from './schema-walk';
import { showPath, showText, showValue } from './show-value';
import { didYouMean } from './suggest';

/** A finding of the schema before it has a place. The text of the value comes from the file, where it may look different. */
export interface SchemaFinding {
  readonly code: ConfigFindingCode;
  readonly path: readonly (string | number)[];
  /** Whether the key or its value is to blame. */
  readonly at: 'key' | 'value';
  /** The message, given the value as it is written, if it is a single value. */
  readonly message: (written?: string) => string;
  readonly fix: (written?: string) => string;
}

/**
 * Judges a value by a schema. With `partial` (for `defaults:`) nothing is missing, except the word that says of which kind a
 * part is: without it nobody could tell which keys the part may have.
 */
export function judge<T extends z.ZodType>(
  schema: T,
  value: unknown,
  options: { readonly partial?: boolean } = {},
): { readonly data?: z.output<T>; readonly findings: readonly SchemaFinding[] } {
  const result = schema.safeParse(value);
  if (result.success) return { data: result.data, findings: [] };
  const reader = new IssueReader(schema, value, options.partial ?? false);
  return { findings: result.error.issues.flatMap((issue) => reader.read(issue, [])) };
}

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

class IssueReader {
  public constructor(
    private readonly schema: z.ZodType,
    private readonly value: unknown,
    private readonly partial: boolean,
  ) {}

  /** A choice reports its issues relative to itself, so they are read with the path of the choice in front. */
  public read(issue: Issue, before: Path): SchemaFinding[] {
    const path = [...before, ...(issue.path as (string | number)[])];
    switch (issue.code) {
      case 'custom':
        return this.readCustom(path, issue.message, issue.params as unknown as IssueParams);
      case 'unrecognized_keys':
        return issue.keys.map((key) => this.unknownKey(path, key));
      case 'invalid_key': {
        const [inner] = issue.issues;
        const params = inner?.code === 'custom' ? (inner.params as unknown as IssueParams) : undefined;
        const key = showValue(path.at(-1));
        const message = `${prefix(path.slice(0, -1))}${key} ${inner?.message ?? 'is not a valid key'}`;
        return [finding(params?.code ?? 'invalid-name', path, 'key', message, params?.fix ?? 'rename the key')];
      }
      case 'invalid_union':
        return this.readUnion(issue, path);
      case 'too_small':
        return [this.size('too-few', path, `has too few entries`, `at least ${String(issue.minimum)} are needed`)];
      case 'too_big':
        return [this.size('too-many', path, `has too many entries`, `at most ${String(issue.maximum)} are allowed`)];
      case 'invalid_type':
        return this.wrongKind(path, issue.expected === 'array' ? 'a list' : 'a mapping of keys and values');
      default:
        return [
          finding('invalid-value', path, 'value', `${showPath(path)}: ${issue.message}`, 'docs/configuration.md shows the form'),
        ];
    }
  }

  private readCustom(path: Path, message: string, params: IssueParams): SchemaFinding[] {
    const { code, fix, sentence, whole } = params;
    if (this.partial && (code === 'missing-key' || whole === true)) return [];
    if (sentence === true) return [finding(code, path, 'value', `${prefix(path.slice(0, -1))}${message}`, fix)];
    if (code === 'missing-key' || code === 'empty-value')
      return [finding(code, path, 'value', `${showPath(path)} ${message}`, fix)];
    const value = valueAt(this.value, path);
    return [
      {
        code,
        path,
        at: 'value',
        // Numbers as they are written: 16.10 is 16.1 once it has been read.
        message: (written) => `${showPath(path)}: ${shown(value, written)} ${message}`,
        fix: (written) => fix.replaceAll(WRITTEN, showText(written ?? plainText(value))),
      },
    ];
  }

  private readUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path): SchemaFinding[] {
    const { discriminator } = issue;
    if (discriminator === undefined) {
      const list = Array.isArray(valueAt(this.value, path));
      const branch =
        issue.errors.find((issues) => !list || issues.every((inner) => inner.path.length > 0)) ?? issue.errors[0] ?? [];
      return branch.flatMap((inner) => this.read(inner, path));
    }
    const word = valueAt(this.value, path);
    const options = ((issue as { options?: readonly unknown[] }).options ?? []).map(String);
    const fix = `use one of ${options.join(', ')}`;
    if (word === undefined) return [finding('missing-key', path, 'value', `${showPath(path)} is missing`, fix)];
    if (word === null) return [finding('empty-value', path, 'value', `${showPath(path)} has no value`, fix)];
    const message = `${showPath(path)}: ${showValue(word)} is not an allowed value`;
    return [
      finding('unknown-option', path, 'value', message, `${typeof word === 'string' ? didYouMean(word, options) : ''}${fix}`),
    ];
  }

  private unknownKey(path: Path, key: string): SchemaFinding {
    const known = knownKeys(this.schema, this.value, path) ?? [];
    const where = path.length === 0 ? 'at the top' : `under ${showPath(path)}`;
    const keys = known.length > 30 ? '' : `keys here: ${known.join(', ')}`;
    const fix = `${didYouMean(key, known)}${keys === '' ? 'docs/configuration.md lists the keys' : keys}`;
    return finding('unknown-key', [...path, key], 'key', `there is no key "${showText(key)}" ${where}`, fix);
  }

  private size(code: ConfigFindingCode, path: Path, problem: string, fix: string): SchemaFinding {
    return finding(code, path, 'value', `${showPath(path)} ${problem}`, fix);
  }

  private wrongKind(path: Path, wanted: string): SchemaFinding[] {
    const value = valueAt(this.value, path);
    if (value === undefined) {
      return this.partial ? [] : [finding('missing-key', path, 'value', `${showPath(path)} is missing`, `add it: ${wanted}`)];
    }
    if (value === null) {
      const fix = `give it a value (${wanted}), or remove the line`;
      return [finding('empty-value', path, 'value', `${showPath(path)} has no value`, fix)];
    }
    return [finding('wrong-type', path, 'value', `${prefix(path)}${showValue(value)} is not ${wanted}`, `write ${wanted}`)];
  }
}

function finding(code: ConfigFindingCode, path: Path, at: 'key' | 'value', message: string, fix: string): SchemaFinding {
  return { code, path, at, message: () => message, fix: () => fix };
}

function prefix(path: Path): string {
  return path.length === 0 ? '' : `${showPath(path)}: `;
}

/** What a single value says; mappings have no text of their own, not even an inherited one. */
function plainText(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '...';
}

function shown(value: unknown, written: string | undefined): string {
  return typeof value === 'number' && written !== undefined ? showText(written) : showValue(value);
}
