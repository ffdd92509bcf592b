import { CancellationSource } from '../../operations/execute/cancellation';
import type { Identity } from '../../operations/execute/execute';
import type { OperationReport } from '../../operations/execute/operation-report';
import { resume } from '../../operations/execute/resume';
import { highestToken } from '../../operations/facts';
import type { OperationFinding } from '../../operations/finding-codes';
import { go, lookAndPrepare } from '../../operations/engine';
import { viewOf } from '../../operations/group-view';
import type { JournalEntry } from '../../operations/journal/journal-entry';
import { observe } from '../../operations/observe/observe';
import type { Plan } from '../../operations/plan';
import type { OperationRequest } from '../../operations/request';
import type { Cancellation, OperationPorts } from '../../ports';
import type { Fleet } from '../../topology/types';

/** How an operation ended, as the person who started it knows. */
export type OperationEnd =
  | { readonly kind: 'ended'; readonly report: OperationReport; readonly plan: Plan }
  /** Nothing was changed. */
  | { readonly kind: 'refused'; readonly findings: readonly OperationFinding[] }
  /** The process was killed; the journal has what it had done. */
  | { readonly kind: 'crashed'; readonly operation: string; readonly plan: Plan };

export interface OperateOptions {
  readonly cancellation: Cancellation;
  /** The process is killed when it has journaled that a step whose id begins so has started; `''` is any step. */
  readonly crashAt?: string;
}

/** Somebody who carries out operations with the engine. */
export interface DrillOperator {
  run(request: OperationRequest, options: OperateOptions): Promise<OperationEnd>;
  resume(group: string, operation: string, options: OperateOptions): Promise<OperationReport>;
}

/** The engine in this process, under a new identity for every operation, as if each were typed at another machine. */
export class EngineOperator implements DrillOperator {
  private count = 0;

  public constructor(
    private readonly ports: OperationPorts,
    private readonly fleet: Fleet,
    private readonly identity: Identity,
  ) {}

  public async run(request: OperationRequest, { cancellation, crashAt }: OperateOptions): Promise<OperationEnd> {
    const identity = this.next();
    const doomed = crashAt === undefined ? undefined : new DoomedProcess(this.ports, crashAt);
    const ports = doomed?.ports ?? this.ports;
    const looked = await lookAndPrepare(ports, this.fleet, request, { identity });
    const { plan } = looked;
    if (plan === undefined || !looked.allowed) return { kind: 'refused', findings: looked.findings };
    const work = go(ports, this.fleet, looked, { identity, hash: plan.hash, cancellation });
    const ended = doomed === undefined ? await work : await Promise.race([work, doomed.end]);
    if (typeof ended === 'string') return { kind: 'crashed', operation: ended, plan };
    if (ended === undefined || ended.result === 'refused')
      return { kind: 'refused', findings: ended?.findings ?? looked.findings };
    return { kind: 'ended', report: ended, plan };
  }

  public async resume(group: string, operation: string, { cancellation }: OperateOptions): Promise<OperationReport> {
    const view = viewOf(this.fleet, group);
    const observation = await observe(this.ports, view);
    return resume(this.ports, { view, operation, identity: this.next(), cancellation, above: highestToken(observation) });
  }

  private next(): Identity {
    this.count += 1;
    return { operator: this.identity.operator, holder: `${this.identity.holder}#${this.count}` };
  }
}

/**
 * A process that dies: from the moment on nothing of it reaches the world any more, and nobody who waits for it hears of it. What it had
 * written to disk stays. Its lease is not given back: whoever goes on has to wait until it runs out, or take it over.
 */
class DoomedProcess {
  public readonly ports: OperationPorts;
  /** Id of the operation, when it has died. */
  public readonly end: Promise<string>;
  private dead = false;
  private die: (operation: string) => void = () => undefined;

  public constructor(ports: OperationPorts, at: string) {
    this.end = new Promise((resolve) => {
      this.die = resolve;
    });
    const left = new Set(['sha256', 'reporter', 'clock']);
    const wrapped = Object.entries(ports).map(([name, port]: [string, unknown]) => [
      name,
      left.has(name) ? port : this.cut(port as object),
    ]);
    const cut = Object.fromEntries(wrapped) as OperationPorts;
    this.ports = {
      ...cut,
      clock: {
        now: ports.clock.now.bind(ports.clock),
        monotonic: ports.clock.monotonic.bind(ports.clock),
        sleep: this.sleep(ports),
      },
      localJournal: {
        ...cut.localJournal,
        append: async (operation, line) => {
          await cut.localJournal.append(operation, line);
          const entry = JSON.parse(line) as JournalEntry;
          if (entry.kind !== 'intent' || !entry.step.startsWith(at)) return undefined;
          this.dead = true;
          this.die(operation);
          return never();
        },
        read: (operation) => ports.localJournal.read(operation),
        list: () => ports.localJournal.list(),
      },
    };
  }

  private isDead(): boolean {
    return this.dead;
  }

  private sleep(ports: OperationPorts): OperationPorts['clock']['sleep'] {
    return (milliseconds, signal) => (this.dead ? never() : ports.clock.sleep(milliseconds, signal));
  }

  /** The same port, whose calls neither begin nor come back once the process is dead. Methods may live on a class. */
  private cut<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]): Promise<unknown> => {
          if (this.isDead()) return never();
          const result: unknown = await (member as (...given: unknown[]) => unknown).apply(target, args);
          return this.isDead() ? never() : result;
        };
      },
    });
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** A cancellation that follows another one, and can be raised by itself too. */
export function linked(source: Cancellation): CancellationSource & { readonly release: () => void } {
  const own = new CancellationSource();
  const follow = (): void => {
    while (own.level < source.level) own.raise();
  };
  const release = source.onRaise(follow);
  follow();
  return Object.assign(own, { release });
}
