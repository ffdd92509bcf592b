import type { OperationPorts } from '../../lib/ports';

/** One call of a process to the outside. */
export interface PortCall {
  readonly port: string;
  readonly method: string;
  /** True when it may change something. */
  readonly mutates: boolean;
}

/** What stands between a process and its ports. Each may wait, throw, or never end. */
export interface Interposer {
  readonly before?: (call: PortCall) => Promise<void> | void;
  readonly after?: (call: PortCall) => Promise<void> | void;
}

const MUTATING: Readonly<Record<string, readonly string[]>> = {
  switches: ['write'],
  databases: ['switchover', 'failover', 'removeFromGlobal', 'createGlobal', 'addMember', 'addInstances', 'deleteRestored'],
  tables: ['addReplica', 'createStrong', 'copy', 'deleteRestored'],
  capacity: ['setBounds', 'roll'],
  queues: ['redrive', 'forward'],
  backups: ['start'],
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
        const what = { port, method, mutates: MUTATING[port]?.includes(method) === true };
        await interposer.before?.(what);
        const result = await call(...args);
        await interposer.after?.(what);
        return result;
      },
    ]);
    return [port, Object.fromEntries(methods)];
  });
  return Object.fromEntries(wrapped) as OperationPorts;
}

/** Ends a process at its n-th call: the call happens (`after`) or not (`before`), and nothing of the process ever goes on. */
export class Crash {
  public calls = 0;
  public crashed = false;

  public constructor(
    private readonly at: number,
    private readonly moment: 'before' | 'after',
    private readonly counts: (call: PortCall) => boolean = (call) => call.mutates,
  ) {}

  public readonly wrap = (ports: OperationPorts): OperationPorts =>
    interpose(ports, {
      before: (call) => {
        if (this.crashed) return never();
        if (!this.counts(call)) return undefined;
        this.calls += 1;
        if (this.calls !== this.at || this.moment !== 'before') return undefined;
        this.crashed = true;
        return never();
      },
      after: (call) => {
        if (this.crashed) return never();
        if (!this.counts(call) || this.calls !== this.at || this.moment !== 'after') return undefined;
        this.crashed = true;
        return never();
      },
    });
}

function never(): Promise<void> {
  return new Promise(() => undefined);
}
