import { Token } from 'aws-cdk-lib';
import { compareText } from '../order';
import type { StampValues } from '../topology/types';

/** Prefix of the references that stand for a stamp value until it is filled in. No CloudFormation logical id can look like it. */
const REFERENCE_PREFIX = 'stamp-value:';

/**
 * The same structure with every leaf replaced by a CDK token, to synthesize a shape without knowing a stamp (design 11).
 * Lists keep their length and `undefined` stays: how many and whether there is one are structure.
 */
export function tokenizeStampValues(values: StampValues): StampValues {
  return tokenize(values, '') as StampValues;
}

function tokenize(value: unknown, path: string): unknown {
  if (typeof value === 'string') return Token.asString({ Ref: REFERENCE_PREFIX + path });
  if (typeof value === 'number') return Token.asNumber({ Ref: REFERENCE_PREFIX + path });
  if (Array.isArray(value)) return value.map((item, index) => tokenize(item, `${path}/${index}`));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tokenize(item, `${path}/${key}`)]));
  }
  return value;
}

/** A template in which every reference to a stamp value is replaced by the value, and what became constant is folded. */
export function fillStampValues(template: unknown, values: StampValues): unknown {
  return fold(template, (reference) => lookUp(values, reference));
}

/** The folding alone, to compare a filled template with one that was made from plain values. */
export function foldConstants(template: unknown): unknown {
  return fold(template, () => undefined);
}

function lookUp(values: StampValues, reference: string): string | number | undefined {
  if (!reference.startsWith(REFERENCE_PREFIX)) return undefined;
  let current: unknown = values;
  for (const key of reference.slice(REFERENCE_PREFIX.length + 1).split('/')) {
    current = (current as Record<string, unknown>)[key];
  }
  return current as string | number;
}

function fold(node: unknown, valueOf: (reference: string) => string | number | undefined): unknown {
  if (Array.isArray(node)) return node.map((item) => fold(item, valueOf));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node as Record<string, unknown>);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const [key, argument] = first;
    if (key === 'Ref' && typeof argument === 'string') return valueOf(argument) ?? node;
    if (key === 'Fn::Join') return foldJoin(argument, valueOf);
    if (key === 'Fn::Select') return foldSelect(argument, valueOf);
    if (key === 'Fn::Sub') return foldAccount(argument, valueOf) ?? node;
  }
  const folded = Object.fromEntries(entries.map(([key, item]) => [key, fold(item, valueOf)]));
  return isPolicyStatement(folded) ? sortStatement(folded) : folded;
}

function foldJoin(argument: unknown, valueOf: (reference: string) => string | number | undefined): unknown {
  const folded = fold(argument, valueOf) as unknown[];
  const separator = folded[0];
  if (typeof separator !== 'string' || !Array.isArray(folded[1])) return { 'Fn::Join': folded };
  const parts: unknown[] = [];
  // A nested join with the same separator, or any join under an empty one, is spliced in, as CDK's own minimization does.
  for (const part of folded[1] as unknown[]) {
    const nested = nestedJoin(part);
    if (nested !== undefined && (separator === '' ? nested.separator === '' : nested.separator === separator))
      parts.push(...nested.parts);
    else parts.push(part);
  }
  const merged: unknown[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    const constant = typeof part === 'number' ? String(part) : part;
    if (typeof constant === 'string' && typeof last === 'string') merged[merged.length - 1] = last + separator + constant;
    else merged.push(constant);
  }
  if (separator === '') {
    const kept = merged.filter((part) => part !== '');
    if (kept.length === 0) return '';
    return kept.length === 1 ? kept[0] : { 'Fn::Join': ['', kept] };
  }
  return merged.length === 1 && typeof merged[0] === 'string' ? merged[0] : { 'Fn::Join': [separator, merged] };
}

function nestedJoin(part: unknown): { separator: string; parts: unknown[] } | undefined {
  if (typeof part !== 'object' || part === null || !('Fn::Join' in part)) return undefined;
  const argument = part['Fn::Join'];
  if (!Array.isArray(argument) || typeof argument[0] !== 'string' || !Array.isArray(argument[1])) return undefined;
  return { separator: argument[0], parts: argument[1] as unknown[] };
}

function foldSelect(argument: unknown, valueOf: (reference: string) => string | number | undefined): unknown {
  const folded = fold(argument, valueOf) as unknown[];
  const [index, list] = folded;
  if (!Array.isArray(list) || list.some((item) => typeof item !== 'string')) return { 'Fn::Select': folded };
  return (list as string[])[Number(index)] ?? { 'Fn::Select': folded };
}

/** The bucket of assets, as CDK writes it while the account is open: it becomes the text that a known account gives. */
function foldAccount(argument: unknown, valueOf: (reference: string) => string | number | undefined): string | undefined {
  const account = valueOf(`${REFERENCE_PREFIX}/account`);
  if (typeof argument !== 'string' || account === undefined) return undefined;
  const text = argument.replaceAll('${AWS::AccountId}', String(account));
  return text.includes('${') ? undefined : text;
}

function isPolicyStatement(node: Record<string, unknown>): boolean {
  return typeof node['Effect'] === 'string' && ('Action' in node || 'NotAction' in node);
}

/** CDK sorts the lists of a statement by their JSON, which is different for a token and for its value; IAM reads them as sets. */
function sortStatement(statement: Record<string, unknown>): Record<string, unknown> {
  const sorted = { ...statement };
  for (const key of ['Action', 'NotAction', 'Resource', 'NotResource']) {
    const list = sorted[key];
    if (Array.isArray(list)) {
      sorted[key] = [...(list as unknown[])].sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
    }
  }
  return sorted;
}
