import { StampError } from '../../errors';

/** An IPv4 range as numbers; `last` is inclusive. */
export interface CidrRange {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

const CIDR_PATTERN = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/**
 * Reads an IPv4 CIDR. Only for plain values: callers guard with `Token.isUnresolved`.
 *
 * @throws StampError `INVALID_CIDR` for anything that is not an IPv4 network address with a prefix length
 */
export function parseCidr(cidr: string): CidrRange {
  const match = CIDR_PATTERN.exec(cidr);
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = match?.slice(1).map(Number) ?? [];
  const first = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  const size = 2 ** (32 - prefix);
  if (Math.max(a, b, c, d) > 255 || prefix > 32 || first % size !== 0) {
    throw new StampError(
      'INVALID_CIDR',
      `'${cidr}' is not an IPv4 CIDR`,
      'Write a network address and a prefix length without host bits, such as 10.0.0.0/20',
    );
  }
  return { first, last: first + size - 1, prefix };
}

/** True when the two ranges share an address. */
export function overlap(a: CidrRange, b: CidrRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** True when `inner` lies wholly inside `outer`. */
export function contains(outer: CidrRange, inner: CidrRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}
