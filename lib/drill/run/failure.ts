/** Why a drill cannot go on as it is written. Everything else that is thrown is a bug. */
export class DrillFailure extends Error {
  public constructor(
    /** `failed`: something did not go as written. `interrupted`: somebody stopped it. */
    public readonly status: 'failed' | 'interrupted',
    message: string,
  ) {
    super(message);
    this.name = 'DrillFailure';
  }
}
