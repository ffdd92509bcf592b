import { type Fault, type FaultCheck, type FaultKind, type FaultRequest, type Faults, FAULT_KINDS, PortError } from '../../ports';
import type { Processes } from '../host/processes';
import { type Handlers, call } from '../net/rpc';
import type { LabPlan } from '../plan/lab-plan';
import type { EventLog } from '../time/events';
import { dataDamage, diskFull, poisonMessages } from './data';
import type { FaultAction, FaultWorld } from './fault-actions';
import { azLoss, loss, writerLoss } from './losses';
import { checkerPartition, clientPartition, regionPartition, slowReplication } from './network';
import { badDeployment, healthLie, trafficSurge } from './service';

/** An operator's process belongs to whoever runs operations, not to the lab. */
export const LAB_FAULTS: readonly FaultKind[] = FAULT_KINDS.filter((kind) => kind !== 'operator-crash');

/** Milliseconds; a Region that comes back starts its processes. */
const TIMEOUT = 120_000;

const PLACE = { service: 'lab', region: '-', call: 'fault' };

/** Faults of one lab: what was started, and how each is seen and undone. */
export class FaultBook {
  private readonly faults: { fault: Fault; readonly action: FaultAction }[] = [];

  public constructor(
    private readonly plan: LabPlan,
    private readonly processes: Processes,
    private readonly events: EventLog,
  ) {}

  public handlers(): Handlers {
    return {
      'fault.start': (request: FaultRequest) => this.start(request),
      'fault.check': ({ id }: { id: string }) => this.find(id).action.check(),
      'fault.end': ({ id }: { id: string }) => this.end(id),
      'fault.list': () => this.faults.map(({ fault }) => fault),
    };
  }

  private async start(request: FaultRequest): Promise<Fault> {
    const same = this.faults.find(
      ({ fault }) => fault.endedAt === undefined && JSON.stringify(fault.request) === JSON.stringify(request),
    );
    if (same !== undefined) throw new PortError('invalid', PLACE, `${same.fault.id} does that already`);
    const id = `${request.kind}-${this.faults.length + 1}`;
    const action = actionOf({ plan: this.plan, processes: this.processes, id }, request);
    const fault: Fault = { id, request, startedAt: Date.now() };
    this.events.add('fault-started', id, JSON.stringify(request));
    await action.start();
    this.faults.push({ fault, action });
    return fault;
  }

  private async end(id: string): Promise<Fault> {
    const entry = this.find(id);
    if (entry.fault.endedAt !== undefined) return entry.fault;
    await entry.action.end();
    entry.fault = { ...entry.fault, endedAt: Date.now() };
    this.events.add('fault-ended', id, JSON.stringify(entry.fault.request));
    return entry.fault;
  }

  private find(id: string): { fault: Fault; readonly action: FaultAction } {
    const entry = this.faults.find(({ fault }) => fault.id === id);
    if (entry === undefined) throw new PortError('not-found', PLACE, `there was no fault ${id}`);
    return entry;
  }
}

function actionOf(world: FaultWorld, request: FaultRequest): FaultAction {
  switch (request.kind) {
    case 'stamp-loss':
    case 'region-loss':
      return loss(world, request);
    case 'az-loss':
      return azLoss(world, request);
    case 'writer-loss':
      return writerLoss(world, request);
    case 'region-partition':
      return regionPartition(world, request);
    case 'checker-partition':
      return checkerPartition(world, request);
    case 'client-partition':
      return clientPartition(world, request);
    case 'slow-replication':
      return slowReplication(world, request);
    case 'disk-full':
      return diskFull(world, request);
    case 'data-damage':
      return dataDamage(world, request);
    case 'poison-messages':
      return poisonMessages(world, request);
    case 'health-lie':
      return healthLie(world, request);
    case 'traffic-surge':
      return trafficSurge(world, request);
    case 'bad-deployment':
      return badDeployment(world, request);
    case 'operator-crash':
      throw new PortError('invalid', PLACE, 'the lab has no operator: whoever runs operations kills their process');
  }
}

/** The port, through the lab's control endpoint. */
export function labFaults({ control, token }: Pick<LabPlan, 'control' | 'token'>): Faults {
  const options = { token, timeoutMs: TIMEOUT, place: PLACE };
  return {
    kinds: LAB_FAULTS,
    start: (request) => call<Fault>(control, 'fault.start', request, options),
    check: (id) => call<FaultCheck>(control, 'fault.check', { id }, options),
    end: (id) => call<Fault>(control, 'fault.end', { id }, options),
    list: () => call<Fault[]>(control, 'fault.list', {}, options),
  };
}
