import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  PointerReader,
  PointerUnreadable,
  parameterFetcher,
  parsePointer,
} from '../../../lib/aws/health-probes/database-pointer';
import { never } from './never';

const AURORA = '{"engine":"aurora-postgresql","writer":"w.example.com","reader":"r.example.com","port":5432,"name":"app"}';
const RESTORED = AURORA.replaceAll('.example.com', '.restored.example.com');

/** SSM as the test wants it at this moment. */
function parameter(): { read: () => Promise<string>; asked: number; next: () => Promise<string> } {
  const self = {
    asked: 0,
    next: () => Promise.resolve(AURORA),
    read: () => {
      self.asked += 1;
      return self.next();
    },
  };
  return self;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the pointer', () => {
  test('is read once by everybody who asks at once, and again after 30 s', async () => {
    const ssm = parameter();
    const pointer = new PointerReader(ssm.read, Date.now);
    await Promise.all([pointer.current(never()), pointer.current(never())]);
    await vi.advanceTimersByTimeAsync(29_999);
    await pointer.current(never());
    expect(ssm.asked).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await pointer.current(never());
    expect(ssm.asked).toBe(2);
  });

  test('a restore that swaps it is noticed', async () => {
    const ssm = parameter();
    const pointer = new PointerReader(ssm.read, Date.now);
    await pointer.current(never());
    ssm.next = () => Promise.resolve(RESTORED);
    await vi.advanceTimersByTimeAsync(30_000);
    await expect(pointer.current(never())).resolves.toMatchObject({ writer: 'w.restored.example.com' });
  });

  test('SSM slow: the last known value after 250 ms, the new one as soon as it has arrived', async () => {
    const ssm = parameter();
    const pointer = new PointerReader(ssm.read, Date.now);
    await pointer.current(never());
    await vi.advanceTimersByTimeAsync(30_000);
    ssm.next = () =>
      new Promise((resolve) =>
        setTimeout(() => {
          resolve(RESTORED);
        }, 800),
      );
    const first = pointer.current(never());
    await vi.advanceTimersByTimeAsync(250);
    await expect(first).resolves.toMatchObject({ writer: 'w.example.com' });
    await vi.advanceTimersByTimeAsync(550);
    await expect(pointer.current(never())).resolves.toMatchObject({ writer: 'w.restored.example.com' });
    expect(ssm.asked).toBe(2);
  });

  test.each([
    ['SSM down', () => Promise.reject(new Error('ETIMEDOUT'))],
    ['a value that is no pointer', () => Promise.resolve('oops')],
  ])('%s: the last known value', async (_name, next) => {
    const ssm = parameter();
    const pointer = new PointerReader(ssm.read, Date.now);
    await pointer.current(never());
    await vi.advanceTimersByTimeAsync(30_000);
    ssm.next = next;
    await expect(pointer.current(never())).resolves.toMatchObject({ writer: 'w.example.com' });
  });

  test('SSM down and nothing known: unreadable, which is not the database’s fault', async () => {
    const pointer = new PointerReader(() => Promise.reject(new Error('AccessDenied')), Date.now);
    await expect(pointer.current(never())).rejects.toThrow(PointerUnreadable);
    await expect(pointer.current(never())).rejects.toThrow('AccessDenied');
  });

  test('SSM hanging and nothing known: gives up when told to', async () => {
    const pointer = new PointerReader(() => new Promise(() => undefined), Date.now);
    const controller = new AbortController();
    const waiting = pointer.current(controller.signal);
    controller.abort(new Error('deadline'));
    await expect(waiting).rejects.toThrow('deadline');
  });
});

describe('its document', () => {
  test('of Aurora and of a table', () => {
    expect(parsePointer(AURORA)).toEqual({
      engine: 'aurora-postgresql',
      writer: 'w.example.com',
      reader: 'r.example.com',
      port: 5432,
      name: 'app',
    });
    expect(parsePointer('{"engine":"dynamodb","table":"shop-pool-table"}')).toEqual({
      engine: 'dynamodb',
      table: 'shop-pool-table',
    });
  });

  test('a port as text, as templates may write it', () => {
    expect(parsePointer('{"engine":"aurora-mysql","port":"3306"}').port).toBe(3306);
  });

  test.each([
    ['', 'not JSON'],
    ['null', 'no JSON object'],
    ['[]', 'no JSON object'],
    ['{}', 'names no engine'],
    ['{"engine":""}', 'engine is no text'],
    ['{"engine":"x","writer":5}', 'writer is no text'],
    ['{"engine":"x","port":0}', 'port is no port'],
    ['{"engine":"x","port":"abc"}', 'port is no port'],
    ['{"engine":"x","port":65536}', 'port is no port'],
  ])('fails for %s', (text, message) => {
    expect(() => parsePointer(text)).toThrow(message);
  });
});

describe('the parameter', () => {
  test('is asked for by name', async () => {
    const send = vi.fn().mockResolvedValue({ Parameter: { Value: AURORA } });
    await expect(parameterFetcher({ send }, '/p')()).resolves.toBe(AURORA);
    expect(send.mock.calls[0]?.[0]).toMatchObject({ input: { Name: '/p' } });
  });

  test('fails without a value', async () => {
    const send = vi.fn().mockResolvedValue({});
    await expect(parameterFetcher({ send }, '/p')()).rejects.toThrow('/p has no value');
  });
});
