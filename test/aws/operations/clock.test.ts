import { describe, expect, test } from 'vitest';
import { Wake } from '../../../lib/aws/call/wake';
import { systemClock } from '../../../lib/aws/operations/clock';

/** A machine whose three sources of time a test sets. Milliseconds. */
class Machine {
  public wallTime = 1_785_553_200_000;
  public awakeTime = 50_000;
  public bootTime = 90_000;
  public readonly clock = systemClock({
    wall: () => this.wallTime,
    awake: () => this.awakeTime,
    sinceBoot: () => Math.floor(this.bootTime / 10) * 10,
  });

  public work(milliseconds: number): void {
    this.wallTime += milliseconds;
    this.awakeTime += milliseconds;
    this.bootTime += milliseconds;
  }

  public suspend(milliseconds: number): void {
    this.wallTime += milliseconds;
    this.bootTime += milliseconds;
  }
}

describe('monotonic time', () => {
  test('begins at nothing and goes on with the machine', () => {
    const machine = new Machine();
    expect(machine.clock.monotonic()).toBe(0);
    machine.work(1_234);
    expect(machine.clock.monotonic()).toBe(1_234);
  });

  test('goes on while the machine sleeps: a lease is over when the lid is opened', () => {
    const machine = new Machine();
    machine.work(1_000);
    machine.suspend(3_600_000);
    expect(machine.clock.monotonic()).toBeGreaterThanOrEqual(3_600_990);
    machine.work(500);
    machine.suspend(60_000);
    expect(machine.clock.monotonic()).toBeGreaterThanOrEqual(3_661_480);
  });

  test('takes no notice of the wall clock', () => {
    const machine = new Machine();
    machine.work(1_000);
    machine.wallTime += 86_400_000;
    expect(machine.clock.monotonic()).toBe(1_000);
    machine.wallTime -= 2 * 86_400_000;
    expect(machine.clock.monotonic()).toBe(1_000);
    expect(machine.clock.now()).toBe(machine.wallTime);
  });

  test('never goes back, however coarse or backward its sources are', () => {
    const machine = new Machine();
    let last = 0;
    for (let step = 0; step < 200; step += 1) {
      machine.work((step * 7) % 31);
      if (step % 40 === 0) machine.suspend(1_500);
      if (step % 50 === 0) machine.bootTime -= 1_200;
      const now = machine.clock.monotonic();
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
  });
});

describe('sleeping', () => {
  test('ends when it is woken', async () => {
    const wake = new Wake();
    const asleep = systemClock().sleep(3_600_000, wake);
    wake.up();
    await asleep;
  });

  test('is over at once for no time or less', async () => {
    await systemClock().sleep(0);
    await systemClock().sleep(-5);
  });

  test('this machine’s clock goes forward', () => {
    const clock = systemClock();
    const first = clock.monotonic();
    expect(clock.monotonic()).toBeGreaterThanOrEqual(first);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(60_000);
  });
});
