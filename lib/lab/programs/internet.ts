import type { HealthCheckConfig } from '../../assembly/route53-types';
import { LAB_ASSUMPTIONS } from '../../facts/lab-assumptions';
import { CHECKER_LOCATIONS } from '../../resilience/dns';
import { Checker } from '../internet/checker';
import { CachingResolver, authority } from '../internet/dns-servers';
import { type StrongPut, StrongTables } from '../internet/strong-table';
import { ZoneState } from '../internet/zone-state';
import type { Endpoint } from '../net/endpoint';
import { type Handlers, call, listen, rpcListener } from '../net/rpc';
import { WideArea, type WideAreaRule } from '../net/wide-area';
import type { LabPlan, StampPlan } from '../plan/lab-plan';
import { EventLog } from '../time/events';
import { LabTime, sleep } from '../time/lab-time';
import { draw, seededRandom } from '../time/random';

/** Milliseconds after which a load balancer that does not say how its targets are counts as gone. */
const STATUS_TIMEOUT = 2000;

/**
 * Everything between clients and Regions, in one process: the wide area network, health checkers in their locations, the zone's DNS server and the
 * resolvers near clients. It belongs to no Region, so no fault ends it.
 */
export class Internet {
  private readonly time: LabTime;
  private readonly wan = new WideArea();
  private readonly events = new EventLog();
  private readonly strong = new StrongTables();
  private readonly zone: ZoneState;
  private readonly answers = new Map<string, string>();
  private readonly verdicts = new Map<string, boolean>();
  private readonly resolvers: CachingResolver[] = [];

  public constructor(private readonly plan: LabPlan) {
    this.time = new LabTime(plan.speed);
    const { zones } = plan.internet;
    const locations = CHECKER_LOCATIONS.length;
    const random = seededRandom(plan.seed, 'status propagation');
    const perLocation = Math.max(1, Math.round(LAB_ASSUMPTIONS.checkerCount.typical / locations));
    this.zone = new ZoneState(zones, this.time, random, perLocation, () => {
      this.noteChanges();
    });
  }

  public async start(): Promise<void> {
    const { internet, regions, stamps } = this.plan;
    await listen(internet.rpc, rpcListener(this.handlers()));
    await this.wan.listen(internet.wan);
    const addresses = new Map(stamps.map(({ loadBalancer, address }) => [loadBalancer, address] as const));
    const names = regions.map(({ region }) => region);
    await authority(
      internet.authority,
      names,
      (name, type, region) => this.zone.resolve(name, type, region),
      (alias) => addresses.get(alias.replace(/^dualstack\./, '').replace(/\.$/, '')),
      seededRandom(this.plan.seed, 'answers'),
    );
    for (const [at, { endpoint }] of internet.resolvers.entries()) {
      const resolver = new CachingResolver(internet.authority, at, this.time);
      await resolver.listen(endpoint);
      this.resolvers.push(resolver);
    }
    await this.linkDatabases();
  }

  /** Looks at stamps from now on: not before they are there, or a lab would begin with a failure. */
  private async begin(): Promise<void> {
    this.startCheckers();
    await Promise.all(this.plan.stamps.map((stamp) => this.askLoadBalancer(stamp)));
    this.begun = true;
    this.noteChanges();
    const random = seededRandom(this.plan.seed, 'ages of answers');
    for (const resolver of this.resolvers) for (const name of this.groupNames()) void resolver.keepWarm(name, random());
    for (const stamp of this.plan.stamps) void this.watchLoadBalancer(stamp);
  }

  private begun = false;

  private handlers(): Handlers {
    return {
      ping: () => 'ok',
      begin: () => this.begin(),
      addRule: (rule: WideAreaRule) => {
        this.wan.add(rule);
      },
      removeRule: ({ id }: { id: string }) => {
        this.wan.remove(id);
      },
      delayed: ({ from, to }: { from: string; to: string }) => this.wan.delay(from, to),
      dropped: ({ from, to }: { from: string; to: string }) => this.wan.dropped(from, to),
      events: ({ since }: { since: number }) => this.events.since(since),
      answers: () => Object.fromEntries(this.answers),
      checks: () => Object.fromEntries(this.verdicts),
      'strong.get': ({ table, key }: { table: string; key: string }) => this.strong.get(table, key) ?? null,
      'strong.all': ({ table }: { table: string }) => this.strong.all(table),
      'strong.put': (put: StrongPut) => this.strong.put(put),
      'strong.delete': ({ table, key }: { table: string; key: string }) => {
        this.strong.delete(table, key);
      },
      link: ({ cluster, region }: { cluster: string; region: string }) => this.link(cluster, region),
      setSource: ({ cluster, source }: { cluster: string; source: Source | null }) => {
        this.sources.set(cluster, source ?? undefined);
      },
    };
  }

  /** Where each replica's replication comes from now; the control plane of databases says so. */
  private readonly sources = new Map<string, Source | undefined>();

  private readonly links = new Map<string, Endpoint>();

  /** Replication of databases crosses Regions by fixed links, because a database knows nothing of this network. */
  private async linkDatabases(): Promise<void> {
    for (const { database, region } of this.plan.stamps) {
      if (database.engine === 'aurora') await this.link(database.cluster, region, database.link);
    }
  }

