import { LAB_ASSUMPTIONS } from '../../facts/lab-assumptions';
import {
  type CheckState,
  type CheckerReport,
  type DnsState,
  HealthView,
  type Resolution,
  type TargetState,
  type ZoneIndex,
  answer,
  canonicalName,
  checkStatus,
  indexZone,
} from '../../resilience/dns';
import type { ZoneInput } from '../../resilience/dns';
import type { LabTime } from '../time/lab-time';
import { type Random, draw } from '../time/random';

/**
 * What the DNS servers know: reports of checkers and states of load balancers, each as late as its propagation. Answers come from the same model
 * that the proof uses.
 */
export class ZoneState {
  private readonly index: ZoneIndex;
  private readonly reports = new Map<string, Map<string, CheckerReport['verdict']>>();
  private readonly targets = new Map<string, TargetState>();
  private view: HealthView | undefined;

  public constructor(
    zones: ZoneInput,
    private readonly time: LabTime,
    private readonly random: Random,
    /** Checkers that one location stands for. */
    private readonly checkersPerLocation: number,
    private readonly onChange: () => void,
  ) {
    this.index = indexZone(zones);
  }

  /** Takes a verdict of a location at once: what is known before the lab begins. */
  public know(check: string, location: string, verdict: CheckerReport['verdict']): void {
    const known = this.reports.get(check) ?? new Map<string, CheckerReport['verdict']>();
    known.set(location, verdict);
    this.reports.set(check, known);
    this.view = undefined;
  }

  /** A verdict on its way: DNS servers hear of it after the propagation of the status (aws-facts 2.3). */
  public report(check: string, location: string, verdict: CheckerReport['verdict']): void {
    setTimeout(
      () => {
        this.know(check, location, verdict);
        this.onChange();
      },
      this.time.ms(draw(this.random, LAB_ASSUMPTIONS.statusPropagation)),
    );
  }

  /** State of a load balancer, as it arrives. */
  public target(dnsName: string, state: TargetState): void {
    if (JSON.stringify(this.targets.get(dnsName)) === JSON.stringify(state)) return;
    this.targets.set(dnsName, state);
    this.view = undefined;
    this.onChange();
  }

  /** Whether a check is healthy by what the DNS servers know. */
  public healthy(check: string): boolean {
    return checkStatus(check, this.index.checks, this.state()).healthy;
  }

  /** What is answered to a client in or near an AWS Region. */
  public resolve(name: string, type: string, region: string): Resolution {
    this.view ??= new HealthView(this.index, this.state());
    return answer(this.view, { name: canonicalName(name), type, client: { region, ednsSubnet: true } }, { explain: false });
  }

  private state(): DnsState {
    const checks = [...this.reports].map(([id, locations]): [string, CheckState] => [
      id,
      {
        kind: 'checkers',
        reports: [...locations].map(([location, verdict]) => ({ location, verdict, checkers: this.checkersPerLocation })),
      },
    ]);
    return { checks: Object.fromEntries(checks), targets: Object.fromEntries(this.targets) };
  }
}
