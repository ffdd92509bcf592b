import type { Place, WireWorld } from '../world';

/** Milliseconds that things take (aws-facts 6.2, 10.3; typical values). */
export const COMPUTE_TIMES = { start: 60_000, roll: 120_000 };

export interface Deployment {
  readonly id: string;
  readonly createdAt: number;
  readonly doneAt: number;
  readonly failed: boolean;
}

export interface EcsService extends Place {
  readonly cluster: string;
  readonly name: string;
  desired: number;
  running: number;
  readyAt: number;
  deployments: Deployment[];
  readonly targetGroup?: string;
}

export interface ScalingGroup extends Place {
  readonly name: string;
  min: number;
  max: number;
  desired: number;
  running: number;
  readyAt: number;
}

/** Services, their scaling targets and the groups of instances under them. */
export class ComputeState {
  public readonly services = new Map<string, EcsService>();
  /** Bounds by `account/region/service/<cluster>/<service>`. */
  public readonly targets = new Map<string, { min: number; max: number }>();
  public readonly groups = new Map<string, ScalingGroup>();
  /** Name of the group of instances of a cluster, by `account/region/cluster`. */
  public readonly providers = new Map<string, string>();
  /** True when nothing starts any more: AWS has no capacity left. */
  public exhausted = false;
  /** Stamps' services whose next deployments fail, by service name. */
  public readonly failing = new Set<string>();
  private counter = 0;

  public constructor(
    public readonly world: WireWorld,
    public readonly times: typeof COMPUTE_TIMES = COMPUTE_TIMES,
  ) {}

  public key({ account, region }: Place, ...names: string[]): string {
    return [account, region, ...names].join('/');
  }

  public addService(
    place: Place,
    cluster: string,
    name: string,
    bounds: { min: number; max: number },
    targetGroup?: string,
  ): void {
    this.services.set(this.key(place, cluster, name), {
      account: place.account,
      region: place.region,
      cluster,
      name,
      desired: bounds.min,
      running: bounds.min,
      readyAt: 0,
      deployments: [{ id: this.nextId(), createdAt: this.world.now - 86_400_000, doneAt: 0, failed: false }],
      ...(targetGroup !== undefined && { targetGroup }),
    });
    this.targets.set(this.key(place, 'service', cluster, name), { ...bounds });
  }

  public addGroup(place: Place, cluster: string, name: string, bounds: { min: number; max: number }): void {
    const { account, region } = place;
    this.groups.set(this.key(place, name), {
      account,
      region,
      name,
      ...bounds,
      desired: bounds.min,
      running: bounds.min,
      readyAt: 0,
    });
    this.providers.set(this.key(place, cluster), name);
  }

  public settle(): void {
    for (const each of [...this.services.values(), ...this.groups.values()]) {
      if (each.running > each.desired || (each.readyAt <= this.world.now && !this.exhausted)) each.running = each.desired;
    }
  }

  public setDesired(thing: EcsService | ScalingGroup, desired: number): void {
    this.settle();
    if (desired === thing.desired) return;
    thing.desired = desired;
    thing.readyAt = this.world.now + this.times.start;
    this.settle();
  }

  public roll(service: EcsService): void {
    const failed = this.failing.has(service.name);
    const { now } = this.world;
    service.deployments = [
      { id: this.nextId(), createdAt: now, doneAt: now + this.times.roll, failed },
      ...service.deployments.slice(0, 1),
    ];
  }

  private nextId(): string {
    this.counter += 1;
    return `ecs-svc/${String(this.counter).padStart(19, '0')}`;
  }
}
