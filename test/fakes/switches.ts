import type { SwitchReading, Switches } from '../../lib/ports';
import type { FakeProcess, FakeWorld } from './world';

interface Stored extends SwitchReading {
  readonly etag: string;
}

/** See switches.md. */
export class FakeSwitches {
  /** `region/stamp`. */
  public readonly objects = new Map<string, Stored>();
  /** Every write that took effect, in order. */
  public readonly history: { readonly key: string; readonly state: string; readonly token: number }[] = [];
  private versions = 0;

  public constructor(private readonly world: FakeWorld) {}

  public state(region: string, stamp: string): 'in-service' | 'evacuated' {
    return this.objects.get(`${region}/${stamp}`)?.state ?? 'in-service';
  }

  /** One checker verdict: any Region that can be read and says evacuated. */
  public evacuated(stamp: string): boolean {
    return [...this.objects].some(
      ([key, object]) => key.endsWith(`/${stamp}`) && object.state === 'evacuated' && !this.world.down.has(key.split('/')[0]!),
    );
  }

  public port(process: FakeProcess): Switches {
    return {
      read: async (region, _bucket, stamp) => {
        await Promise.resolve();
        this.world.reach({ service: 's3', region, call: 'GetObject' });
        return this.objects.get(`${region}/${stamp}`) ?? { state: 'in-service', token: 0 };
      },
      write: async ({ region, stamp, state, reason, time, etag, guard }) => {
        await Promise.resolve();
        const place = { service: 's3', region, call: 'PutObject' };
        process.checkGuard(guard, place);
        this.world.reach(place);
        const key = `${region}/${stamp}`;
        if (this.objects.get(key)?.etag !== etag) return 'conflict';
        this.versions += 1;
        this.objects.set(key, { state, token: guard.token, operator: guard.operator, reason, time, etag: `e${this.versions}` });
        this.history.push({ key, state, token: guard.token });
        return 'written';
      },
    };
  }
}
