import type { Guard } from '../../ports';

/** The right to change a group: a lease, or the operator's word that there is none to be had. */
export interface Hold {
  readonly token: number;
  /** Why nothing may be changed any more; undefined while it is ours, as far as anybody has told us. */
  readonly lostBecause: string | undefined;
  /** What the next mutating call carries. @throws LeaseLost when nothing may be changed any more */
  guard(): Guard;
  /** Renews when a third of the time is over. Never throws: a lost lease shows at the next {@link guard}. */
  keepAlive(): Promise<void>;
  /** @param unfinished the operation that somebody has to resume, or undefined when it is over */
  release(unfinished: string | undefined): Promise<void>;
}

/** The lease ran out or was taken over: whatever comes next belongs to somebody else. */
export class LeaseLost extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'LeaseLost';
  }
}

/** No lease: every control Region is gone and the operator broke the glass. Only switches can still refuse a lower token. */
export function breakGlassHold(identity: {
  readonly token: number;
  readonly operator: string;
  readonly operation: string;
}): Hold {
  const guard: Guard = { ...identity, validUntil: Infinity };
  return {
    token: identity.token,
    lostBecause: undefined,
    guard: () => guard,
    keepAlive: () => Promise.resolve(),
    release: () => Promise.resolve(),
  };
}
