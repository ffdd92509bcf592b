import { compareText } from '../order';
import type { StampValues } from '../topology/types';
import { foldConstants as fold } from './stamping/fold';
import { placeholder } from './stamping/placeholders';
import { TextTemplate } from './stamping/text-template';
import { leavesOf, tokenizeValues } from './stamping/value-leaves';

/** The values with a token in the place of every leaf (design 11). */
export function tokenizeStampValues(values: StampValues): StampValues {
  return tokenizeValues(values);
}

/** A template made from tokens, filled in for one stamp and brought into the form of {@link foldConstants}. */
export function fillStampValues(template: unknown, values: StampValues): unknown {
  const text = JSON.stringify(fold(template, placeholder('account')));
  const leaves = leavesOf(values);
  return sortStatements(JSON.parse(new TextTemplate(text).fill((path) => leaves.get(path)).toString()));
}

/** A template in the form in which two of them can be compared: what is constant is folded, and sets of a policy are in order. */
export function foldConstants(template: unknown): unknown {
  return sortStatements(fold(template));
}

/** CDK sorts the lists of a statement by their JSON, which is different for a token and for its value; IAM reads them as sets. */
function sortStatements(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(sortStatements);
  if (typeof node !== 'object' || node === null) return node;
  const sorted = Object.fromEntries(Object.entries(node).map(([key, item]) => [key, sortStatements(item)]));
  if (typeof sorted['Effect'] !== 'string' || !('Action' in sorted || 'NotAction' in sorted)) return sorted;
  for (const key of ['Action', 'NotAction', 'Resource', 'NotResource']) {
    const list = sorted[key];
    if (Array.isArray(list)) {
      sorted[key] = [...(list as unknown[])].sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
    }
  }
  return sorted;
}
