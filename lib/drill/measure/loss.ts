import type { Attempt, DataCount } from '../../ports';
import type { MessageLoss, RowLoss } from './types';

/** When each row or message was first acknowledged, in milliseconds since 1970, by number. A retry has the number of what it retries. */
export function acknowledged(attempts: readonly Attempt[], kind: 'write' | 'message'): ReadonlyMap<number, number> {
  const at = new Map<number, number>();
  for (const attempt of attempts) {
    if (attempt.kind !== kind || attempt.outcome !== 'ok' || attempt.number === undefined) continue;
    const known = at.get(attempt.number);
    if (known === undefined || attempt.endedAt < known) at.set(attempt.number, attempt.endedAt);
  }
  return at;
}

/**
 * Acknowledged rows that are not in the data. Seconds count from the acknowledgement of the oldest missing row to the fault, or to the
 * youngest missing one where rows are missing that were acknowledged after the fault: an old writer that went on, which nobody could see.
 * After a restore these are what was written into damaged data until it was out of use: counted, but no part of the seconds.
 */
export function rowLoss(attempts: readonly Attempt[], present: readonly number[], faultAt: number, restored = false): RowLoss {
  const written = acknowledged(attempts, 'write');
  const there = new Set(present);
  const gone = [...written].filter(([number]) => !there.has(number));
  const since = gone.filter(([, at]) => at > faultAt).length;
  if (restored && since > 0) {
    const before = rowLoss(
      attempts.filter(({ endedAt }) => endedAt <= faultAt),
      present,
      faultAt,
    );
    return { ...before, acknowledged: written.size, since };
  }
  const oldest = gone.reduce((least, [, at]) => Math.min(least, at), Infinity);
  const youngest = gone.reduce((most, [, at]) => Math.max(most, at), faultAt);
  return {
    acknowledged: written.size,
    missing: gone.map(([number]) => number).sort((a, b) => a - b),
    seconds: gone.length === 0 ? 0 : Math.max(0, youngest - oldest) / 1000,
  };
}

/** Whether not one row of the load is left: then the loss began before the load, and its seconds are no measure of it. */
export function everythingIsGone({ acknowledged: written, missing }: RowLoss): boolean {
  return written > 0 && missing.length === written;
}

/** Messages that nothing became of, and messages whose effect is there twice. `counts` are those of every stamp that answers. */
export function messageLoss(
  attempts: readonly Attempt[],
  counts: readonly Pick<DataCount, 'messages' | 'queued'>[],
  { faultAt, rpo }: { readonly faultAt: number; readonly rpo: number },
): MessageLoss {
  const sent = acknowledged(attempts, 'message');
  const effects = new Map<number, number>();
  for (const { messages } of counts) {
    // Every stamp of a group sees the same data, replicated: the highest count is the truth, the sum is not.
    for (const [number, count] of Object.entries(messages)) {
      effects.set(Number(number), Math.max(effects.get(Number(number)) ?? 0, count));
    }
  }
  const queued = new Set(counts.flatMap((count) => count.queued));
  const lost = [...sent].filter(([number]) => (effects.get(number) ?? 0) === 0 && !queued.has(number));
  const excused = (at: number): boolean => at <= faultAt && at >= faultAt - rpo * 1000;
  const numbers = (entries: readonly (readonly [number, number])[]): number[] =>
    entries.map(([number]) => number).sort((a, b) => a - b);
  return {
    acknowledged: sent.size,
    lost: numbers(lost),
    beyondRpo: numbers(lost.filter(([, at]) => rpo === 0 || !excused(at))),
    doubled: numbers([...effects].filter(([, count]) => count > 1)),
    waiting: [...sent.keys()].filter((number) => queued.has(number) && (effects.get(number) ?? 0) === 0).length,
  };
}
