import type { Attempt, DataCount, TimelineEvent } from '../../ports';
import type { Bound } from '../../resilience/bounds/types';
import { compare, type Comparison } from './compare';
import { everythingIsGone, messageLoss, rowLoss } from './loss';
import { populationResults, shareOf } from './outages';
import { type Phase, phases } from './phases';
import type { Slowness } from './slowness';
import { splitBrain } from './split-brain';
import type { MessageLoss, PopulationResult, RowLoss, Share, SplitBrain } from './types';

/** Everything that is known after a run. Times are milliseconds since 1970. */
export interface Evidence {
  /** Those that ended before the data was read. */
  readonly attempts: readonly Attempt[];
  /** Those of the whole run, the way back included. */
  readonly all: readonly Attempt[];
  /** What the clocks of RTO and RPO start with. */
  readonly faultAt: number;
  /** Beginning of the first operation after it. */
  readonly operatedAt?: number;
  /** Beginning of the method, and the end of what counts. */
  readonly from: number;
  readonly to: number;
  readonly consecutive: number;
  /** Seconds. */
  readonly rpo: number;
  /** Data of the stamp that serves after the method; absent when nobody could be asked. */
  readonly data?: DataCount;
  /** Data and queues of every stamp that answers after the rollbacks, when queues had time to be worked off. */
  readonly counts: readonly DataCount[];
  readonly events: readonly TimelineEvent[];
  /** Stamps that the first fault takes away. */
  readonly lost: readonly string[];
  /** Changes of the writer that operations made, or the database itself: so often the acknowledging stamp may change. */
  readonly writerMoves: number;
  /** False where every stamp writes. */
  readonly oneWriter: boolean;
  /**
   * Of a drill against the objective `recovery`: when the restored data was in use, Infinity when it never was. Until then nobody is
   * served well, whatever the answers say.
   */
  readonly restoredAt?: number;
  /** What DNS answered in turn, each as stamp ids. */
  readonly answered: readonly (readonly string[])[];
  /** False where the load only looks: then nothing can be said of rows. @default true */
  readonly writes?: boolean;
  /** Bounds of a machine that is as slow as {@link slowness} says. */
  readonly rtoBound?: Bound;
  readonly rpoBound?: Bound;
  /** Bounds of the machine of the lab's table. @default - the same */
  readonly usual?: { readonly rto: Bound; readonly rpo: Bound };
  /** Absent where nobody measured it. */
  readonly slowness?: Slowness;
}

export interface Measurement {
  readonly populations: readonly PopulationResult[];
  /** Seconds of the population that took longest; absent when one never wrote again. */
  readonly rto?: number;
  /** False where the load only looked. */
  readonly writes: boolean;
  /** Absent when the data could not be read. */
  readonly rows?: RowLoss;
  /** Numbers of rows that say something else than what was written. */
  readonly damaged?: readonly number[];
  readonly messages?: MessageLoss;
  /** Absent where every stamp writes. */
  readonly writers?: SplitBrain;
  readonly attempts: Share;
  readonly reads: Share;
  readonly phases: readonly Phase[];
  readonly answered: readonly (readonly string[])[];
  readonly rtoComparison: Comparison;
  readonly rpoComparison: Comparison;
  readonly slowness?: Slowness;
  /** Terms of the bound of the RTO that it was compared with. */
  readonly rtoTerms: Bound['terms'];
}

/** What happened, in numbers. Pure: the same evidence gives the same numbers. */
export function measure(evidence: Evidence): Measurement {
  const { attempts, faultAt, from, to, consecutive, data, counts, rpo } = evidence;
  const populations = populationResults(attempts, {
    ...{ from: faultAt, to, consecutive },
    ...(evidence.restoredAt !== undefined && { notBefore: evidence.restoredAt }),
  });
  const times = populations.map((population) => population.rto);
  const endless = times.length === 0 || times.some((time) => time === undefined);
  const rto = endless ? undefined : Math.max(0, ...times.filter((time) => time !== undefined));
  const during = attempts.filter(({ endedAt }) => endedAt >= from && endedAt <= to);
  const rows = data === undefined ? undefined : rowLoss(attempts, data.rows, faultAt, evidence.restoredAt !== undefined);
  const recoveredAt = rto === undefined || rto === 0 ? undefined : faultAt + rto * 1000;
  return {
    populations,
    writes: evidence.writes ?? true,
    ...(rto !== undefined && { rto }),
    ...(rows !== undefined && { rows }),
    ...(data !== undefined && { damaged: data.damaged }),
    ...(counts.length > 0 && { messages: messageLoss(evidence.all, counts, { faultAt, rpo }) }),
    ...(evidence.oneWriter && { writers: splitBrain(evidence.all, evidence.writerMoves) }),
    attempts: shareOf(during),
    reads: shareOf(during.filter(({ kind }) => kind === 'read')),
    phases: phases({
      faultAt,
      ...(evidence.operatedAt !== undefined && { operatedAt: evidence.operatedAt }),
      ...(recoveredAt !== undefined && { recoveredAt }),
      events: evidence.events.filter(({ at }) => at <= to),
      attempts,
      lost: evidence.lost,
      terms: evidence.rtoBound?.terms ?? [],
      ...(evidence.slowness !== undefined && { stall: evidence.slowness.stall / 1000 }),
    }),
    answered: evidence.answered,
    rtoComparison: compare(rto, evidence.rtoBound, evidence.usual?.rto),
    rpoComparison: compare(
      rows === undefined || everythingIsGone(rows) ? undefined : rows.seconds,
      evidence.writes === false ? undefined : evidence.rpoBound,
      evidence.usual?.rpo,
    ),
    ...(evidence.slowness !== undefined && { slowness: evidence.slowness }),
    rtoTerms: evidence.rtoBound?.terms ?? [],
  };
}
