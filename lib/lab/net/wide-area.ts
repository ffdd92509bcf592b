import { type Server, type Socket, connect, createServer } from 'node:net';
import type { Endpoint } from './endpoint';
import { Line } from './line';

/** Seconds by which what a rule delays falls behind in a second, until it is as late as the rule says. */
const FALLS_BEHIND = 0.9;

/**
 * Nothing passes (`drop`), or it passes late: more and more, up to this many milliseconds. A line that falls behind still carries something all the
 * time, so nobody takes its other end for dead.
 */
export interface WideAreaRule {
  readonly id: string;
  /** A place such as `region:us-east-1`, `clients:new-york`, `checkers:eu-west-1`; `checkers:*` is all of a kind. */
  readonly from: string;
  readonly to: string;
  readonly effect: { readonly kind: 'drop' } | { readonly kind: 'delay'; readonly milliseconds: number };
}

/**
 * The network between Regions, checkers and clients: real TCP connections that pass through this process, which holds back or delays what
 * rules name. What is dropped is not lost for good: as with TCP, it arrives once the rule is gone, if both ends still wait for it.
 */
export class WideArea {
  private rules: readonly (WideAreaRule & { readonly since: number })[] = [];
  private readonly listeners = new Set<() => void>();

  public get current(): readonly WideAreaRule[] {
    return this.rules;
  }

  public add(rule: WideAreaRule): void {
    this.change([...this.rules.filter(({ id }) => id !== rule.id), { ...rule, since: performance.now() }]);
  }

  public remove(id: string): void {
    this.change(this.rules.filter((rule) => rule.id !== id));
  }

  private change(rules: typeof this.rules): void {
    this.rules = rules;
    for (const listener of [...this.listeners]) listener();
  }

  /** Calls back on every change of the rules; the result takes the call back. */
  public onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** True when nothing passes from one place to the other. */
  public dropped(from: string, to: string): boolean {
    return this.matching(from, to).some(({ effect }) => effect.kind === 'drop');
  }

  /** Milliseconds by which what is sent at a moment is late. @param at as `performance.now()` says it; by default what it will be in the end */
  public delay(from: string, to: string, at = Infinity): number {
    const delays = this.matching(from, to).map(({ effect, since }) =>
      effect.kind === 'delay' ? Math.min(effect.milliseconds, FALLS_BEHIND * Math.max(0, at - since)) : 0,
    );
    return Math.max(0, ...delays);
  }

  private matching(from: string, to: string): typeof this.rules {
    return this.rules.filter((rule) => matches(rule.from, from) && matches(rule.to, to));
  }

  /** Opens a connection; the promise stays open for as long as a rule drops what goes there or comes back. */
  public async dial(from: string, to: string, target: Endpoint): Promise<Socket> {
    await this.passage(from, to);
    return dial(target);
  }

  /** Ends when nothing drops any more, in either direction: a handshake needs both. */
  private passage(from: string, to: string): Promise<void> {
    const open = (): boolean => !this.dropped(from, to) && !this.dropped(to, from);
    if (open()) return Promise.resolve();
    return new Promise((resolve) => {
      const off = this.onChange(() => {
        if (!open()) return;
        off();
        resolve();
      });
    });
  }

  /** Carries bytes between two sockets of two places, by the rules, until one of them is gone. */
  public join(near: Socket, far: Socket, from: string, to: string): void {
    const lines = [new Line(near, far, this.gate(from, to)), new Line(far, near, this.gate(to, from))];
    const off = this.onChange(() => {
      for (const line of lines) line.pump();
    });
    const end = (): void => {
      off();
      near.destroy();
      far.destroy();
      for (const line of lines) line.close();
    };
    for (const socket of [near, far]) {
      socket.on('error', end);
      socket.on('close', end);
    }
  }

  private gate(from: string, to: string): { dropped: () => boolean; delay: (at: number) => number } {
    return { dropped: () => this.dropped(from, to), delay: (at) => this.delay(from, to, at) };
  }

  /**
   * The door for other processes: `CONNECT <host>:<port> <from> <to>`, a line feed, and then whatever they have to say. The answer is a line
   * `ok`, or the connection ends.
   */
  public listen(endpoint: Endpoint): Promise<Server> {
    return serve(endpoint, (near) => {
      near.once('data', (head: Buffer) => {
        near.pause();
        const [, host, port, from, to] = /^CONNECT (\S+):(\d+) (\S+) (\S+)\n$/.exec(head.toString('latin1')) ?? [];
        if (host === undefined || port === undefined || from === undefined || to === undefined) {
          near.destroy();
          return;
        }
        void this.accept(near, { host, port: Number(port) }, from, to, 'ok\n');
      });
    });
  }

  /** A fixed way out of a place, for programs that know nothing of this network, such as a database's replication. */
  public link(
    endpoint: Endpoint,
    from: string,
    target: () => { readonly endpoint: Endpoint; readonly label: string } | undefined,
  ): Promise<Server> {
    return serve(endpoint, (near) => {
      near.pause();
      const there = target();
      if (there === undefined) near.destroy();
      else void this.accept(near, there.endpoint, from, there.label, '');
    });
  }

  private async accept(near: Socket, target: Endpoint, from: string, to: string, greeting: string): Promise<void> {
    near.on('error', () => near.destroy());
    try {
      const far = await this.dial(from, to, target);
      if (near.destroyed) {
        far.destroy();
        return;
      }
      if (greeting !== '') near.write(greeting);
      this.join(near, far, from, to);
      near.resume();
    } catch {
      near.destroy();
    }
  }
}

/** Opens a connection through the network of another process. */
export function throughWideArea(wan: Endpoint, target: Endpoint, from: string, to: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...wan, noDelay: true });
    const refused = (): void => {
      reject(Object.assign(new Error(`connect ECONNREFUSED ${target.host}:${target.port}`), { code: 'ECONNREFUSED' }));
    };
    socket.once('error', reject);
    socket.once('close', refused);
    socket.once('connect', () => socket.write(`CONNECT ${target.host}:${target.port} ${from} ${to}\n`));
    socket.once('data', () => {
      socket.off('error', reject);
      socket.off('close', refused);
      resolve(socket);
    });
  });
}

function serve(endpoint: Endpoint, accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ noDelay: true, allowHalfOpen: false }, accept);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(endpoint.port, endpoint.host, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function matches(pattern: string, label: string): boolean {
  return pattern.endsWith(':*') ? label.startsWith(pattern.slice(0, -1)) : pattern === label;
}

function dial({ host, port }: Endpoint): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
