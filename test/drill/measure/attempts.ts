import type { Attempt, AttemptKind, AttemptOutcome } from '../../../lib/ports';

/** An attempt that began 10 ms before it ended. */
export function attempt(endedAt: number, given: Partial<Attempt> = {}): Attempt {
  return {
    population: 'ny',
    client: 0,
    kind: 'write',
    number: endedAt,
    startedAt: endedAt - 10,
    endedAt,
    outcome: 'ok',
    stamp: 'web-use1',
    ...given,
  };
}

/** `..xx..` every second: a dot is a good attempt, an x one that failed, a blank none. Begins at 1 s. */
export function series(text: string, given: { readonly kind?: AttemptKind; readonly population?: string } = {}): Attempt[] {
  return Array.from(text).flatMap((mark, index) => {
    if (mark === ' ') return [];
    const outcome: AttemptOutcome = mark === '.' ? 'ok' : mark === 'x' ? 'refused' : 'lost';
    return [attempt((index + 1) * 1000, { ...given, outcome })];
  });
}