  /** The way into a replica's Region; without an endpoint at any free port of this process's address. */
  private async link(cluster: string, region: string, endpoint?: Endpoint): Promise<Endpoint> {
    const known = this.links.get(cluster);
    if (known !== undefined) return known;
    const { host } = this.plan.internet.rpc;
    // A kind of its own, so that replication can be late while everything else is not.
    const server = await this.wan.link(endpoint ?? { host, port: 0 }, `replication:${region}`, () => {
      const source = this.sources.get(cluster);
      return source === undefined ? undefined : { endpoint: source.endpoint, label: `region:${source.region}` };
    });
    const address = server.address();
    const made = endpoint ?? { host, port: typeof address === 'object' && address !== null ? address.port : 0 };
    this.links.set(cluster, made);
    return made;
  }

  private startCheckers(): void {
    for (const { Id, HealthCheckConfig: config, watches } of this.plan.internet.zones.checks as readonly WatchedCheck[]) {
      const target = this.targetOf(config);
      if (target === undefined) continue;
      // A switch that nobody has thrown: the marker of an evacuation is not found.
      const initially = watches?.kind === 'switch' && config.Inverted === true ? 'fail' : 'pass';
      for (const location of config.Regions ?? CHECKER_LOCATIONS) {
        this.zone.know(Id, location, initially);
        const from = `checkers:${location}`;
        const checker = new Checker({
          config,
          initially,
          time: this.time,
          random: seededRandom(this.plan.seed, `${Id} ${location}`),
          connect: () => this.wan.dial(from, `region:${target.region}`, target.endpoint),
          onProbe: (passes) => {
            if (!passes) this.events.add('probe-failed', Id, location, target.stamp);
          },
          onVerdict: (verdict) => {
            this.zone.report(Id, location, verdict);
          },
        });
        void checker.run();
      }
    }
  }

  /** What a check's name leads to: a stamp's load balancer, or the bucket of a control Region. */
  private targetOf(config: HealthCheckConfig): { endpoint: Endpoint; region: string; stamp?: string } | undefined {
    const name = config.FullyQualifiedDomainName ?? '';
    const stamp = this.plan.stamps.find(({ recordName }) => recordName === name);
    if (stamp !== undefined) return { endpoint: stamp.edge, region: stamp.region, stamp: stamp.id };
    const region = this.plan.regions.find(
      ({ switchBucket }) => switchBucket !== undefined && name.startsWith(`${switchBucket}.s3.`),
    );
    const [, watched] = /^\/switches\/(.+)$/.exec(config.ResourcePath ?? '') ?? [];
    // Switches of stamps that this lab leaves out are not watched: nobody could throw them.
    if (region === undefined || !this.plan.stamps.some(({ id }) => id === watched)) return undefined;
    return { endpoint: region.services, region: region.region };
  }

  /** Route 53 hears from load balancers how their targets are, some seconds late (aws-facts 1.5). */
  private async watchLoadBalancer(stamp: StampPlan): Promise<void> {
    const random = seededRandom(this.plan.seed, `load balancer ${stamp.id}`);
    for (;;) {
      await sleep(this.time.ms(draw(random, LAB_ASSUMPTIONS.elbStatusSync)));
      await this.askLoadBalancer(stamp);
    }
  }

  private async askLoadBalancer({ agent, loadBalancer }: StampPlan): Promise<void> {
    try {
      const options = { timeoutMs: STATUS_TIMEOUT };
      const state = await call<{ registered: number; healthy: number; minimumHealthy: number }>(agent, 'targets', {}, options);
      this.zone.target(loadBalancer, { kind: 'load-balancer', targetGroups: [state] });
    } catch {
      this.zone.target(loadBalancer, { kind: 'load-balancer', working: false, targetGroups: [] });
    }
  }

  /** Writes down what turned: verdicts of checks, and answers to each place that clients may be in. */
  private noteChanges(): void {
    if (!this.begun) return;
    for (const { Id, HealthCheckConfig: config } of this.plan.internet.zones.checks) {
      const healthy = this.zone.healthy(Id);
      if (this.verdicts.has(Id) && this.verdicts.get(Id) !== healthy) {
        const stamp = this.targetOf(config)?.stamp;
        this.events.add('check-changed', Id, healthy ? 'healthy' : 'unhealthy', stamp);
      }
      this.verdicts.set(Id, healthy);
    }
    const stampOf = new Map(this.plan.stamps.map(({ loadBalancer, id }) => [loadBalancer, id] as const));
    for (const name of this.groupNames()) {
      for (const { region } of this.plan.regions) {
        const { answers } = this.zone.resolve(name, 'A', region);
        const stamps = answers.map(
          ({ alias = '' }) => stampOf.get(alias.replace(/^dualstack\./, '').replace(/\.$/, '')) ?? alias,
        );
        const said = stamps.sort().join(' ');
        const key = `${name} from ${region}`;
        if (this.answers.has(key) && this.answers.get(key) !== said)
          this.events.add('answer-changed', name, `${region}: ${said}`);
        this.answers.set(key, said);
      }
    }
  }

  /** Names that lead to stamps of this lab and belong to none of them alone. */
  private groupNames(): string[] {
    const own = new Set(this.plan.stamps.map(({ recordName }) => recordName));
    const parents = new Set([...own].map((name) => name.slice(name.indexOf('.') + 1)));
    return [...parents].sort();
  }
}

interface Source {
  readonly endpoint: Endpoint;
  readonly region: string;
}

interface WatchedCheck {
  readonly Id: string;
  readonly HealthCheckConfig: HealthCheckConfig;
  readonly watches?: { readonly kind: string };
}

export async function runInternet(plan: LabPlan): Promise<void> {
  await new Internet(plan).start();
}
