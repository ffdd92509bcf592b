import {
  type Clock,
  type Fault,
  type FaultCheck,
  FAULT_KINDS,
  type FaultRequest,
  type Faults,
  isPortError,
  PortError,
  type Probes,
} from '../../ports';
import type { Fleet } from '../../topology/types';
import { viewOf, stampRef } from '../../operations/group-view';
import { lostStamps } from '../run/requests';
import { instructions } from './fis-action';

/** Tells a person what to do, and ends when they say that it is done; false: they will not do it. */
export type Announce = (text: string) => Promise<boolean>;

export interface ManualFaultsOptions {
  readonly fleet: Fleet;
  readonly group: string;
  readonly probes: Probes;
  readonly clock: Clock;
  readonly announce: Announce;
}

/**
 * Faults on AWS: the kit breaks nothing there itself. It announces what is to be done, waits, and looks by read-only probes whether it took
 * hold. Where probes cannot see it, the person's word counts, and the evidence says so.
 */
export class ManualFaults implements Faults {
  public readonly kinds = FAULT_KINDS.filter((kind) => kind !== 'operator-crash');
  private readonly all: Fault[] = [];

  public constructor(private readonly options: ManualFaultsOptions) {}

  public async start(request: FaultRequest): Promise<Fault> {
    const { announce, clock } = this.options;
    const place = { service: 'drill', region: '-', call: request.kind };
    const from = clock.now();
    if (!(await announce(instructions(request).start))) throw new PortError('denied', place, 'nobody made the fault');
    // It took hold somewhere between being asked for and being reported: the earlier moment makes times longer, never shorter.
    const fault = { id: `manual-${this.all.length + 1}`, request, startedAt: from };
    this.all.push(fault);
    return fault;
  }

  public async check(id: string): Promise<FaultCheck> {
    const { request } = this.find(id);
    const { fleet, group, probes } = this.options;
    const lost = lostStamps(fleet, group, request);
    if (lost.length === 0) return { holds: true, evidence: 'as the person says who made it; no probe can see it' };
    const view = viewOf(fleet, group);
    for (const stamp of view.group.stamps.filter((each) => lost.includes(each.id))) {
      try {
        const { httpStatus } = await probes.direct(stampRef(view.group, stamp));
        if (httpStatus < 500) return { holds: false, evidence: `${stamp.id} still answers ${httpStatus}` };
      } catch (error) {
        if (!isPortError(error)) throw error;
      }
    }
    return { holds: true, evidence: `${lost.join(', ')} does not answer from outside` };
  }

  public async end(id: string): Promise<Fault> {
    const fault = this.find(id);
    if (fault.endedAt !== undefined) return fault;
    const { announce, clock } = this.options;
    const place = { service: 'drill', region: '-', call: fault.request.kind };
    if (!(await announce(instructions(fault.request).end))) throw new PortError('denied', place, 'nobody ended the fault');
    const ended = { ...fault, endedAt: clock.now() };
    this.all[this.all.indexOf(fault)] = ended;
    return ended;
  }

  public list(): Promise<readonly Fault[]> {
    return Promise.resolve(this.all);
  }

  private find(id: string): Fault {
    const found = this.all.find((fault) => fault.id === id);
    if (found === undefined) throw new PortError('not-found', { service: 'drill', region: '-', call: 'fault' }, id);
    return found;
  }
}
