/**
 * IPv4 ranges as plain numbers. An address is an unsigned 32-bit number; sums stay far below 2^53, so ordinary arithmetic is
 * exact where bit operators would turn addresses from 128.0.0.0 up negative.
 */

/** An aligned range: `base` is a multiple of its size. */
export interface Cidr {
  /** First address. */
  readonly base: number;
  /** Bits that are fixed, 0-32. */
  readonly prefix: number;
}

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ADDRESS = `${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}`;
const ADDRESS_TEXT = new RegExp(`^${ADDRESS}$`);
const CIDR_TEXT = new RegExp(`^(${ADDRESS})/(3[0-2]|[12]?\\d)$`);

/** The number of a dotted address, or `undefined` when the text is none. */
export function parseAddress(text: string): number | undefined {
  const octets = ADDRESS_TEXT.exec(text)?.slice(1);
  return octets?.reduce((address, octet) => address * 256 + Number(octet), 0);
}

/** The range that `a.b.c.d/n` names, or `undefined` when the text is none or sets bits behind the prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const range = cidrAround(text);
  return range !== undefined && formatCidr(range) === text ? range : undefined;
}

/** The ranges that texts name; what {@link parseCidr} refuses is left out. */
export function parseCidrs(texts: readonly string[]): Cidr[] {
  return texts.flatMap((text) => parseCidr(text) ?? []);
}

/** The range in which the address of `a.b.c.d/n` lies, whatever it sets behind the prefix; `undefined` for anything else. */
export function cidrAround(text: string): Cidr | undefined {
  const match = CIDR_TEXT.exec(text);
  const address = parseAddress(match?.[1] ?? '');
  if (match === null || address === undefined) return undefined;
  const prefix = Number(match.at(-1));
  return { base: address - (address % cidrSize(prefix)), prefix };
}

export function formatCidr({ base, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join('.')}/${prefix}`;
}

/** Number of addresses behind a prefix length. */
export function cidrSize(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** The address behind the range's last one. */
export function cidrEnd(range: Cidr): number {
  return range.base + cidrSize(range.prefix);
}

export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return a.base < cidrEnd(b) && b.base < cidrEnd(a);
}

/** True when every address of `inner` lies in `outer`. */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
  return outer.base <= inner.base && cidrEnd(inner) <= cidrEnd(outer);
}

/** True when one of the ranges holds the address. */
export function anyHolds(ranges: readonly Cidr[], address: number): boolean {
  return ranges.some((range) => cidrContains(range, { base: address, prefix: 32 }));
}

/**
 * The entries whose range overlaps one that comes earlier in the address space, each with the earlier one that reaches furthest.
 *
 * @param entries in the order of their ranges' first addresses
 */
export function overlappingEntries<T extends { readonly range: Cidr }>(
  entries: readonly T[],
): { readonly entry: T; readonly other: T }[] {
  const found: { entry: T; other: T }[] = [];
  let widest: T | undefined;
  for (const entry of entries) {
    if (widest !== undefined && cidrEnd(widest.range) > entry.range.base) found.push({ entry, other: widest });
    if (widest === undefined || cidrEnd(entry.range) > cidrEnd(widest.range)) widest = entry;
  }
  return found;
}

/**
 * The free aligned ranges of a pool, lowest first. Sorts once and then sweeps, so that taking all of them is near-linear in
 * the number of taken and handed-out ranges.
 *
 * @param pool where to look; longer prefixes than `prefix` hold no range at all
 * @param prefix prefix length of the ranges that are handed out
 * @param taken ranges that must not be touched, in any order, inside or outside the pool, overlapping or not
 */
export function* freeRanges(pool: Cidr, prefix: number, taken: readonly Cidr[]): Generator<Cidr, undefined> {
  const size = cidrSize(prefix);
  const sorted = [...taken].sort((a, b) => a.base - b.base);
  let next = 0;
  let base = pool.base;
  while (base + size <= cidrEnd(pool)) {
    const obstacle = sorted[next];
    if (obstacle !== undefined && cidrEnd(obstacle) <= base) {
      next += 1;
    } else if (obstacle !== undefined && obstacle.base < base + size) {
      base = Math.ceil(cidrEnd(obstacle) / size) * size;
    } else {
      yield { base, prefix };
      base += size;
    }
  }
  return undefined;
}
