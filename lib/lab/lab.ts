import type { WorkSample } from '../drill/measure/slowness';
import type { Faults, OperationPorts, Timeline, TimelineEvent, Workload } from '../ports';
import { type LabPortsOptions, labPorts } from './adapters/lab-ports';
import { labFaults } from './faults/fault-book';
import type { LabRecord } from './host/registry';
import type { LabStatus } from './host/supervisor';
import { call } from './net/rpc';
import type { LabPlan } from './plan/lab-plan';
import { labWorkload } from './workload/workload';

/** A running lab as others use it: from the process that supervises it, or from any other of the same user. */
export class Lab {
  public readonly faults: Faults;
  public readonly workload: Workload;
  public readonly timeline: Timeline;
  /** How long the same piece of work took on this machine, from a moment on. @throws PortError when it does not answer */
  public readonly gauge: (since: number) => Promise<readonly WorkSample[]>;

  private constructor(public readonly plan: LabPlan) {
    this.faults = labFaults(plan);
    this.workload = labWorkload(plan);
    this.gauge = (since) => call(plan.gauge, 'samples', { since }, { timeoutMs: 15_000 });
    this.timeline = { events: (since = 0) => this.ask<TimelineEvent[]>('events', { since }) };
  }

  public static of(plan: LabPlan): Lab {
    return new Lab(plan);
  }

  /** @throws PortError `unreachable` when it is gone */
  public static async attach({ control, token }: Pick<LabRecord, 'control' | 'token'>): Promise<Lab> {
    return new Lab(await call<LabPlan>(control, 'plan', {}, { token }));
  }

  /** The ports of the operations engine. */
  public ports(options: LabPortsOptions): OperationPorts {
    return labPorts(this.plan, options);
  }

  public status(): Promise<LabStatus> {
    return this.ask('status', {});
  }

  /** Asks the supervising process to end it; it does so after it has answered. */
  public down(): Promise<void> {
    return this.ask('down', {});
  }

  private ask<T>(name: string, parameters: unknown): Promise<T> {
    return call(this.plan.control, name, parameters, { token: this.plan.token, timeoutMs: 15_000 });
  }
}
