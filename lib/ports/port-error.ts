/** Why a call to the outside did not do what it was asked to. Adapters map every SDK error to one of these. */
export type PortErrorKind =
  /** Nobody answered: no route, no name, connection refused or cut. */
  | 'unreachable'
  /** No answer in time. */
  | 'timeout'
  /** Credentials are missing or the action is not allowed. */
  | 'denied'
  | 'throttled'
  /** A condition did not hold, or somebody else changes the same thing now. */
  | 'conflict'
  | 'not-found'
  /** The target cannot do this in its present state, or never. */
  | 'invalid'
  /** The lease ran out before the request was sent. Nothing was sent. */
  | 'lease-expired';

/** Where a call went. */
export interface CallPlace {
  /** AWS service, as its endpoint calls it: `s3`, `rds`, `dynamodb`. */
  readonly service: string;
  /** AWS Region, or `-` for a call that belongs to none. */
  readonly region: string;
  /** Operation as AWS spells it. */
  readonly call: string;
}

/** The one error that ports throw. Anything else that comes out of a port is a bug of its adapter. */
export class PortError extends Error {
  public readonly kind: PortErrorKind;
  public readonly place: CallPlace;
  /** True when the request may have taken effect although no answer came: the caller has to look before it asks again. */
  public readonly maybeApplied: boolean;

  public constructor(kind: PortErrorKind, place: CallPlace, message: string, maybeApplied = false) {
    super(`${place.service} ${place.call} in ${place.region}: ${message}`);
    this.name = 'PortError';
    this.kind = kind;
    this.place = place;
    this.maybeApplied = maybeApplied;
  }
}

/** True for what a port throws on purpose. */
export function isPortError(error: unknown): error is PortError {
  return error instanceof Error && error.name === 'PortError' && 'kind' in error && 'place' in error;
}

/** True when the same request may succeed a moment later, or in another Region. */
export function isTransient(error: unknown): boolean {
  return isPortError(error) && ['unreachable', 'timeout', 'throttled', 'conflict'].includes(error.kind);
}
