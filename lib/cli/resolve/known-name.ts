import { didYouMean } from '../../config/suggest';
import { StampError } from '../../errors';

/**
 * The name, if it is one of those that there are.
 *
 * @throws StampError STAMP_UNKNOWN for stamps, NAME_UNKNOWN for everything else
 */
export function knownName(name: string, names: readonly string[], kind: string): string {
  if (names.includes(name)) return name;
  const all =
    names.length === 0 ? 'there is none' : names.length > 30 ? `there are ${names.length}` : `known: ${names.join(', ')}`;
  throw new StampError(
    kind === 'stamp' ? 'STAMP_UNKNOWN' : 'NAME_UNKNOWN',
    `no ${kind} "${name}"`,
    `${didYouMean(name, names)}${all}`,
  );
}
