/**
 * Emulated durations: what the lab waits because it is told to (an interval, a TTL, a propagation). They are written in seconds as on AWS and
 * divided by the speed of the lab. What really happens (a process start, a promotion, an fsync, a checker's time-out) is never scaled.
 */
export class LabTime {
  /** @param speed 1 is real time, 10 makes a minute six seconds */
  public constructor(public readonly speed: number) {}

  /** Real milliseconds of an emulated duration in seconds. */
  public ms(seconds: number): number {
    return (seconds * 1000) / this.speed;
  }

  /** Emulated seconds of real milliseconds. */
  public seconds(milliseconds: number): number {
    return (milliseconds * this.speed) / 1000;
  }
}

/** Ends after real milliseconds. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
