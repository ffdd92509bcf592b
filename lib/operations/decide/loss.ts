import { inform, type OperationFinding, refuse } from '../finding-codes';
import type { LagReading } from '../../ports';

/** A lag that was measured longer ago than this, in milliseconds, is no estimate of what an outage cost. */
const LAST_WORD_MS = 3_600_000;

export interface LossJudgement {
  readonly group: string;
  /** Seconds; objective of the group. */
  readonly rpo: number;
  readonly allowed: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * What an unplanned promotion loses: the last lag that the target saw while its source lived. Asked about only when that is more than
 * the objective allows, or when nobody knows.
 */
export function judgeLoss(lag: LagReading | undefined, { group, rpo, allowed, now }: LossJudgement): OperationFinding {
  const known = lag !== undefined && now - lag.at <= LAST_WORD_MS ? lag : undefined;
  if (known === undefined) {
    const message = 'nobody knows how far the replica was behind when its source fell silent';
    return allowed
      ? inform('loss-unknown', group, `${message}; --allow-data-loss was given`, 'Compare both sides when the old Region is back')
      : refuse(
          'loss-unknown',
          group,
          message,
          'When waiting for the old Region is worse than losing what was not copied: --allow-data-loss',
        );
  }
  const age = Math.round((now - known.at) / 1000);
  const seen = `the last lag seen was ${known.seconds} s, ${age} s ago; the objective is ${rpo} s`;
  if (known.seconds > rpo && !allowed) {
    return refuse(
      'loss-above-rpo',
      group,
      `about ${known.seconds} s of writes would be lost: ${seen}`,
      'When that is acceptable: --allow-data-loss',
    );
  }
  return inform(
    'expected-loss',
    group,
    `about ${known.seconds} s of writes are lost, if the old Region fell silent then: ${seen}`,
    'Compare both sides when the old Region is back',
  );
}
