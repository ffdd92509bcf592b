import type { Pointers, Stacks } from '../../lib/ports';
import { EPOCH, type FakeProcess, type FakeWorld } from './world';

/** See pointers.md. */
export class FakePointers {
  public readonly values = new Map<string, { readonly value: string; readonly version: number; readonly modifiedAt: number }>();

  public constructor(private readonly world: FakeWorld) {}

  public set(region: string, name: string, value: string): void {
    this.values.set(`${region}${name}`, { value, version: 1, modifiedAt: EPOCH - 86_400_000 });
  }

  public port(process: FakeProcess): Pointers {
    return {
      read: async (region, name) => {
        await Promise.resolve();
        this.world.reach({ service: 'ssm', region, call: 'GetParameter' });
        return this.values.get(`${region}${name}`);
      },
      write: async ({ region, name, value, version, guard }) => {
        await Promise.resolve();
        const place = { service: 'ssm', region, call: 'PutParameter' };
        process.checkGuard(guard, place);
        this.world.reach(place);
        const live = this.values.get(`${region}${name}`);
        if (live?.version !== version) return 'conflict';
        this.values.set(`${region}${name}`, { value, version: version + 1, modifiedAt: EPOCH + this.world.time });
        return 'written';
      },
    };
  }
}

/** Stacks that exist, by `region/stack`. */
export class FakeStacks {
  public readonly names = new Set<string>();

  public constructor(private readonly world: FakeWorld) {}

  public port(): Stacks {
    return {
      exists: async (region, stack) => {
        await Promise.resolve();
        this.world.reach({ service: 'cloudformation', region, call: 'DescribeStacks' });
        return this.names.has(`${region}/${stack}`);
      },
    };
  }
}
