import { CALL_TIMEOUT_MS, type CallPlace, type Clock, type Guard, PortError } from '../../ports';
import type { Endpoint } from '../net/endpoint';
import { call } from '../net/rpc';
import type { LabPlan, RegionPlan, StampPlan } from '../plan/lab-plan';

/** Milliseconds that a read may take. A Region that is frozen does not answer at all. */
const READ_TIMEOUT_MS = 3000;

/** How adapters reach the parts of a lab: every call goes to a real process that may be gone. */
export class LabAccess {
  public constructor(
    public readonly plan: LabPlan,
    public readonly clock: Pick<Clock, 'monotonic'>,
  ) {}

  /** @throws PortError `not-found` */
  public region(name: string, place: CallPlace): RegionPlan {
    const found = this.plan.regions.find(({ region }) => region === name);
    if (found === undefined) throw new PortError('not-found', place, `the lab has no Region ${name}`);
    return found;
  }

  /** @throws PortError `not-found` */
  public stamp(id: string, place: CallPlace): StampPlan {
    const found = this.plan.stamps.find((stamp) => stamp.id === id);
    if (found === undefined) throw new PortError('not-found', place, `the lab has no stamp ${id}`);
    return found;
  }

  public read<T>(endpoint: Endpoint, name: string, parameters: unknown, place: CallPlace): Promise<T> {
    return call(endpoint, name, parameters, { timeoutMs: READ_TIMEOUT_MS, place });
  }

  /** A change: nothing is sent once the lease has run out. @throws PortError `lease-expired` */
  public change<T>(
    endpoint: Endpoint,
    name: string,
    parameters: unknown,
    place: CallPlace,
    guard: Pick<Guard, 'validUntil'>,
  ): Promise<T> {
    if (this.clock.monotonic() >= guard.validUntil)
      throw new PortError('lease-expired', place, 'the lease ran out before it was sent');
    return call(endpoint, name, parameters, { timeoutMs: CALL_TIMEOUT_MS, place });
  }
}
