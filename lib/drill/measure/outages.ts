import { compareText } from '../../order';
import type { Attempt, AttemptKind } from '../../ports';
import type { Outage, PopulationResult, Share } from './types';

export interface Span {
  /** Milliseconds since 1970: the fault, or the beginning of the operation. */
  readonly from: number;
  readonly to: number;
  /** K: good attempts in a row that end an outage, and failures in a row that begin another one. */
  readonly consecutive: number;
  /** Nobody is served well before this moment, whatever is answered: what is answered is damaged. */
  readonly notBefore?: number;
}

/** What each population felt between two moments, by the clocks of its clients. Sorted by name. */
export function populationResults(attempts: readonly Attempt[], span: Span): PopulationResult[] {
  const byName = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    if (attempt.endedAt < span.from || attempt.endedAt > span.to) continue;
    const known = byName.get(attempt.population);
    if (known === undefined) byName.set(attempt.population, [attempt]);
    else known.push(attempt);
  }
  return [...byName]
    .sort(([a], [b]) => compareText(a, b))
    .map(([population, own]) => {
      const sorted = own.sort((a, b) => a.endedAt - b.endedAt);
      const of = (kind: AttemptKind): Attempt[] => sorted.filter((attempt) => attempt.kind === kind);
      const writes = of('write');
      const reads = of('read');
      const writeOutages = outagesOf(writes, span.consecutive);
      const readOutages = outagesOf(reads, span.consecutive);
      const rto = recovery(writes, writeOutages, span);
      const readRto = recovery(reads, readOutages, span);
      return {
        population,
        writeOutages,
        readOutages,
        ...(rto !== undefined && { rto }),
        ...(readRto !== undefined && { readRto }),
        writes: shareOf(writes),
        reads: shareOf(reads),
        messages: shareOf(of('message')),
      };
    });
}

/**
 * Spans of bad service in attempts that are sorted by their end. The first failure begins the first one; K good attempts in a row end it.
 * Afterwards single failures are noise: it takes K in a row to begin another one, which begins with the first of them.
 */
export function outagesOf(attempts: readonly Attempt[], consecutive: number): Outage[] {
  const outages: Outage[] = [];
  let open: number | undefined;
  let run: { good: boolean; count: number; from: number } | undefined;
  for (const { outcome, endedAt } of attempts) {
    const good = outcome === 'ok';
    run = run?.good === good ? { ...run, count: run.count + 1 } : { good, count: 1, from: endedAt };
    if (open === undefined) {
      const enough = outages.length === 0 ? 1 : consecutive;
      if (!good && run.count >= enough) open = run.from;
    } else if (good && run.count >= consecutive) {
      outages.push({ from: open, until: run.from });
      open = undefined;
    }
  }
  if (open !== undefined) outages.push({ from: open });
  return outages;
}

/** Seconds to the end of the last outage, or to good attempts in a row on undamaged data; undefined when that did not come. */
function recovery(attempts: readonly Attempt[], outages: readonly Outage[], span: Span): number | undefined {
  const last = outages.at(-1);
  const until = last === undefined ? span.from : last.until;
  const good = span.notBefore === undefined ? span.from : goodFrom(attempts, span.notBefore, span.consecutive);
  if (until === undefined || good === undefined) return undefined;
  return Math.max(0, until - span.from, good - span.from) / 1000;
}

/** End of the first of K good attempts in a row that began after a moment. */
function goodFrom(attempts: readonly Attempt[], moment: number, consecutive: number): number | undefined {
  let run: number[] = [];
  for (const { outcome, startedAt, endedAt } of attempts) {
    if (startedAt < moment) continue;
    run = outcome === 'ok' ? [...run, endedAt] : [];
    if (run.length >= consecutive) return run[0];
  }
  return undefined;
}

export function shareOf(attempts: readonly Attempt[]): Share {
  return { total: attempts.length, good: attempts.filter(({ outcome }) => outcome === 'ok').length };
}

/** Per cent, 100 of nothing. */
export function percentOf({ good, total }: Share): number {
  return total === 0 ? 100 : (good / total) * 100;
}
