/**
 * Time of the fake AWS, in milliseconds since 1970. It passes `speed` times as fast as real time, so that a failover that takes two minutes on
 * AWS takes as long as a test wants; with speed 0 it stands still but for `advance`.
 */
export class WireClock {
  private base: number;
  private since: number;

  /** @param real reads a clock that never goes back, in milliseconds. @default - that of this process */
  public constructor(
    start: number,
    private speed = 1,
    private readonly real: () => number = () => performance.now(),
  ) {
    this.base = start;
    this.since = real();
  }

  public now(): number {
    return Math.round(this.base + (this.real() - this.since) * this.speed);
  }

  public advance(milliseconds: number): void {
    this.base = this.now() + milliseconds;
    this.since = this.real();
  }

  public setSpeed(speed: number): void {
    this.base = this.now();
    this.since = this.real();
    this.speed = speed;
  }
}
