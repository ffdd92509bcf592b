import type { OperationEvent, OperationPorts } from '../../ports';
import type { GroupView } from '../group-view';
import type { Hold } from '../lease/hold';
import type { Plan } from '../plan';

/** What every part of a run shares. */
export interface RunContext {
  readonly ports: OperationPorts;
  readonly view: GroupView;
  readonly plan: Plan;
  readonly operation: string;
  readonly hold: Hold;
  /** Set when the operator stopped at once, or the lease is lost: nothing may be started any more. */
  readonly stopped: () => boolean;
}

/** Tells the reporter, with the clock's time. */
export function report(ports: Pick<OperationPorts, 'clock' | 'reporter'>, event: Omit<OperationEvent, 'time'>): void {
  ports.reporter.event({ time: new Date(ports.clock.now()).toISOString(), ...event });
}
