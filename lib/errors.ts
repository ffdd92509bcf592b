/**
 * An error a user can act on: a stable code, what was wrong (with the value), and the fix.
 *
 * The message carries code and fix in full, because languages other than TypeScript keep nothing but the message.
 */
export class StampError extends Error {
  /** Stable, upper-snake-case code. Public API: scripts match on it. */
  public readonly code: string;
  /** What the user should do about it. */
  public readonly fix: string;

  public constructor(code: string, message: string, fix: string) {
    super(`${code}: ${message}. ${fix}`);
    this.name = 'StampError';
    this.code = code;
    this.fix = fix;
  }
}

/** True for errors that were written for a user to read, so that edges print one line instead of a stack. */
export function isStampError(error: unknown): error is StampError {
  return error instanceof Error && error.name === 'StampError' && 'code' in error && 'fix' in error;
}
