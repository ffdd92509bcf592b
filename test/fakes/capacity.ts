import type { Capacity, CapacityBounds, StampRef } from '../../lib/ports';
import { EPOCH, type FakeProcess, type FakeWorld } from './world';

interface Target {
  min: number;
  max: number;
  desired: number;
  running: number;
  /** True time at which what is desired runs. */
  readyAt: number;
}

/** Times of the fake, in milliseconds. */
export const CAPACITY_TIMES = { start: 60_000, roll: 120_000 };

/** See capacity.md. */
export class FakeCapacity {
  public readonly stamps = new Map<string, Partial<Record<'web' | 'worker' | 'instances', Target>>>();
  private readonly rollouts = new Map<string, { readonly startedAt: number; readonly doneAt: number }>();
  /** True when new tasks never start: AWS has no capacity left. */
  public exhausted = false;

  public constructor(private readonly world: FakeWorld) {}

  public add(stamp: string, bounds: CapacityBounds): void {
    const target = (each: { min: number; max: number } | undefined): Target | undefined =>
      each === undefined ? undefined : { ...each, desired: each.min, running: each.min, readyAt: 0 };
    const targets: Partial<Record<'web' | 'worker' | 'instances', Target>> = {};
    for (const kind of ['web', 'worker', 'instances'] as const) {
      const made = target(bounds[kind]);
      if (made !== undefined) targets[kind] = made;
    }
    this.stamps.set(stamp, targets);
  }

  public bounds(stamp: string): CapacityBounds {
    return Object.fromEntries(Object.entries(this.stamps.get(stamp) ?? {}).map(([kind, { min, max }]) => [kind, { min, max }]));
  }

  public running(stamp: string): number {
    this.settle(stamp);
    return this.stamps.get(stamp)?.web?.running ?? 0;
  }

  private settle(stamp: string): void {
    for (const target of Object.values(this.stamps.get(stamp) ?? {})) {
      if (target.running > target.desired || (target.readyAt <= this.world.time && !this.exhausted))
        target.running = target.desired;
    }
  }

  public port(process: FakeProcess): Capacity {
    const call = async (
      stamp: StampRef,
      name: string,
      change?: { readonly guard: Parameters<FakeProcess['checkGuard']>[0] },
    ): Promise<void> => {
      await Promise.resolve();
      const place = { service: 'ecs', region: stamp.region, call: name };
      if (change !== undefined) process.checkGuard(change.guard, place);
      this.world.reach(place);
      this.settle(stamp.id);
    };
    return {
      read: async (stamp) => {
        await call(stamp, 'DescribeServices');
        const { web, worker, instances } = this.stamps.get(stamp.id)!;
        const show = ({ min, max, desired, running }: Target): Omit<Target, 'readyAt'> => ({ min, max, desired, running });
        return { web: show(web!), ...(worker && { worker: show(worker) }), ...(instances && { instances: show(instances) }) };
      },
      setBounds: async (change) => {
        await call(change.stamp, 'RegisterScalableTarget', change);
        const targets = this.stamps.get(change.stamp.id)!;
        for (const [kind, bounds] of Object.entries(change.bounds) as [
          'web' | 'worker' | 'instances',
          { min: number; max: number },
        ][]) {
          const target = targets[kind]!;
          const desired = Math.min(Math.max(target.desired, bounds.min), bounds.max);
          if (desired !== target.desired) target.readyAt = this.world.time + CAPACITY_TIMES.start;
          Object.assign(target, { ...bounds, desired });
        }
      },
      roll: async (change) => {
        await call(change.stamp, 'UpdateService', change);
        this.rollouts.set(change.stamp.id, { startedAt: this.world.time, doneAt: this.world.time + CAPACITY_TIMES.roll });
      },
      rollout: async (stamp) => {
        await call(stamp, 'DescribeServices');
        const rollout = this.rollouts.get(stamp.id) ?? { startedAt: -1, doneAt: -1 };
        return { state: rollout.doneAt <= this.world.time ? 'completed' : 'in-progress', startedAt: EPOCH + rollout.startedAt };
      },
    };
  }
}
