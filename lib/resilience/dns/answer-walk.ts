import { aliasTtl } from './alias-target';
import type { DnsAssumptionName } from './assumptions';
import type { HealthView } from './health-view';
import type { SeenLocation } from './location';
import { POLICIES } from './policies';
import type { Choice, PolicyInput } from './policies/choice';
import type { DnsAnswer, PathStep } from './types';
import type { IndexedRecord, RecordGroup } from './zone-index';

/** What is carried from the name asked for down to a record. */
export interface Trail {
  readonly probability: number;
  readonly depth: number;
  readonly via: DnsAnswer['via'];
  /** Everything passed so far is healthy. */
  readonly healthy: boolean;
  /** A group above fell open. */
  readonly fellOpen: boolean;
  /** Seconds: the longest so far. */
  readonly ttl?: number;
}

/** A record that answers, and how it was reached. */
export interface Leaf {
  readonly record: IndexedRecord;
  readonly trail: Trail;
}

/**
 * Chooses down a tree of aliases (aws-facts 1.4): by the policy of each group among its healthy records, then on through the alias that was
 * chosen. Backing out of a branch needs no second attempt: a branch without anything healthy is not a candidate in the first place.
 */
export class AnswerWalk {
  public readonly steps: PathStep[] = [];
  public readonly assumptions = new Set<DnsAssumptionName>();
  public failOpen = false;

  public constructor(
    private readonly view: HealthView,
    private readonly seen: SeenLocation,
    private readonly explain: boolean,
  ) {}

  /** The records that answer for a group, with their shares. None for geolocation and IP-based groups without a match. */
  public choose(group: RecordGroup, trail: Trail): Leaf[] {
    const { depth } = trail;
    const input: PolicyInput = {
      group,
      isHealthy: (record) => this.view.record(record).healthy,
      seen: this.seen,
      measuredLatencies: this.view.measuredLatencies,
    };
    const choice = POLICIES[group.policy](input);
    const { picks, failOpen, rule, reason } = choice;
    if (group.records.length > 1) this.assume(choice.assumptions);
    if (failOpen) {
      this.failOpen = true;
      if (trail.fellOpen && group.records.length > 1) this.assume(['branchFallsOpen']);
    }
    this.assumeVerdicts(input, choice);
    this.noteVerdicts(group, depth);
    this.note(failOpen ? 'fall open' : 'choose', rule, depth, reason);
    return picks.flatMap(({ record, probability }) =>
      this.follow(record, {
        ...trail,
        probability: trail.probability * probability,
        healthy: trail.healthy && this.view.checkHealthy(record),
        fellOpen: trail.fellOpen || failOpen,
        via: [
          ...trail.via,
          { name: group.name, ...(record.set.SetIdentifier !== undefined && { setIdentifier: record.set.SetIdentifier }) },
        ],
      }),
    );
  }

  public assume(names: readonly DnsAssumptionName[]): void {
    names.forEach((name) => this.assumptions.add(name));
  }

  public note(step: string, rule: string, depth: number, detail: () => string): void {
    if (this.explain) this.steps.push({ step, rule: /^\d/.test(rule) ? `aws-facts ${rule}` : rule, detail: detail(), depth });
  }

  /** The assumptions behind verdicts that the choice rests on: of what was picked, and of what would change it if judged otherwise. */
  private assumeVerdicts(input: PolicyInput, choice: Choice): void {
    const { group } = input;
    const assumed = new Map<DnsAssumptionName, Set<IndexedRecord>>();
    for (const record of group.records) {
      for (const name of this.view.record(record).assumptions) assumed.set(name, (assumed.get(name) ?? new Set()).add(record));
    }
    for (const [name, records] of assumed) {
      const flips = [records, ...[...records].map((record) => new Set([record]))];
      const isHealthy = (flipped: ReadonlySet<IndexedRecord>) => (record: IndexedRecord) =>
        input.isHealthy(record) !== flipped.has(record);
      const matters =
        choice.picks.some(({ record }) => records.has(record)) ||
        flips.some((flipped) => !sameChoice(choice, POLICIES[group.policy]({ ...input, isHealthy: isHealthy(flipped) })));
      if (matters) this.assumptions.add(name);
    }
  }

  private noteVerdicts(group: RecordGroup, depth: number): void {
    for (const record of group.records) {
      const { healthy, rule, detail } = this.view.record(record);
      this.note('health', rule, depth, () => `${describeRecord(record)} is ${healthy ? 'healthy' : 'unhealthy'}: ${detail}`);
    }
  }

  private follow(record: IndexedRecord, trail: Trail): Leaf[] {
    const { alias } = record;
    if (alias === undefined) return [{ record, trail: { ...trail, ...longest(trail.ttl, record.set.TTL) } }];
    switch (alias.kind) {
      case 'missing':
        this.note(
          'follow alias',
          '16',
          trail.depth,
          () => `${record.label} leads to ${alias.dnsName}, which is not there: no answer`,
        );
        return [];
      case 'resource': {
        const target = this.view.target(alias);
        const { ttl, assumptions } = aliasTtl(alias.service);
        this.assume([...assumptions, ...target.assumptions]);
        if (record.set.AliasTarget?.EvaluateTargetHealth !== true && !target.healthy) {
          this.note(
            'follow alias',
            '1.2',
            trail.depth,
            () => `${record.label} does not evaluate its target, which is unhealthy: no way back from here`,
          );
        }
        return [{ record, trail: { ...trail, healthy: trail.healthy && target.healthy, ...longest(trail.ttl, ttl) } }];
      }
      case 'records':
        if (alias.group.looping) {
          this.note('follow alias', '1.4', trail.depth, () => `the aliases of ${alias.group.name} lead back to it: no answer`);
          return [];
        }
        this.note('follow alias', '1.4', trail.depth, () => `${record.label} leads to ${alias.group.name} ${alias.group.type}`);
        return this.choose(alias.group, { ...trail, depth: trail.depth + 1 });
    }
  }
}

function sameChoice(a: Choice, b: Choice): boolean {
  return (
    a.failOpen === b.failOpen &&
    a.picks.length === b.picks.length &&
    a.picks.every(
      ({ record, probability }, index) => b.picks[index]?.record === record && b.picks[index].probability === probability,
    )
  );
}

function longest(a: number | undefined, b: number | undefined): { readonly ttl?: number } {
  if (b === undefined) return {};
  return { ttl: Math.max(a ?? 0, b) };
}

/** `PRIMARY primary`, `eu-west-1 pool-euw1`, `weight 10 b`: what the policy looks at, then the identifier. */
function describeRecord({ set, label, group }: IndexedRecord): string {
  switch (group.policy) {
    case 'failover':
      return `${set.Failover ?? '?'} ${label}`;
    case 'weighted':
      return `weight ${set.Weight ?? 0} ${label}`;
    case 'latency':
      return `${set.Region ?? '?'} ${label}`;
    case 'geolocation': {
      const { ContinentCode, CountryCode, SubdivisionCode } = set.GeoLocation ?? {};
      return `${[ContinentCode, CountryCode, SubdivisionCode].filter((code) => code !== undefined).join('/')} ${label}`;
    }
    default:
      return label;
  }
}
