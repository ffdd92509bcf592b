import type { HealthCheck } from '../../assembly/route53-types';
import type { AssumptionName } from '../../facts/assumptions';
import { LOAD_BALANCER_ALIAS_TTL } from '../../facts/health-check-timing';
import type { Assumed } from '../assumed';
import type { Step } from '../bounds/types';
import { stampMark } from '../model/names';
import type { GroupModel, TargetCheckModel } from '../model/types';
import { stampAt } from './world';

/**
 * Every step that a bound may have, made from the values of a template and the table of assumptions. Names are contracts. The same step
 * is the same object every time.
 */
export class Steps {
  private readonly made = new Map<string, Step>();
  private readonly seen = new Map<string, Step | undefined>();

  public constructor(
    private readonly model: GroupModel,
    private readonly assumed: Assumed,
  ) {}

  /** Until the check of a stamp has turned; undefined when no check looks at it. */
  public detection(stamps: readonly number[], after: readonly string[] = [], name = 'detection'): Step | undefined {
    const key = `${name} ${stamps.join()} ${after.join()}`;
    if (!this.seen.has(key)) this.seen.set(key, this.detectionOf(stamps, after, name));
    return this.seen.get(key);
  }

  private detectionOf(stamps: readonly number[], after: readonly string[], name: string): Step | undefined {
    const found = stamps.map((stamp) => this.checkOf(stamp)).filter((check) => check !== undefined);
    if (found.length < stamps.length || found.length === 0) return undefined;
    return this.checkStep(name, slowest(found.map((check) => this.checkTime(check))), after);
  }

  /** Until the switch checks of a stamp have turned, after its switch was written. */
  public switchDetection(after: readonly string[]): Step {
    return this.once(`switch-detection ${after.join()}`, () => {
      const { checks, meanings } = this.model.dns;
      const found = checks.filter(({ Id }) => meanings[Id]?.kind === 'switch');
      return this.checkStep('switch-detection', slowest(found.map((check) => this.checkTime(check))), after);
    });
  }

  public propagation(after: readonly string[], name = 'propagation'): Step {
    return this.assumption(name, 'propagation', 'statusPropagation', after);
  }

  public ttl(seconds: number | undefined, after: readonly string[], name = 'ttl'): Step {
    const ttl = seconds ?? LOAD_BALANCER_ALIAS_TTL;
    const because = seconds === undefined ? 'resolvers keep the answer; nothing says how long' : 'resolvers keep the answer';
    return this.fixed({ name, kind: 'ttl', seconds: ttl, because, source: 'aws-facts 1.6', after });
  }

  /** Clients that keep what they have: longer while the load balancer that they are connected to lives on. */
  public client(left: readonly number[], after: readonly string[], name = 'client'): Step {
    const reuse = this.assumption(name, 'client', 'clientReuse', after);
    const keepAlive = this.assumed.played(Math.max(0, ...left.map((stamp) => stampAt(this.model, stamp).clientKeepAlive)));
    if (keepAlive <= reuse.pessimistic) return reuse;
    return this.once(`${name} ${keepAlive} ${after.join()}`, () => ({
      ...reuse,
      pessimistic: keepAlive,
      because: `a living load balancer keeps connections for ${keepAlive} s`,
      source: 'template: client_keep_alive',
    }));
  }

  public grace(): Step {
    const seconds = this.model.writerGrace;
    return this.fixed({
      name: 'writer-grace',
      kind: 'detection',
      seconds,
      because: 'a silent database only warns for that long',
      source: 'failover.writerGrace',
      after: [],
    });
  }

  /** Until a load balancer stops sending to targets that are gone. */
  public targetDetection(stamp: number, name = 'target-detection'): Step {
    const check = stampAt(this.model, stamp).targetGroup ?? { interval: 30, timeout: 5, unhealthyThreshold: 2 };
    const seconds = targetSeconds(check);
    return this.fixed({
      name,
      kind: 'detection',
      seconds,
      because: `${check.unhealthyThreshold} x ${check.interval} s + ${check.timeout} s: target checks of ${stampMark(stamp)}`,
      source: 'aws-facts 10.2',
      after: [],
    });
  }

  public elbSync(after: readonly string[]): Step {
    return this.assumption('elb-status', 'propagation', 'elbStatusSync', after);
  }

