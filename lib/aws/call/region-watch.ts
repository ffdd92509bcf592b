import type { Clock } from '../../ports';

/** How long a Region that has just fallen silent is left alone, in milliseconds. Short: silence may be our own network's. */
const QUIET_MS = 10_000;
/** So many different services have to be silent before it is the Region and not the service. */
const SILENT_SERVICES = 2;

/**
 * Which Regions are not worth a call: those the operator calls dead, for good, and those of which nothing answers any more, for a moment.
 * Waiting for the time-out of every single call is what makes a status of a dead Region slow.
 */
export class RegionWatch {
  private readonly silent = new Map<string, Set<string>>();
  private readonly quietUntil = new Map<string, number>();

  public constructor(
    private readonly clock: Clock,
    private readonly dead: ReadonlySet<string>,
  ) {}

  public isDead(region: string): boolean {
    return this.dead.has(region);
  }

  /** True while a Region that fell silent is left alone. */
  public isQuiet(region: string): boolean {
    const until = this.quietUntil.get(region);
    if (until === undefined) return false;
    if (this.clock.monotonic() < until) return true;
    this.quietUntil.delete(region);
    this.silent.delete(region);
    return false;
  }

  /** Anything came back, be it an error. */
  public answered(region: string): void {
    this.silent.delete(region);
    this.quietUntil.delete(region);
  }

  /** A service did not answer, for all that was tried. */
  public unanswered(region: string, service: string): void {
    const services = this.silent.get(region) ?? new Set();
    services.add(service);
    this.silent.set(region, services);
    if (services.size >= SILENT_SERVICES) this.quietUntil.set(region, this.clock.monotonic() + QUIET_MS);
  }
}
