import { ASSUMPTIONS } from '../../facts/assumptions';
import type { HealthCheckConfig } from '../../assembly/route53-types';
import type { DnsAssumptionName } from './assumptions';
import { CHECKER_LOCATIONS, aggregateReports } from './check-reports';
import { describeCheck } from './describe-check';
import type { CheckState, CheckerReport, DnsState } from './types';

/** What Route 53 takes a health check for. */
export interface CheckVerdict {
  readonly healthy: boolean;
  /** Section of aws-facts. */
  readonly rule: string;
  /** One clause that says why, without the check's name. */
  readonly detail: string;
  readonly assumptions: readonly DnsAssumptionName[];
}

export interface CheckOptions {
  /** What to call checks, by id. Default: what they look at. */
  readonly checkNames?: ReadonlyMap<string, string>;
  /** Share of checkers that must be exceeded for healthy, from 0 to 1. Default: `checkerHealthyShare` of the assumptions, 0.18. */
  readonly healthyShare?: number;
}

/** Checks by id, such as `ZoneIndex.checks`. */
export type CheckTable = ReadonlyMap<string, HealthCheckConfig>;

/**
 * Status of one check at one moment (aws-facts 2): of its checkers, of its children, of its metric or routing control, inverted,
 * disabled or without data yet. A check that nobody says anything about is as it should be: healthy.
 */
export function checkStatus(id: string, checks: CheckTable, state: DnsState = {}, options: CheckOptions = {}): CheckVerdict {
  return new CheckStatuses(checks, state, options).of(id);
}

/** {@link checkStatus} for many checks of one moment: each is evaluated once. */
export class CheckStatuses {
  private readonly known = new Map<string, CheckVerdict>();
  private readonly healthyShare: number;
  private readonly partitioned: boolean;
  private readonly checkNames: ReadonlyMap<string, string>;

  public constructor(
    private readonly checks: CheckTable,
    private readonly state: DnsState,
    { healthyShare, checkNames }: CheckOptions = {},
  ) {
    this.checkNames = checkNames ?? new Map<string, string>();
    this.healthyShare = healthyShare ?? ASSUMPTIONS.checkerHealthyShare.typical;
    this.partitioned = (state.blindCheckers?.length ?? 0) + (state.lostCheckers?.length ?? 0) > 0;
  }

  /** The check in a few words. */
  public describe(id: string): string {
    return describeCheck(id, this.checks.get(id), this.checkNames.get(id));
  }

  public of(id: string): CheckVerdict {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const verdict = this.evaluate(id);
    this.known.set(id, verdict);
    return verdict;
  }

  private evaluate(id: string): CheckVerdict {
    const config = this.checks.get(id);
    const state = stateOf(this.state.checks, id);
    if (config === undefined) return unknownCheck(state);
    const inverted = config.Inverted === true;
    if (config.Disabled === true || state?.kind === 'disabled') {
      const detail = inverted
        ? 'disabled and inverted, so unhealthy whatever its endpoint does'
        : 'disabled, so healthy whatever its endpoint does';
      return { healthy: !inverted, rule: '2.4', detail, assumptions: inverted ? ['disabledInverted'] : [] };
    }
    if (state?.kind === 'status') {
      return {
        healthy: state.healthy,
        rule: 'given',
        detail: `taken as ${state.healthy ? 'healthy' : 'unhealthy'}`,
        assumptions: [],
      };
    }
    switch (config.Type) {
      case 'CALCULATED':
        return invertedVerdict(this.calculated(config), inverted);
      case 'CLOUDWATCH_METRIC':
        return state === undefined ? AS_IT_SHOULD_BE : metricStatus(config, state);
      case 'RECOVERY_CONTROL': {
        if (state === undefined) return AS_IT_SHOULD_BE;
        const on = state.kind === 'routing-control' ? state.on : state.kind === 'endpoint' ? state.passes : !inverted;
        return invertedVerdict(
          { healthy: on, rule: '2.1', detail: `routing control is ${on ? 'On' : 'Off'}`, assumptions: [] },
          inverted,
        );
      }
      default:
        return this.endpoint(config, state, inverted);
    }
  }

  /** Children that are calculated themselves are refused by Route 53, so they count as unhealthy here. */
  private calculated(config: HealthCheckConfig): CheckVerdict {
    const children = config.ChildHealthChecks ?? [];
    const threshold = config.HealthThreshold ?? children.length;
    if (threshold === 0) return { healthy: true, rule: '2.6', detail: 'threshold 0 is always healthy', assumptions: [] };
    const verdicts = children.map((child) => (this.checks.get(child)?.Type === 'CALCULATED' ? NESTED : this.of(child)));
    const failing = children.flatMap((child, index) => {
      const verdict = verdicts[index];
      return verdict === undefined || verdict.healthy ? [] : [`${this.describe(child)}: ${verdict.detail}`];
    });
    const healthy = children.length - failing.length;
    const isHealthy = healthy >= threshold;
    // Children whose verdict is assumed matter when the threshold is missed, or reached, without them.
    const assumed = verdicts.filter((verdict) => verdict.healthy === isHealthy && verdict.assumptions.length > 0);
    const matters = isHealthy ? healthy - assumed.length < threshold : healthy + assumed.length >= threshold;
    const counts = `${healthy} of ${children.length} checks healthy, ${threshold} needed`;
    return {
      healthy: isHealthy,
      rule: '2.6',
      detail: failing.length === 0 ? counts : `${counts} (unhealthy: ${failing.join('; ')})`,
      assumptions: matters ? [...new Set(assumed.flatMap(({ assumptions }) => assumptions))] : [],
    };
  }

