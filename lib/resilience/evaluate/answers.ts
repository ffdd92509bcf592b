import { HealthView } from '../dns/health-view';
import { answer } from '../dns/resolve';
import type { CheckState, DnsState, Resolution, TargetState } from '../dns/types';
import { type ZoneIndex, indexZone } from '../dns/zone-index';
import { CHECKER_LOCATIONS } from '../failures/checker-locations';
import { stampMark } from '../model/names';
import type { CheckMeaning, GroupModel, TargetModel } from '../model/types';
import type { Answered, AnsweringStamp } from '../types';
import { answersRequests, databaseAnswers, runningTasks, unusable, writes } from './stamp-state';
import { type World, stampAt } from './world';

/** What Route 53 knows of a failure: everything; only its own checks; only what load balancers say of their targets. */
export type Signals = 'all' | 'checks' | 'targets';

/** The stamps that a client is sent to, with their shares. */
export interface Destination {
  readonly stamp: number;
  readonly probability: number;
}

export interface Routed {
  readonly destinations: readonly Destination[];
  readonly failOpen: boolean;
  readonly ttl?: number;
  readonly assumptions: readonly string[];
  /** Answers that lead to no stamp of the group. */
  readonly elsewhere: number;
}

/** No answer. */
export const NOWHERE: Routed = { destinations: [], failOpen: false, assumptions: [], elsewhere: 0 };

/** What was answered already, by the records that were asked. One for a whole proof: many groups have equal records. */
export type AnswerCache = Map<string, { readonly index: ZoneIndex; readonly known: Map<string, readonly Routed[]> }>;

/** Answers of one group's name. Each state of checks and targets is asked about once, however many failures lead to it. */
export class Answers {
  private readonly index: ZoneIndex;
  private readonly known: Map<string, readonly Routed[]>;
  /** By world: the same one is asked about for every client. */
  private readonly worlds: Readonly<Record<Signals, WeakMap<World, readonly Routed[]>>> = {
    all: new WeakMap(),
    checks: new WeakMap(),
    targets: new WeakMap(),
  };
  private readonly checks: readonly (readonly [string, CheckMeaning])[];
  private readonly targets: readonly (readonly [string, TargetModel])[];

  public constructor(
    private readonly model: GroupModel,
    cache: AnswerCache = new Map(),
  ) {
    const { dns, clients } = model;
    this.checks = Object.entries(dns.meanings);
    this.targets = Object.entries(dns.targets);
    const key = JSON.stringify([dns, clients]);
    let shared = cache.get(key);
    if (shared === undefined) {
      shared = { index: indexOf(dns), known: new Map() };
      cache.set(key, shared);
    }
    ({ index: this.index, known: this.known } = shared);
  }

  /** By client, in the order of the model. */
  public in(world: World, signals: Signals = 'all'): readonly Routed[] {
    let routed = this.worlds[signals].get(world);
    if (routed === undefined) {
      routed = this.asked(world, signals);
      this.worlds[signals].set(world, routed);
    }
    return routed;
  }

  private asked(world: World, signals: Signals): readonly Routed[] {
    const seen = this.seen(world, signals);
    const key = `${seen.passes.join('')}|${seen.healthy.join()}|${seen.blind.join()}`;
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const view = new HealthView(this.index, this.state(seen));
    const routed = this.model.clients.map(({ name: _name, share: _share, ...client }) =>
      this.routed(
        answer(view, { name: this.model.dns.name ?? 'n0.z.', client: { ...client, ednsSubnet: true } }, { explain: false }),
      ),
    );
    this.known.set(key, routed);
    return routed;
  }

  private routed(resolution: Resolution): Routed {
    const shares = new Map<number, number>();
    let elsewhere = 0;
    for (const { alias, values = [], probability } of resolution.answers) {
      const targets = alias === undefined ? values : [alias];
      const stamps = targets.map((name) => this.model.dns.targets[name]?.stamp);
      const [stamp] = stamps;
      if (stamp === undefined || stamps.some((other) => other !== stamp)) elsewhere += probability;
      else shares.set(stamp, (shares.get(stamp) ?? 0) + probability);
    }
    const destinations = [...shares].sort(([a], [b]) => a - b).map(([stamp, probability]) => ({ stamp, probability }));
    return {
      destinations,
      failOpen: resolution.failOpen,
      ...(resolution.ttl !== undefined && { ttl: resolution.ttl }),
      assumptions: resolution.assumptions.map(({ name }) => name),
      elsewhere,
    };
  }

  /** What there is to be seen of a world, as little as tells two of them apart. */
  private seen(world: World, signals: Signals): Seen {
    const { checkers } = world.lost;
    return {
      passes: this.checks.map(([, meaning]) => {
        const passes = this.probe(meaning, world, signals);
        return passes === undefined ? '-' : passes ? '1' : '0';
      }),
      healthy: this.targets.map(([, target]) =>
        target.stamp === undefined ? -1 : this.healthyTargets(target, target.stamp, world, signals),
      ),
      blind: signals === 'targets' ? [] : checkers.has('majority') ? CHECKER_LOCATIONS : [...checkers].sort(),
    };
  }

