/** Random choices from a seed: the same seed makes the same choices, on every machine. */
export class Random {
  private state: number;

  /** @param seed a whole number from 0 to 4294967295 */
  public constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A number from 0 to just below 1: mulberry32, which is enough for made-up fleets. */
  public next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number, both ends included. */
  public whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  public chance(share: number): boolean {
    return this.next() < share;
  }

  /** @throws Error for an empty list */
  public pick<T>(items: readonly T[]): T {
    const item = items[this.whole(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  }

  /** Some of the items, in their own order. */
  public some<T>(items: readonly T[], count: number): T[] {
    const left = items.map((_item, index) => index);
    const chosen: number[] = [];
    while (chosen.length < count && left.length > 0) chosen.push(...left.splice(this.whole(0, left.length - 1), 1));
    return chosen.sort((a, b) => a - b).map((index) => items[index] as T);
  }

  /** One of several, each as often as its weight says. */
  public weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of choices) {
      left -= weight;
      if (left < 0) return value;
    }
    return this.pick(choices)[1];
  }
}
