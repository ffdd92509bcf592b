import { asTextMark, numberMark } from './placeholders';

/** What an account is in a text that CDK wrote while it did not know the account. */
const ACCOUNT_REFERENCE = '${AWS::AccountId}';

/**
 * Computes what CDK would have computed with plain values: references to stamp values become their marks, and `Fn::Join`, `Fn::Select`,
 * `Fn::Sub` over what is then constant become text.
 *
 * @param account what the stack's account is in the result; undefined leaves references to it as they are
 */
export function foldConstants(node: unknown, account?: string): unknown {
  if (Array.isArray(node)) return node.map((item) => foldConstants(item, account));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node as Record<string, unknown>);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const [key, argument] = first;
    if (key === 'Ref' && typeof argument === 'string') return numberMark(argument) ?? node;
    if (key === 'Fn::Join') return foldJoin(argument, account);
    if (key === 'Fn::Select') return foldSelect(argument, account);
    if (key === 'Fn::Sub') return foldAccount(argument, account) ?? node;
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, foldConstants(item, account)]));
}

function foldJoin(argument: unknown, account: string | undefined): unknown {
  const folded = foldConstants(argument, account) as unknown[];
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
    const constant = typeof part === 'number' ? String(part) : typeof part === 'string' ? asTextMark(part) : part;
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

function foldSelect(argument: unknown, account: string | undefined): unknown {
  const folded = foldConstants(argument, account) as unknown[];
  const [index, list] = folded;
  if (!Array.isArray(list) || list.some((item) => typeof item !== 'string')) return { 'Fn::Select': folded };
  return (list as string[])[Number(index)] ?? { 'Fn::Select': folded };
}

/** The bucket of assets, as CDK writes it while the account is open: it becomes the text that a known account gives. */
function foldAccount(argument: unknown, account: string | undefined): string | undefined {
  if (typeof argument !== 'string' || account === undefined) return undefined;
  const text = argument.replaceAll(ACCOUNT_REFERENCE, account);
  return text.includes('${') ? undefined : text;
}