  /** What Route 53 is told, once everything that can be noticed has been. */
  private state({ passes, healthy, blind }: Seen): DnsState {
    const checks = this.checks.flatMap(([id], index): [string, CheckState][] => {
      const seen = passes[index];
      return seen === '-' ? [] : [[id, { kind: 'endpoint', passes: seen === '1' }]];
    });
    const targets = this.targets.flatMap(([name, target], index): [string, TargetState][] =>
      target.stamp === undefined ? [] : [[name, this.target(target, healthy[index] ?? 0)]],
    );
    return {
      checks: Object.fromEntries(checks),
      targets: Object.fromEntries(targets),
      ...(blind.length > 0 && { blindCheckers: blind }),
    };
  }

  /** Whether a check's endpoint passes; undefined for checks that have none. */
  private probe(meaning: CheckMeaning, world: World, signals: Signals): boolean | undefined {
    switch (meaning.kind) {
      case 'calculated':
      case 'unknown':
        return undefined;
      case 'switch':
        return switchFound(meaning, world);
      case 'stamp':
        return signals === 'targets' ? !meaning.blocked : this.stampPasses(meaning, world);
    }
  }

  private stampPasses({ stamp, deep, blocked }: Extract<CheckMeaning, { kind: 'stamp' }>, world: World): boolean {
    const mark = stampMark(stamp);
    if (blocked) return false;
    if (world.lost.blindChecks.has(mark)) return true;
    if (world.lost.falseAlarms.has(mark)) return false;
    if (!answersRequests(this.model, world, stamp)) return false;
    if (!deep) return true;
    const ownDependencyLost = this.model.dependencies.some(({ name, shared }) => !shared && world.lost.dependencies.has(name));
    return !ownDependencyLost && databaseAnswers(this.model, world, stamp);
  }

  /** 1: enough targets are healthy, 0: too few, -1: there never was one. */
  private healthyTargets({ targetGroups }: TargetModel, stamp: number, world: World, signals: Signals): number {
    const { minTasks, region, account } = stampAt(this.model, stamp);
    if (minTasks === 0) return -1;
    // Nobody is left in a lost Region who could say that its targets are gone: what was known last holds.
    const frozen = signals === 'checks' || world.lost.regions.has(region) || world.lost.accounts.has(account);
    if (frozen) return 1;
    const needed = Math.max(1, ...targetGroups.filter(({ kind }) => kind === 'web').map(({ minimumHealthy }) => minimumHealthy));
    return runningTasks(this.model, world, stamp) >= needed ? 1 : 0;
  }

  private target(target: TargetModel, healthy: number): TargetState {
    return {
      kind: 'load-balancer',
      targetGroups: target.targetGroups.map(({ kind, minimumHealthy }) => {
        if (kind === 'empty' || healthy < 0) return { registered: 0, healthy: 0, minimumHealthy };
        if (kind === 'function') return { registered: 1, healthy: 1, minimumHealthy: 1 };
        return { registered: minimumHealthy, healthy: healthy * minimumHealthy, minimumHealthy };
      }),
    };
  }
}

function indexOf(dns: GroupModel['dns']): ZoneIndex {
  const services = Object.fromEntries(Object.keys(dns.targets).map((name) => [name, 'load-balancer' as const]));
  return indexZone({
    records: dns.records,
    checks: dns.checks,
    zones: [{ hostedZoneId: 'Z', name: dns.zoneName ?? 'z.' }],
    services,
  });
}

interface Seen {
  /** By check: `1`, `0`, or `-` for one without an endpoint. */
  readonly passes: readonly string[];
  /** By alias target. */
  readonly healthy: readonly number[];
  readonly blind: readonly string[];
}

/** Whether the checkers find the string that a switch check looks for. Whatever cannot be read is not found. */
function switchFound({ stamp, region, token, readable }: Extract<CheckMeaning, { kind: 'switch' }>, world: World): boolean {
  const { lost, evacuated } = world;
  if (!readable || stamp === undefined || lost.regions.has(region) || lost.controls.has(region)) return false;
  if (token === 'evacuated') return evacuated.has(stamp);
  return token === 'in-service' && !evacuated.has(stamp);
}

/** An answer with what its stamps can do in a world. */
export function described(model: GroupModel, world: World, routed: Routed): Answered {
  const answers = routed.destinations.map(({ stamp, probability }): AnsweringStamp => ({
    stampId: stampMark(stamp),
    probability,
    serves: !unusable(model, world, stamp),
    writes: writes(model, world, stamp),
  }));
  return {
    answers,
    failOpen: routed.failOpen,
    ...(routed.ttl !== undefined && { ttl: routed.ttl }),
    assumptions: routed.assumptions,
  };
}
