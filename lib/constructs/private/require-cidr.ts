import { type Cidr, parseCidr } from '../../cidr';
import { StampError } from '../../errors';

/**
 * The range that a CIDR in props names. Only for plain values: callers guard with `Token.isUnresolved`.
 *
 * @throws StampError `INVALID_CIDR` for anything that is not an IPv4 network address with a prefix length
 */
export function requireCidr(text: string): Cidr {
  const range = parseCidr(text);
  if (range !== undefined) return range;
  throw new StampError(
    'INVALID_CIDR',
    `'${text}' is not an IPv4 CIDR`,
    'Write a network address and a prefix length without host bits, such as 10.0.0.0/20',
  );
}
