import type { LeaseRecord } from '../../lib/operations/lease/lease-record';
import type { OperationPorts } from '../../lib/ports';

/** One call of a process to the outside. */
export interface PortCall {
  readonly port: string;
  readonly method: string;
  /** True when it may change something. */
  readonly mutates: boolean;
  /** True for the heartbeat of a lease: there are many, and each is like the last. */
  readonly heartbeat: boolean;
}

/** What stands between a process and its ports. Each may wait, throw, or never end. */
export interface Interposer {
  readonly before?: (call: PortCall) => Promise<void> | void;
  readonly after?: (call: PortCall) => Promise<void> | void;
  /** The call was answered with an error, or not at all. */
  readonly failed?: (call: PortCall) => Promise<void> | void;
}

const MUTATING: Readonly<Record<string, readonly string[]>> = {
  switches: ['write'],
  databases: ['switchover', 'failover', 'removeFromGlobal', 'createGlobal', 'addMember', 'addInstances', 'deleteRestored'],
  tables: ['addReplica', 'createStrong', 'copy', 'deleteRestored'],
  capacity: ['setBounds', 'roll'],
  queues: ['redrive', 'forward'],
  backups: ['start', 'cover'],
  validations: ['run'],
  pointers: ['write'],
  controlTable: ['put'],
  localJournal: ['append'],
};
const LEFT_OUT = new Set(['clock', 'sha256', 'reporter']);

/** The same ports, with somebody in between. */
export function interpose(ports: OperationPorts, interposer: Interposer): OperationPorts {
  const wrapped = Object.entries(ports).map(([port, value]: [string, unknown]) => {
    if (LEFT_OUT.has(port)) return [port, value];
    const methods = Object.entries(value as Record<string, (...args: unknown[]) => Promise<unknown>>).map(([method, call]) => [
      method,
      async (...args: unknown[]): Promise<unknown> => {
        const what = {
          port,
          method,
          mutates: MUTATING[port]?.includes(method) === true,
          heartbeat: isHeartbeat(port, method, args),
        };
        await interposer.before?.(what);
        let result: unknown;
        try {
          result = await call(...args);
        } catch (error) {
          await interposer.failed?.(what);
          throw error;
        }
        await interposer.after?.(what);
        return result;
      },
    ]);
    return [port, Object.fromEntries(methods)];
  });
  return Object.fromEntries(wrapped) as OperationPorts;
}

function isHeartbeat(port: string, method: string, args: readonly unknown[]): boolean {
  if (port !== 'controlTable' || method !== 'put') return false;
  const body = (args[1] as { readonly body: Partial<LeaseRecord> }).body;
  return body.state === 'held' && (body.beat ?? 0) > 0;
}

/** Ends a process at its n-th call: the call is answered, be it with an error (`after`), or not made (`before`), and nothing of the process ever goes on. */
export class Crash {
  public calls = 0;
  public crashed = false;
  private readonly numbers = new WeakMap<PortCall, number>();

  public constructor(
    private readonly at: number,
    private readonly moment: 'before' | 'after',
    private readonly counts: (call: PortCall) => boolean = (call) => call.mutates && !call.heartbeat,
  ) {}

  public readonly wrap = (ports: OperationPorts): OperationPorts => {
    const over = (call: PortCall): Promise<void> | undefined => {
      if (this.crashed) return never();
      if (this.numbers.get(call) !== this.at || this.moment !== 'after') return undefined;
      this.crashed = true;
      return never();
    };
    return interpose(ports, {
      before: (call) => {
        if (this.crashed) return never();
        if (!this.counts(call)) return undefined;
        this.calls += 1;
        this.numbers.set(call, this.calls);
        if (this.calls !== this.at || this.moment !== 'before') return undefined;
        this.crashed = true;
        return never();
      },
      after: over,
      failed: over,
    });
  };
}

function never(): Promise<void> {
  return new Promise(() => undefined);
}
