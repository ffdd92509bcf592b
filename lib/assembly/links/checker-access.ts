import { cidrAround, cidrContains, cidrsOverlap, parseCidrs, type Cidr } from '../../cidr';
import { CHECKER_RANGES } from '../../facts/checker-ranges';
import type { CheckerShare } from '../facts/fact';
import type { PolicyStatement } from '../readers/policy-statements';
import { matchesPattern } from './wildcards';

/** For each range of checkers, in the order of the published list: whether something holds for all of it, none of it or a part. */
export type Coverage = readonly ('all' | 'none' | 'part')[];

const CHECKERS: readonly Cidr[] = parseCidrs(CHECKER_RANGES);
export const EVERYWHERE: Coverage = CHECKERS.map(() => 'all');
const NOWHERE: Coverage = CHECKERS.map(() => 'none');

/** How much of each checker range a list of addresses holds. */
export function coverageOf(addresses: readonly string[]): Coverage {
  const ranges = addresses.flatMap((address) => cidrAround(address.includes('/') ? address : `${address}/32`) ?? []);
  return CHECKERS.map((checker) => {
    if (ranges.some((range) => cidrContains(range, checker))) return 'all';
    return ranges.some((range) => cidrsOverlap(range, checker)) ? 'part' : 'none';
  });
}

/** One statement about reading objects anonymously. */
interface ReadRule {
  readonly effect: 'Allow' | 'Deny';
  readonly keys: string;
  readonly ranges: readonly string[];
  readonly coverage: Coverage;
}

/**
 * Who may read a bucket's objects without credentials, as far as Route 53's checkers are concerned. An explicit Deny wins. A condition
 * that is not understood never allows and always denies, so the answer is never better than the truth.
 */
export class AnonymousReads {
  private readonly rules: readonly ReadRule[];

  /** @param publicAccessBlocked S3 then ignores what is open to everybody; limited to addresses is not public (aws-facts 15) */
  public constructor(bucketName: string, statements: readonly PolicyStatement[], publicAccessBlocked: boolean) {
    this.rules = statements
      .flatMap((statement) => rulesOf(statement, bucketName))
      .filter(({ effect, ranges }) => effect === 'Deny' || ranges.length > 0 || !publicAccessBlocked);
  }

  public get allowed(): readonly { readonly keys: string; readonly ranges: readonly string[] }[] {
    return this.rules.filter(({ effect }) => effect === 'Allow').map(({ keys, ranges }) => ({ keys, ranges }));
  }

  public of(key: string): CheckerShare {
    const relevant = this.rules.filter(({ keys }) => matchesPattern(keys, key));
    const holds = CHECKERS.map((_checker, index) => {
      if (relevant.some(({ effect, coverage }) => effect === 'Deny' && coverage[index] !== 'none')) return false;
      return relevant.some(({ effect, coverage }) => effect === 'Allow' && coverage[index] === 'all');
    });
    if (holds.every(Boolean)) return 'all';
    return holds.some(Boolean) ? 'some' : 'none';
  }
}

function rulesOf(
  { effect, everybody, actions, negated, resources, conditions }: PolicyStatement,
  bucketName: string,
): ReadRule[] {
  const reads = actions.some((action) => matchesPattern(action.toLowerCase(), 's3:getobject'));
  const limit = limitOf(conditions);
  if (effect === 'Allow' && (!everybody || negated || !reads || limit === 'unknown')) return [];
  if (effect === 'Deny' && ((!negated && (!everybody || !reads)) || limit === 'never')) return [];
  const { ranges, coverage } =
    typeof limit === 'string' ? { ranges: [], coverage: limit === 'never' ? NOWHERE : EVERYWHERE } : limit;
  const keys = negated ? ['*'] : resources.flatMap((resource) => keyPattern(resource, bucketName));
  return keys.map((pattern) => ({ effect, keys: pattern, ranges, coverage }));
}

/** Where a statement holds for an anonymous GET over TLS. */
function limitOf(
  conditions: PolicyStatement['conditions'],
): 'always' | 'never' | 'unknown' | { ranges: readonly string[]; coverage: Coverage } {
  let limit: ReturnType<typeof limitOf> = 'always';
  for (const { operator, key, values } of conditions) {
    if (key.toLowerCase() === 'aws:securetransport') {
      if (!values.includes('true')) return 'never';
    } else if (key.toLowerCase() === 'aws:sourceip' && operator === 'IpAddress') {
      limit = { ranges: values, coverage: coverageOf(values) };
    } else if (key.toLowerCase() === 'aws:sourceip' && operator === 'NotIpAddress') {
      limit = {
        ranges: [],
        coverage: coverageOf(values).map((part) => (part === 'all' ? 'none' : part === 'none' ? 'all' : 'part')),
      };
    } else {
      return 'unknown';
    }
  }
  return limit;
}

/** `arn:aws:s3:::bucket/switches/*` as `switches/*`. */
function keyPattern(resource: string, bucketName: string): string[] {
  if (resource === '*') return ['*'];
  const [, bucket = '', keys] = /^arn:[^:]*:s3:::([^/]+)\/(.+)$/s.exec(resource) ?? [];
  return keys !== undefined && matchesPattern(bucket, bucketName) ? [keys] : [];
}
