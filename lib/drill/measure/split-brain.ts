import type { Attempt } from '../../ports';
import type { SplitBrain } from './types';

/**
 * How often the acknowledging stamp provably changed. A write happened somewhere between the start and the end of its attempt, so only
 * attempts that do not overlap say in which order: the longest chain of such acknowledgements in which neighbours come from different
 * stamps. Each change of the writer allows one turn; more means that two stamps wrote at the same time, whatever became of the data.
 */
export function splitBrain(attempts: readonly Attempt[], allowed: number): SplitBrain {
  const acks = attempts
    .filter(({ kind, outcome, stamp }) => kind === 'write' && outcome === 'ok' && stamp !== undefined)
    .sort((a, b) => a.endedAt - b.endedAt);
  const starts = new Map<string, Attempt>();
  for (const ack of acks) if (ack.stamp !== undefined && !starts.has(ack.stamp)) starts.set(ack.stamp, ack);
  const chains = [...starts.values()].map((first) => chainFrom(acks, first));
  const longest = chains.reduce<readonly string[]>((best, chain) => (chain.length > best.length ? chain : best), []);
  return { turns: Math.max(0, longest.length - 1), allowed, order: longest.slice(0, 20) };
}

/** The one that ends first is the best next link: whatever could follow another one can follow it. */
function chainFrom(acks: readonly Attempt[], first: Attempt): readonly string[] {
  const chain = [first.stamp ?? ''];
  let end = first.endedAt;
  for (const { stamp = '', startedAt, endedAt } of acks) {
    if (startedAt <= end || stamp === chain.at(-1)) continue;
    chain.push(stamp);
    end = endedAt;
  }
  return chain;
}
