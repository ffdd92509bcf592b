/** An IPv4 range as plain numbers: sums stay far below 2^53, where bit operators would turn large addresses negative. */
export interface Ipv4Range {
  /** First address. */
  readonly first: number;
  /** Last address. */
  readonly last: number;
  /** Bits that are fixed, 0-32. */
  readonly prefix: number;
}

/** The range that `a.b.c.d/n` names, or undefined when the text is none or sets bits behind the prefix. */
export function parseRange(text: string): Ipv4Range | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(text);
  const first = parseAddress(match?.[1] ?? '');
  const prefix = Number(match?.[2]);
  if (first === undefined || !(prefix <= 32)) return undefined;
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

/** The number of a dotted IPv4 address, or undefined when the text is none. */
export function parseAddress(text: string): number | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255)) return undefined;
  return octets.reduce((address, octet) => address * 256 + Number(octet), 0);
}

export function overlaps(a: Ipv4Range, b: Ipv4Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function contains(outer: Ipv4Range, inner: Ipv4Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}
