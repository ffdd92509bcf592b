import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KeptSession, type SqlConnect, type SqlEndpoint, type SqlSession } from '../../../lib/aws/health-probes/sql-session';
import { never } from './never';

const ENDPOINT: SqlEndpoint = { host: 'w.example.com', port: 5432, database: 'app' };

type Behaviour = () => Promise<Record<string, unknown>[]>;
interface FakeSession extends SqlSession {
  readonly endpoint: SqlEndpoint;
  behaviour: Behaviour;
  destroyed: boolean;
}

/** A server: hands out sessions that answer what the test says. */
class FakeServer {
  public readonly sessions: FakeSession[] = [];
  public answer: Behaviour = () => Promise.resolve([{ n: this.sessions.length }]);

  public readonly connect: SqlConnect = (endpoint) => {
    const session: FakeSession = {
      endpoint,
      behaviour: this.answer,
      destroyed: false,
      query: () => session.behaviour(),
      destroy: () => {
        session.destroyed = true;
      },
    };
    this.sessions.push(session);
    return Promise.resolve(session);
  };
}

const ask = (
  kept: KeptSession,
  endpoint = ENDPOINT,
  signal = never(),
  suspicious: (n: unknown) => boolean = () => false,
): Promise<unknown> => kept.run(endpoint, signal, async (session) => (await session.query('SELECT 1'))[0]?.['n'], suspicious);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a kept connection', () => {
  test('is used again', async () => {
    const server = new FakeServer();
    const kept = new KeptSession(server.connect, Date.now);
    await ask(kept);
    await ask(kept);
    expect(server.sessions).toHaveLength(1);
  });

  test('that hangs is thrown away after 400 ms, and a new one answers within the same question', async () => {
    const server = new FakeServer();
    const kept = new KeptSession(server.connect, Date.now);
    await ask(kept);
    server.sessions[0]!.behaviour = () => new Promise(() => undefined);
    const answer = ask(kept);
    await vi.advanceTimersByTimeAsync(400);
    await expect(answer).resolves.toBe(2);
    expect(server.sessions[0]!.destroyed).toBe(true);
    await ask(kept);
    expect(server.sessions).toHaveLength(2);
  });

  test('that broke is replaced at once', async () => {
    const server = new FakeServer();
    const kept = new KeptSession(server.connect, Date.now);
    await ask(kept);
    server.sessions[0]!.behaviour = () => Promise.reject(new Error('ECONNRESET'));
    await expect(ask(kept)).resolves.toBe(2);
    expect(server.sessions[0]!.destroyed).toBe(true);
  });

  test('whose answer is suspicious is asked again on a new one: the name may have moved', async () => {
    const server = new FakeServer();
    const kept = new KeptSession(server.connect, Date.now);
    await ask(kept);
    await expect(ask(kept, ENDPOINT, never(), (n) => n === 1)).resolves.toBe(2);
    expect(server.sessions.map(({ destroyed }) => destroyed)).toEqual([true, false]);
  });

  test('a suspicious answer of a new connection is the truth', async () => {
    const server = new FakeServer();
    const kept = new KeptSession(server.connect, Date.now);
    await expect(ask(kept, ENDPOINT, never(), () => true)).resolves.toBe(1);
    expect(server.sessions).toHaveLength(1);
  });

  test('is replaced when it is a minute old', async () => {
    const server = new FakeServer();
    const kept = new KeptSession(server.connect, Date.now);
    await ask(kept);
    await vi.advanceTimersByTimeAsync(60_000);
    await expect(ask(kept)).resolves.toBe(2);
    expect(server.sessions[0]!.destroyed).toBe(true);
  });

  test('is replaced when the pointer names another endpoint', async () => {
    const server = new FakeServer();
    const kept = new KeptSession(server.connect, Date.now);
    await ask(kept);
    await ask(kept, { ...ENDPOINT, host: 'w.restored.example.com' });
    expect(server.sessions.map(({ endpoint, destroyed }) => [endpoint.host, destroyed])).toEqual([
      ['w.example.com', true],
      ['w.restored.example.com', false],
    ]);
  });
});

describe('a new connection', () => {
  test('that fails is thrown away, with its cause', async () => {
    const server = new FakeServer();
    server.answer = () => Promise.reject(new Error('permission denied'));
    await expect(ask(new KeptSession(server.connect, Date.now))).rejects.toThrow('permission denied');
    expect(server.sessions[0]!.destroyed).toBe(true);
  });

  test('that hangs in a query is thrown away at the deadline', async () => {
    const server = new FakeServer();
    server.answer = () => new Promise(() => undefined);
    const controller = new AbortController();
    const answer = ask(new KeptSession(server.connect, Date.now), ENDPOINT, controller.signal);
    setTimeout(() => {
      controller.abort(new Error('deadline'));
    }, 1000);
    const rejected = expect(answer).rejects.toThrow('deadline');
    await vi.advanceTimersByTimeAsync(1000);
    await rejected;
    expect(server.sessions[0]!.destroyed).toBe(true);
  });

  test('that opens after the deadline is closed, not leaked', async () => {
    const server = new FakeServer();
    const late: SqlConnect = (endpoint, signal) =>
      new Promise((resolve) =>
        setTimeout(() => {
          resolve(server.connect(endpoint, signal));
        }, 2000),
      );
    const controller = new AbortController();
    const answer = ask(new KeptSession(late, Date.now), ENDPOINT, controller.signal);
    setTimeout(() => {
      controller.abort(new Error('deadline'));
    }, 1000);
    const rejected = expect(answer).rejects.toThrow('deadline');
    await vi.advanceTimersByTimeAsync(1000);
    await rejected;
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.sessions.map(({ destroyed }) => destroyed)).toEqual([true]);
  });
});
