/** What a service answers instead of a result. */
export class WireError extends Error {
  /**
   * @param code name of the error's shape in AWS's model, or a code that every service has
   * @param status @default - what the model says, or 400
   */
  public constructor(
    public readonly code: string,
    message: string,
    public readonly status?: number,
  ) {
    super(message);
    this.name = 'WireError';
  }
}

/** No answer at all: the connection is cut. Thrown after the effect when only the answer is lost. */
export class Silence extends Error {}
