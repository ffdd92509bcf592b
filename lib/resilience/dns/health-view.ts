import type { DnsAssumptionName } from './assumptions';
import { type TargetVerdict, targetVerdict } from './alias-target';
import { type CheckOptions, CheckStatuses } from './check-status';
import type { MeasuredLatencies } from './latency';
import { canonicalName } from './names';
import type { DnsState, TargetState } from './types';
import type { AliasEnd, IndexedRecord, RecordGroup, ZoneIndex } from './zone-index';

/** Whether Route 53 takes a record for healthy, and why. */
export interface RecordVerdict {
  readonly healthy: boolean;
  /** Section of aws-facts. */
  readonly rule: string;
  readonly detail: string;
  readonly assumptions: readonly DnsAssumptionName[];
}

export interface ViewOptions extends CheckOptions {
  /** Default: none, so latency is estimated by distance. */
  readonly measuredLatencies?: MeasuredLatencies;
}

const UNCHECKED: RecordVerdict = { healthy: true, rule: '1.2', detail: 'no health check, so always healthy', assumptions: [] };
const NOT_EVALUATED: RecordVerdict = {
  healthy: true,
  rule: '1.2',
  detail: 'neither a health check nor EvaluateTargetHealth, so always healthy',
  assumptions: [],
};

/**
 * A zone at one moment: what is healthy in it. Every record, check and target is judged once, so one view serves any number of
 * questions about that moment.
 */
export class HealthView {
  public readonly measuredLatencies: MeasuredLatencies;
  private readonly checks: CheckStatuses;
  private readonly targets: ReadonlyMap<string, TargetState>;
  private readonly records = new Map<IndexedRecord, RecordVerdict>();
  private readonly groups = new Map<RecordGroup, RecordVerdict>();

  public constructor(
    public readonly index: ZoneIndex,
    state: DnsState = {},
    options: ViewOptions = {},
  ) {
    this.checks = new CheckStatuses(index.checks, state, { checkNames: index.checkNames, ...options });
    this.measuredLatencies = options.measuredLatencies ?? {};
    this.targets = new Map(Object.entries(state.targets ?? {}).map(([name, target]) => [targetKey(name), target]));
  }

  /** Health of one record by the decision table of aws-facts 1.2. */
  public record(record: IndexedRecord): RecordVerdict {
    const known = this.records.get(record);
    if (known !== undefined) return known;
    const verdict = this.judge(record);
    this.records.set(record, verdict);
    return verdict;
  }

  /** Health of the resource behind an alias, whether Route 53 looks at it or not. */
  public target(end: Extract<AliasEnd, { kind: 'resource' }>): TargetVerdict {
    return targetVerdict(end.service, this.targets.get(targetKey(end.dnsName)));
  }

  /** Whether the record's own health check is healthy; true without one. */
  public checkHealthy({ set }: IndexedRecord): boolean {
    return set.HealthCheckId === undefined || this.checks.of(set.HealthCheckId).healthy;
  }

  private judge({ set, alias }: IndexedRecord): RecordVerdict {
    const evaluates = alias !== undefined && set.AliasTarget?.EvaluateTargetHealth === true;
    const check = set.HealthCheckId === undefined ? undefined : this.check(set.HealthCheckId);
    if (!evaluates) {
      if (check === undefined) return alias === undefined ? UNCHECKED : NOT_EVALUATED;
      if (alias === undefined || check.healthy) return check;
      // Read otherwise, the record would be healthy.
      return { ...check, assumptions: [...check.assumptions, 'aliasCheckWithoutEvaluation'] };
    }
    const target = this.end(alias);
    if (check === undefined) return target;
    const parts = [check, target];
    const broken = parts.filter(({ healthy }) => !healthy);
    return {
      healthy: broken.length === 0,
      rule: '1.2',
      detail: (broken.length === 0 ? parts : broken).map(({ detail }) => detail).join('; '),
      // One part that is surely broken settles it.
      assumptions: broken.some(({ assumptions }) => assumptions.length === 0)
        ? []
        : (broken.length === 0 ? parts : broken).flatMap(({ assumptions }) => assumptions),
    };
  }

  private check(id: string): RecordVerdict {
    const { healthy, rule, detail, assumptions } = this.checks.of(id);
    return { healthy, rule, detail: `${this.checks.describe(id)}: ${detail}`, assumptions };
  }

  private end(end: AliasEnd): RecordVerdict {
    switch (end.kind) {
      case 'records':
        return this.anyOf(end.group);
      case 'resource':
        return this.target(end);
      case 'missing':
        return { healthy: false, rule: '16', detail: `there is no record ${end.dnsName}`, assumptions: [] };
    }
  }

  /** An alias to records is healthy when at least one of them is; they do not fall open here (aws-facts 1.2, 1.4). */
  private anyOf(group: RecordGroup): RecordVerdict {
    const known = this.groups.get(group);
    if (known !== undefined) return known;
    const verdict: RecordVerdict = group.looping
      ? { healthy: false, rule: '1.4', detail: `the aliases of ${group.name} lead back to it`, assumptions: [] }
      : this.judgeGroup(group);
    this.groups.set(group, verdict);
    return verdict;
  }

  private judgeGroup(group: RecordGroup): RecordVerdict {
    const verdicts = group.records.map((record) => ({ record, verdict: this.record(record) }));
    const healthy = verdicts.filter(({ verdict }) => verdict.healthy);
    const assumptions = new Set<DnsAssumptionName>();
    // One record that is surely healthy settles it.
    const settled = healthy.some(({ verdict }) => verdict.assumptions.length === 0);
    for (const { verdict } of settled ? [] : healthy.length > 0 ? healthy : verdicts)
      verdict.assumptions.forEach((name) => assumptions.add(name));
    const mixed = healthy.length > 0 && healthy.length < verdicts.length;
    if (group.policy === 'failover' && mixed) assumptions.add('aliasToFailoverPair');
    if (group.policy === 'weighted' && mixed && healthy.every(({ record }) => record.set.Weight === 0))
      assumptions.add('aliasToZeroWeights');
    const [only] = verdicts;
    const detail =
      verdicts.length === 1 && only !== undefined
        ? `${group.name}: ${only.verdict.detail}`
        : `${healthy.length} of ${verdicts.length} records of ${group.name} healthy`;
    return { healthy: healthy.length > 0, rule: '1.2', detail, assumptions: [...assumptions] };
  }
}

/** Aliases name a load balancer with or without `dualstack.` before its name. */
function targetKey(name: string): string {
  return canonicalName(name).replace(/^dualstack\./, '');
}
