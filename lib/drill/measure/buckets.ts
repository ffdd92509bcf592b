import { compareText } from '../../order';
import type { Attempt, AttemptKind } from '../../ports';
import type { Share } from './types';

/** Attempts of one population that ended in one slice of time. */
export interface Bucket {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly writes: Share;
  readonly reads: Share;
}

export interface Series {
  readonly population: string;
  /** Milliseconds. */
  readonly width: number;
  readonly buckets: readonly Bucket[];
}

/** Availability over time, at most `most` slices of equal width for each population. */
export function availability(attempts: readonly Attempt[], from: number, to: number, most = 120): Series[] {
  const width = Math.max(250, Math.ceil((to - from) / most / 250) * 250);
  const count = Math.max(1, Math.ceil((to - from) / width));
  const names = [...new Set(attempts.map(({ population }) => population))].sort(compareText);
  return names.map((population) => {
    const cells = Array.from({ length: count }, () => ({ write: { total: 0, good: 0 }, read: { total: 0, good: 0 } }));
    for (const attempt of attempts) {
      if (attempt.population !== population || attempt.endedAt < from || attempt.endedAt >= from + count * width) continue;
      const cell = cells[Math.floor((attempt.endedAt - from) / width)]?.[kindOf(attempt.kind)];
      if (cell === undefined) continue;
      cell.total += 1;
      if (attempt.outcome === 'ok') cell.good += 1;
    }
    const buckets = cells.map(({ write, read }, index) => ({ from: from + index * width, writes: write, reads: read }));
    return { population, width, buckets };
  });
}

/** A message is something written. */
function kindOf(kind: AttemptKind): 'write' | 'read' {
  return kind === 'read' ? 'read' : 'write';
}
