import type { Attempt, TimelineEvent } from '../../ports';
import type { BoundTerm } from '../../resilience/bounds/types';

export type PhaseName =
  'fault' | 'first-bad-probe' | 'check-flipped' | 'dns-changed' | 'clients-moved' | 'promoted' | 'first-write';

/** One moment of a recovery, and how long it took since what it follows. */
export interface Phase {
  readonly name: PhaseName;
  readonly title: string;
  /** Milliseconds since 1970; absent when it was not seen. */
  readonly at?: number;
  /** Seconds since the moment that it follows. */
  readonly seconds?: number;
  /** Which one it follows. */
  readonly since?: PhaseName | 'operation';
  /** Names of the terms of the proof that allow for it, those of them that the bound has. */
  readonly terms: readonly string[];
  /** Seconds that these terms allow, and the longest stall of the machine; absent when the bound has none of them. */
  readonly bound?: number;
  /** `real` when at least one of the terms is: only then does the comparison say anything beyond the lab. */
  readonly nature?: 'emulated' | 'real';
  readonly above: boolean;
}

export interface PhaseInput {
  /** Milliseconds since 1970. */
  readonly faultAt: number;
  /** Beginning of the first operation after it. */
  readonly operatedAt?: number;
  /** End of the outage of the last population: the first good write that stayed. */
  readonly recoveredAt?: number;
  readonly events: readonly TimelineEvent[];
  readonly attempts: readonly Attempt[];
  /** Stamps that clients are expected to leave: those that do not answer any more. */
  readonly lost: readonly string[];
  /** Terms of the bound of the time to recover, scaled as the target runs. */
  readonly terms: readonly BoundTerm[];
  /** Seconds that the machine stood still once, at most: any phase may have had it. @default 0 */
  readonly stall?: number;
}

/** The moments of a recovery in their usual order, each against the terms that the proof allows for it. */
export function phases(input: PhaseInput): Phase[] {
  const { faultAt, operatedAt, recoveredAt, events } = input;
  const first = (code: TimelineEvent['code'], from = faultAt): number | undefined =>
    events
      .filter((event) => event.code === code && event.at >= from)
      .reduce<number | undefined>((least, { at }) => (least === undefined || at < least ? at : least), undefined);
  const probe = first('probe-failed');
  const check = first('check-changed');
  const answer = first('answer-changed');
  const moved = answer === undefined ? undefined : lastMove(input, answer);
  const promoted = first('promoted', operatedAt ?? faultAt);
  const free = latest(promoted, moved);
  const phase = phaseOf(input);
  return [
    { name: 'fault', title: 'the fault', at: faultAt, terms: [], above: false },
    phase('first-bad-probe', 'a probe fails', probe, 'fault', faultAt, []),
    // Seen when DNS servers know of it.
    phase('check-flipped', 'a check turns', check, 'fault', faultAt, ['writer-grace', 'detection', 'propagation']),
    phase('dns-changed', 'DNS answers differently', answer, 'check-flipped', check, ['propagation', 'elb-status']),
    phase('clients-moved', 'the last client has moved', moved, 'dns-changed', answer, ['ttl', 'client']),
    phase('promoted', 'the other database takes writes', promoted, 'operation', operatedAt, ['decision', 'lease', 'promote']),
    phase('first-write', 'every population writes again', recoveredAt, promoted === free ? 'promoted' : 'clients-moved', free, [
      'reconnect',
      'writer-reconnect',
    ]),
  ];
}

function phaseOf({ terms: known, stall = 0 }: PhaseInput) {
  return (
    name: PhaseName,
    title: string,
    at: number | undefined,
    since: NonNullable<Phase['since']>,
    from: number | undefined,
    allowed: readonly string[],
  ): Phase => {
    const terms = known.filter((term) => allowed.includes(term.name));
    const seconds = at === undefined || from === undefined ? undefined : Math.max(0, at - from) / 1000;
    const bound = terms.length === 0 ? undefined : terms.reduce((sum, term) => sum + term.pessimistic, stall);
    return {
      name,
      title,
      ...(at !== undefined && { at }),
      ...(seconds !== undefined && { seconds, since }),
      terms: terms.map((term) => term.name),
      ...(bound !== undefined && {
        bound,
        nature: terms.some(({ lab }) => lab === 'real') ? ('real' as const) : ('emulated' as const),
      }),
      above: seconds !== undefined && bound !== undefined && seconds > bound,
    };
  };
}

/** When the last client got its first answer from a stamp that is not lost, of the clients that were at a lost one. */
function lastMove({ attempts, lost, faultAt }: PhaseInput, answer: number): number | undefined {
  const was = new Map<string, string>();
  const moved = new Map<string, number>();
  for (const { population, client, stamp, outcome, endedAt } of [...attempts].sort((a, b) => a.endedAt - b.endedAt)) {
    if (stamp === undefined || outcome === 'lost') continue;
    const key = `${population} ${client}`;
    if (endedAt < faultAt) was.set(key, stamp);
    else if (!lost.includes(stamp) && !moved.has(key) && lost.includes(was.get(key) ?? '')) moved.set(key, endedAt);
  }
  return moved.size === 0 ? undefined : Math.max(answer, ...moved.values());
}

function latest(...times: readonly (number | undefined)[]): number | undefined {
  return times.reduce((most, time) => (time === undefined ? most : most === undefined ? time : Math.max(most, time)), undefined);
}
