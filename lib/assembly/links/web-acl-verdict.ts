import type { AclRuleDraft } from '../readers/drafts';
import type { AclStatement } from '../readers/web-acl-statements';
import { EVERYWHERE, type Coverage } from './checker-access';

/** What a web ACL does with the checkers' requests for a path. */
export interface AclVerdict {
  readonly verdict: 'allowed' | 'blocked' | 'uncertain';
  /** The rule that decides, or that leaves it uncertain; absent when the default action decides. */
  readonly rule?: string;
}

type Match = 'yes' | 'no' | 'maybe';

/** @param coverage checkers in an address set, by its ARN; `undefined` for a set that the assembly does not make */
export function aclVerdict(
  rules: readonly AclRuleDraft[],
  defaultAction: 'allow' | 'block',
  path: string,
  coverage: (set: string) => Coverage | undefined,
): AclVerdict {
  const uriPath = path.split('?')[0] ?? '';
  const sets = [...new Set(rules.flatMap(({ statement }) => setsOf(statement)))].map((set) => coverage(set));
  // Most checkers are in the same sets, and then meet the same rules: the first of them stands for all.
  const alike = new Map<string, number>();
  for (const checker of EVERYWHERE.keys()) {
    const membership = sets.map((set) => set?.[checker]).join();
    if (!alike.has(membership)) alike.set(membership, checker);
  }
  const verdicts = [...alike.values()].map((checker) =>
    verdictFor(rules, defaultAction, (rule) => matchOf(rule, uriPath, checker, coverage)),
  );
  return (
    verdicts.find(({ verdict }) => verdict === 'blocked') ??
    verdicts.find(({ verdict }) => verdict === 'uncertain') ??
    verdicts[0] ?? { verdict: 'uncertain' }
  );
}

function verdictFor(
  rules: readonly AclRuleDraft[],
  defaultAction: 'allow' | 'block',
  match: (statement: AclStatement) => Match,
): AclVerdict {
  const perhaps: { readonly rule: string; readonly effect: 'allowed' | 'blocked' }[] = [];
  const settle = (verdict: 'allowed' | 'blocked', rule?: string): AclVerdict => {
    const doubt = perhaps.find(({ effect }) => effect !== verdict);
    return doubt === undefined ? { verdict, ...(rule !== undefined && { rule }) } : { verdict: 'uncertain', rule: doubt.rule };
  };
  for (const { name, action, statement } of rules) {
    if (action === 'count') continue;
    const matches = match(statement);
    // Checkers answer no captcha and no challenge; the rules inside a group may block.
    const effect = action === 'allow' ? 'allowed' : 'blocked';
    if (matches === 'yes' && action !== 'group') return settle(effect, name);
    if (matches !== 'no') perhaps.push({ rule: name, effect });
  }
  return settle(defaultAction === 'allow' ? 'allowed' : 'blocked');
}

function matchOf(statement: AclStatement, path: string, checker: number, coverage: (set: string) => Coverage | undefined): Match {
  const inner = (part: AclStatement): Match => matchOf(part, path, checker, coverage);
  switch (statement.kind) {
    case 'path':
      return pathMatches(statement, path) ? 'yes' : 'no';
    case 'addresses': {
      const part = coverage(statement.set)?.[checker] ?? 'part';
      return part === 'all' ? 'yes' : part === 'none' ? 'no' : 'maybe';
    }
    case 'and':
      return combined(statement.statements.map(inner), 'no', 'yes');
    case 'or':
      return combined(statement.statements.map(inner), 'yes', 'no');
    case 'not':
      return { yes: 'no', no: 'yes', maybe: 'maybe' }[inner(statement.statement)] as Match;
    case 'uncertain':
      return 'maybe';
  }
}

/** ARNs of the address sets that a statement asks for. */
function setsOf(statement: AclStatement): string[] {
  switch (statement.kind) {
    case 'addresses':
      return [statement.set];
    case 'and':
    case 'or':
      return statement.statements.flatMap(setsOf);
    case 'not':
      return setsOf(statement.statement);
    case 'path':
    case 'uncertain':
      return [];
  }
}

function combined(matches: readonly Match[], deciding: Match, neutral: Match): Match {
  if (matches.includes(deciding)) return deciding;
  return matches.includes('maybe') ? 'maybe' : neutral;
}

function pathMatches({ match, text, lowerCase }: Extract<AclStatement, { kind: 'path' }>, path: string): boolean {
  const seen = lowerCase ? path.toLowerCase() : path;
  switch (match) {
    case 'EXACTLY':
      return seen === text;
    case 'STARTS_WITH':
      return seen.startsWith(text);
    case 'ENDS_WITH':
      return seen.endsWith(text);
    default:
      return seen.includes(text);
  }
}
