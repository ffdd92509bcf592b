import { describe, expect, test } from 'vitest';
import { Bulkhead } from '../../samples/orders/bulkhead';
import { CircuitBreaker } from '../../samples/orders/circuit-breaker';
import { retry } from '../../samples/orders/retry';
import { readSettings } from '../../samples/orders/settings';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

describe('the circuit breaker', () => {
  const broken = (): Promise<never> => Promise.reject(new Error('down'));
  const make = (clock: { at: number }) =>
    new CircuitBreaker({ name: 'it', failures: 2, pauseMs: 100, counts: () => true }, () => clock.at);

  test('opens after failures in a row, asks nobody while open, and closes after a good try', async () => {
    const clock = { at: 0 };
    const breaker = make(clock);
    let asked = 0;
    for (let round = 0; round < 2; round += 1) await expect(breaker.run(broken)).rejects.toThrow('down');
    const ask = (): Promise<string> => {
      asked += 1;
      return Promise.resolve('good');
    };
    await expect(breaker.run(ask)).rejects.toThrow('is not asked for a moment');
    expect(asked).toBe(0);
    clock.at = 101;
    expect(await breaker.run(ask)).toBe('good');
    expect(breaker.open).toBe(false);
  });

  test('one caller tries; the others are refused until it knows', async () => {
    const clock = { at: 0 };
    const breaker = make(clock);
    for (let round = 0; round < 2; round += 1) await expect(breaker.run(broken)).rejects.toThrow('down');
    clock.at = 101;
    let answer: (value: string) => void = () => undefined;
    const trial = breaker.run(() => new Promise<string>((done) => (answer = done)));
    await expect(breaker.run(() => Promise.resolve('second'))).rejects.toThrow('is not asked for a moment');
    answer('back');
    expect(await trial).toBe('back');
  });

  test('a refusal that is right does not count', async () => {
    const breaker = new CircuitBreaker({ name: 'it', failures: 1, pauseMs: 100, counts: () => false }, () => 0);
    await expect(breaker.run(broken)).rejects.toThrow('down');
    expect(breaker.open).toBe(false);
  });
});

test('the bulkhead runs so many at once, lets so many wait, and refuses the rest at once', async () => {
  const bulkhead = new Bulkhead('writes', 1, 1);
  const ends: (() => void)[] = [];
  const work = (): Promise<void> => new Promise((done) => ends.push(done));
  const first = bulkhead.run(work);
  const second = bulkhead.run(work);
  await expect(bulkhead.run(work)).rejects.toThrow('writes has as many requests as it can carry');
  expect(ends).toHaveLength(1);
  ends[0]!();
  await first;
  await Promise.resolve();
  expect(ends).toHaveLength(2);
  ends[1]!();
  await second;
});

describe('retry', () => {
  const failing = (times: number) => {
    let calls = 0;
    return {
      work: () => ((calls += 1) <= times ? Promise.reject(new Error('not yet')) : Promise.resolve(calls)),
      calls: () => calls,
    };
  };

  test('tries again what may go better, and no more often than it may', async () => {
    const good = failing(2);
    expect(await retry(good.work, { attempts: 3, firstPauseMs: 0, retryable: () => true })).toBe(3);
    const bad = failing(9);
    await expect(retry(bad.work, { attempts: 3, firstPauseMs: 0, retryable: () => true })).rejects.toThrow('not yet');
    expect(bad.calls()).toBe(3);
  });

  test('never repeats what cannot', async () => {
    const bad = failing(9);
    await expect(retry(bad.work, { attempts: 3, firstPauseMs: 0, retryable: () => false })).rejects.toThrow('not yet');
    expect(bad.calls()).toBe(1);
  });
});

describe('settings', () => {
  const environment = { STAMP_ID: 'a-use1', STAMP_GROUP: 'a', STAMP_REGION: 'us-east-1' };

  test('are those of the application contract', () => {
    const database = { engine: 'dynamodb', table: 't', later: 'unknown' };
    expect(readSettings({ ...environment, STAMP_DATABASE: JSON.stringify(database) })).toMatchObject({
      stamp: 'a-use1',
      standbyServes: 'reads',
      port: 8080,
      database: { engine: 'dynamodb', table: 't' },
    });
  });

  test('fails at start when one is missing', () => {
    expect(() => readSettings({ ...environment, STAMP_REGION: '' })).toThrow('the environment variable STAMP_REGION is not set');
  });
});

test('the sample imports nothing of the kit', () => {
  const folder = resolve(__dirname, '..', '..', 'samples', 'orders');
  const imports = readdirSync(folder).flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/from '([^']+)'/g)].map((match) => match[1]!),
  );
  expect(imports.filter((specifier) => !/^(\.\/|node:|pg$)/.test(specifier))).toEqual([]);
});