  private endpoint(config: HealthCheckConfig, state: CheckState | undefined, inverted: boolean): CheckVerdict {
    if (state?.kind === 'no-data') {
      return invertedVerdict({ healthy: true, rule: '2.3', detail: 'not enough data yet', assumptions: [] }, inverted);
    }
    if (state === undefined && !this.partitioned) return AS_IT_SHOULD_BE;
    const passes = state?.kind === 'endpoint' ? state.passes : !inverted;
    const single = state?.kind !== 'checkers';
    if (single && !this.partitioned) {
      return invertedVerdict({ healthy: passes, rule: '2.3', detail: endpointDetail(config, passes), assumptions: [] }, inverted);
    }
    const locations = config.Regions ?? CHECKER_LOCATIONS;
    const reports = single
      ? locations.map((location): CheckerReport => ({ location, verdict: passes ? 'pass' : 'fail' }))
      : state.reports.filter(({ location }) => config.Regions === undefined || locations.includes(location));
    const seen = reports.map((report) => this.throughPartition(report));
    const aggregate = aggregateReports(seen, this.healthyShare, inverted);
    const mixed = new Set(seen.map(({ verdict }) => verdict)).size > 1;
    const assumptions: DnsAssumptionName[] = [...aggregate.assumptions, ...(single && mixed ? (['checkersEqual'] as const) : [])];
    return invertedVerdict({ healthy: aggregate.passes, rule: '2.3', detail: aggregate.detail, assumptions }, inverted);
  }

  private throughPartition(report: CheckerReport): CheckerReport {
    if (this.state.lostCheckers?.includes(report.location) === true) return { ...report, verdict: 'lost' };
    if (report.verdict === 'pass' && this.state.blindCheckers?.includes(report.location) === true)
      return { ...report, verdict: 'fail' };
    return report;
  }
}

const AS_IT_SHOULD_BE: CheckVerdict = {
  healthy: true,
  rule: '2.3',
  detail: 'healthy, as nothing says otherwise',
  assumptions: [],
};

const NESTED: CheckVerdict = {
  healthy: false,
  rule: '2.6',
  detail: 'a calculated check cannot be a child',
  assumptions: [],
};

function stateOf(states: DnsState['checks'], id: string): CheckState | undefined {
  return states !== undefined && Object.hasOwn(states, id) ? states[id] : undefined;
}

function unknownCheck(state: CheckState | undefined): CheckVerdict {
  if (state?.kind === 'status' || state?.kind === 'endpoint') {
    const healthy = state.kind === 'status' ? state.healthy : state.passes;
    return { healthy, rule: 'given', detail: `taken as ${healthy ? 'healthy' : 'unhealthy'}`, assumptions: [] };
  }
  return { healthy: true, rule: '1.2', detail: 'not given, so taken as healthy', assumptions: ['checkNotGiven'] };
}

function invertedVerdict(verdict: CheckVerdict, inverted: boolean): CheckVerdict {
  if (!inverted) return verdict;
  const healthy = !verdict.healthy;
  return { ...verdict, healthy, rule: '2.4', detail: `${verdict.detail}; inverted, so ${healthy ? 'healthy' : 'unhealthy'}` };
}

function endpointDetail({ Type, SearchString }: HealthCheckConfig, passes: boolean): string {
  if (Type === 'TCP') return passes ? 'accepts connections' : 'accepts no connection';
  if (Type.endsWith('_STR_MATCH')) return `${SearchString ?? ''} ${passes ? 'found' : 'not found'}`;
  return passes ? 'answers 2xx or 3xx' : 'fails';
}

/** A check on an alarm follows the alarm's data, never the alarm's state (aws-facts 2.5). */
function metricStatus(config: HealthCheckConfig, state: CheckState | undefined): CheckVerdict {
  const inverted = config.Inverted === true;
  const asItShould = inverted ? 'breaching' : 'ok';
  const data = dataOf(state) ?? asItShould;
  if (data !== 'insufficient') {
    const alarmState =
      state?.kind === 'metric' && state.alarmState !== undefined
        ? `; the alarm’s own state ${state.alarmState} counts for nothing`
        : '';
    const detail = `the metric ${data === 'ok' ? 'does not breach' : 'breaches'} the alarm’s threshold${alarmState}`;
    return invertedVerdict({ healthy: data === 'ok', rule: '2.5', detail, assumptions: [] }, inverted);
  }
  const assumptions: DnsAssumptionName[] = inverted ? ['insufficientDataInverted'] : [];
  const meaning = config.InsufficientDataHealthStatus;
  if (meaning === undefined) assumptions.push('insufficientDataDefault');
  if (meaning === 'Healthy' || meaning === 'Unhealthy') {
    return { healthy: meaning === 'Healthy', rule: '2.5', detail: `insufficient data means ${meaning}`, assumptions };
  }
  const lastKnown = state?.kind === 'metric' ? state.lastKnown : undefined;
  const healthy = lastKnown ?? !inverted;
  const detail =
    lastKnown === undefined ? 'insufficient data, and no last known status' : 'insufficient data means LastKnownStatus';
  return { healthy, rule: '2.5', detail: `${detail}: ${healthy ? 'healthy' : 'unhealthy'}`, assumptions };
}

function dataOf(state: CheckState | undefined): 'ok' | 'breaching' | 'insufficient' | undefined {
  switch (state?.kind) {
    case 'metric':
      return state.data;
    case 'endpoint':
      return state.passes ? 'ok' : 'breaching';
    case 'no-data':
      return 'insufficient';
    default:
      return undefined;
  }
}