  /** Until clients no longer turn to the load balancer's addresses in a lost zone. */
  public zoneRemoval(): readonly Step[] {
    return [
      this.assumption('zone-removal', 'detection', 'elbZoneRemoval', []),
      this.fixed({
        name: 'zone-ttl',
        kind: 'ttl',
        seconds: LOAD_BALANCER_ALIAS_TTL,
        because: 'resolvers keep the addresses of a load balancer',
        source: 'aws-facts 1.6',
        after: ['zone-removal'],
      }),
      this.assumption('zone-client', 'client', 'clientReuse', ['zone-ttl']),
    ];
  }

  /** A step made of one assumption; the same one every time. */
  public assumption(
    name: string,
    kind: Step['kind'],
    assumption: AssumptionName,
    after: readonly string[],
    because?: string,
  ): Step {
    return this.once(`${name} ${assumption} ${after.join()}`, () =>
      this.assumed.step({ name, kind, assumption, after, ...(because !== undefined && { because }) }),
    );
  }

  /** A step of a value that a template says. */
  public fixed({ name, kind, seconds: written, because, source, after }: FixedTerm): Step {
    return this.once(`${name} ${written} ${because} ${source} ${after.join()}`, () => {
      const seconds = this.assumed.played(written);
      const lab = this.assumed.lab();
      return { name, kind, because, source, after, typical: seconds, pessimistic: seconds, assumptions: [], ...lab };
    });
  }

  private once(key: string, make: () => Step): Step {
    let step = this.made.get(key);
    if (step === undefined) {
      step = make();
      this.made.set(key, step);
    }
    return step;
  }

  /** The check that sees a stamp fail soonest; undefined when none does. */
  private checkOf(stamp: number): HealthCheck | undefined {
    const { checks, meanings } = this.model.dns;
    const own = checks.filter(({ Id }) => {
      const meaning = meanings[Id];
      return meaning?.kind === 'stamp' && meaning.stamp === stamp && !meaning.blocked;
    });
    return own.reduce<HealthCheck | undefined>(
      (best, check) =>
        best === undefined || this.checkTime(check).pessimistic < this.checkTime(best).pessimistic ? check : best,
      undefined,
    );
  }

  /** aws-facts 10.2: threshold x (interval + timeout). */
  private checkTime({ HealthCheckConfig: config }: HealthCheck): CheckTime {
    const interval = this.assumed.played(config.RequestInterval ?? 30);
    const threshold = config.FailureThreshold ?? 3;
    const assumption: AssumptionName = config.Type.endsWith('_STR_MATCH') ? 'checkerTimeoutStringMatch' : 'checkerTimeoutHttps';
    const timeout = this.assumed.of(assumption);
    const extra = config.Type === 'TCP' ? 4 : 0;
    return {
      intervals: threshold * interval,
      typical: threshold * (interval + timeout.typical + extra),
      pessimistic: threshold * (interval + timeout.pessimistic + extra),
      because: `${threshold} x (${interval} s + ${Number((timeout.pessimistic + extra).toFixed(2))} s)`,
      assumption,
    };
  }

  private checkStep(name: string, time: CheckTime, after: readonly string[]): Step {
    const { typical, pessimistic, because, assumption, intervals } = time;
    const lab = this.assumed.lab(assumption);
    return {
      name,
      kind: 'detection',
      typical,
      pessimistic,
      because,
      source: 'aws-facts 10.2',
      assumptions: [assumption],
      after,
      ...lab,
      ...(lab.lab === 'real' && { labEmulated: intervals }),
    };
  }
}

interface FixedTerm {
  readonly name: string;
  readonly kind: Step['kind'];
  readonly seconds: number;
  readonly because: string;
  readonly source: string;
  readonly after: readonly string[];
}

interface CheckTime {
  /** Seconds between the probes; the rest are time-outs. */
  readonly intervals: number;
  readonly typical: number;
  readonly pessimistic: number;
  readonly because: string;
  readonly assumption: AssumptionName;
}

function slowest(times: readonly CheckTime[]): CheckTime {
  const nothing: CheckTime = { intervals: 0, typical: 0, pessimistic: 0, because: 'no check', assumption: 'checkerTimeoutHttps' };
  return times.reduce((worst, time) => (time.pessimistic > worst.pessimistic ? time : worst), times[0] ?? nothing);
}

function targetSeconds({ interval, timeout, unhealthyThreshold }: TargetCheckModel): number {
  return interval * unhealthyThreshold + timeout;
}
