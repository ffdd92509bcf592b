import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { cidrsOverlap } from '../../cidr';
import { StampError } from '../../errors';
import { CHECKER_RANGES } from '../../facts/checker-ranges';
import { NUMBER_RANGES } from '../../facts/limits';
import { isReservedPath, RESERVED_PATH } from '../../facts/reserved-paths';
import { requireCidr } from './require-cidr';

/** @throws StampError `REGION_REQUIRED` in a stack without a concrete Region: AWS ties ALB log delivery to the Region's name */
export function checkRegion(scope: Construct): void {
  if (!Token.isUnresolved(Stack.of(scope).region)) return;
  throw new StampError(
    'REGION_REQUIRED',
    'the access logs of a load balancer need a stack with a concrete Region',
    'Give the stack env: { region }',
  );
}

/** @throws StampError `EDGE_NEEDS_TWO_ZONES`: AWS refuses an Application Load Balancer in a single zone */
export function checkPublicSubnets(count: number): void {
  if (count >= 2) return;
  throw new StampError(
    'EDGE_NEEDS_TWO_ZONES',
    `an Application Load Balancer cannot be made in ${count} public subnet(s)`,
    'Give the VPC public subnets in two availability zones or more',
  );
}

/** @throws StampError `BLOCKED_CIDR_COVERS_CHECKERS`, `INVALID_CIDR` */
export function checkBlockedCidrs(cidrs: readonly string[]): void {
  for (const cidr of cidrs.filter((item) => !Token.isUnresolved(item))) {
    const range = requireCidr(cidr);
    const checkers = CHECKER_RANGES.find((item) => cidrsOverlap(requireCidr(item), range));
    if (checkers !== undefined) {
      throw new StampError(
        'BLOCKED_CIDR_COVERS_CHECKERS',
        `blocked CIDR ${cidr} overlaps ${checkers}, from where Route 53 checks the stamp's health`,
        'Block narrower CIDRs that leave the ranges of the health checkers out',
      );
    }
    if (range.prefix === 0) {
      throw new StampError('INVALID_CIDR', `blocked CIDR ${cidr} is everybody`, 'WAF takes prefix lengths from 1 to 32');
    }
  }
}

/** @throws StampError `RATE_LIMIT_OUT_OF_RANGE` */
export function checkRateLimit(name: string, limit: number): void {
  const { min, max } = NUMBER_RANGES.rateLimitPer5Min;
  if (Token.isUnresolved(limit) || (Number.isInteger(limit) && limit >= min && limit <= max)) return;
  throw new StampError(
    'RATE_LIMIT_OUT_OF_RANGE',
    `${name} ${limit} is not a whole number from ${min} to ${max}`,
    'Give the number of requests that one source may send in 5 minutes',
  );
}

/** @throws StampError `RECORD_OUTSIDE_ZONE` */
export function checkRecordName(recordName: string, zoneName: string): void {
  if (Token.isUnresolved(recordName) || Token.isUnresolved(zoneName)) return;
  if (recordName.endsWith(`.${zoneName.replace(/\.$/, '')}`)) return;
  throw new StampError(
    'RECORD_OUTSIDE_ZONE',
    `record '${recordName}' is not inside hosted zone '${zoneName}'`,
    'Give the full name of the record, without a trailing dot',
  );
}

/** @throws StampError `HEALTH_PATH_NOT_ALLOWED` */
export function checkHealthPath(path: string): void {
  if (Token.isUnresolved(path)) return;
  const problem = !path.startsWith('/')
    ? 'does not start with a slash'
    : /[*?#\s]/.test(path)
      ? 'holds a wildcard, a query or a space, and would open more than one path'
      : isReservedPath(path)
        ? `lies under ${RESERVED_PATH}, which belongs to the stamp`
        : undefined;
  if (problem === undefined) return;
  throw new StampError(
    'HEALTH_PATH_NOT_ALLOWED',
    `health path '${path}' ${problem}`,
    "Give the application's own path, such as /healthz",
  );
}
