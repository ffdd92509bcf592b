import { describe, expect, test } from 'vitest';
import { Caller } from '../../../lib/aws/call/caller';
import { CALL_TIMEOUT_MS, PortError } from '../../../lib/ports';
import { ManualClock, settle } from '../support/manual-clock';
import { failureOf, guardOf } from '../support/adapter';

const READ = { service: 's3', region: 'us-east-1', call: 'GetObject' };
const CHANGE = { service: 's3', region: 'us-east-1', call: 'PutObject' };
const at = (region: string, service = 's3', call = 'GetObject'): typeof READ => ({ service, region, call });

function setup(options: { random?: number; dead?: string[] } = {}): { clock: ManualClock; caller: Caller } {
  const clock = new ManualClock();
  const { random = 0.5, dead = [] } = options;
  return { clock, caller: new Caller({ clock, random: () => random, deadRegions: new Set(dead) }) };
}

const refused = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const answered = (status: number, name: string): Error =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
const never = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(Object.assign(new Error('aborted'), { name: 'AbortError' }));
    });
  });

describe('reads', () => {
  test('are sent once when they are answered, and leave no timer behind', async () => {
    const { clock, caller } = setup();
    expect(await caller.read(READ, () => Promise.resolve(1))).toBe(1);
    expect(clock.sleeping).toBe(0);
  });

  test.each([
    [0, [0, 0]],
    [0.5, [200, 400]],
    [0.999, [399.6, 799.2]],
  ])('are repeated after pauses with full jitter: random %d', async (random, pauses) => {
    const { clock, caller } = setup({ random });
    let sent = 0;
    const work = caller.read(READ, () => {
      sent += 1;
      return sent < 3 ? Promise.reject(refused()) : Promise.resolve('there');
    });
    expect(await clock.run(work)).toBe('there');
    expect(sent).toBe(3);
    expect(clock.slept.filter((milliseconds) => milliseconds !== 5_000)).toEqual(pauses);
  });

  test('end with the error of the last of three attempts', async () => {
    const { clock, caller } = setup();
    let sent = 0;
    const work = failureOf(
      caller.read(READ, () => {
        sent += 1;
        return Promise.reject(answered(503, 'SlowDown'));
      }),
    );
    expect(await clock.run(work)).toMatchObject({ name: 'PortError', kind: 'throttled', place: READ });
    expect(sent).toBe(3);
  });

  test.each([
    ['AccessDenied', 403, 'denied'],
    ['NoSuchKey', 404, 'not-found'],
    ['ValidationException', 400, 'invalid'],
    ['ConditionalCheckFailedException', 400, 'conflict'],
  ])('%s is not repeated', async (name, status, kind) => {
    const { clock, caller } = setup();
    let sent = 0;
    const work = failureOf(
      caller.read(READ, () => {
        sent += 1;
        return Promise.reject(answered(status, name));
      }),
    );
    expect(await clock.run(work)).toMatchObject({ kind });
    expect(sent).toBe(1);
  });

  test('are given up after five seconds each, and the request is ended', async () => {
    const { clock, caller } = setup();
    const signals: AbortSignal[] = [];
    const work = failureOf(
      caller.read(READ, (signal) => {
        signals.push(signal);
        return never(signal);
      }),
    );
    expect(await clock.run(work)).toMatchObject({ kind: 'timeout', maybeApplied: false });
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true, true]);
    expect(clock.slept.filter((milliseconds) => milliseconds === 5_000)).toHaveLength(3);
  });

  test('that are answered too late do not bring the process down', async () => {
    const { clock, caller } = setup();
    let fail: (error: Error) => void = () => undefined;
    const work = failureOf(caller.read(READ, () => new Promise((_resolve, reject) => (fail = reject)), { attempts: 1 }));
    expect(await clock.run(work)).toMatchObject({ kind: 'timeout' });
    fail(new Error('late'));
    await settle();
  });

  test('a defect of our own is not dressed up as a failure of AWS', async () => {
    const { clock, caller } = setup();
    const work = failureOf(caller.read(READ, () => Promise.reject(new TypeError('undefined is not a function'))));
    const error = await clock.run(work);
    expect(error).toBeInstanceOf(TypeError);
  });
});

describe('changes', () => {
  test('are sent while the lease holds', async () => {
    const { caller } = setup();
    expect(await caller.change(CHANGE, guardOf(), () => Promise.resolve('done'))).toBe('done');
  });

  test.each([
    [59_999, true],
    [60_000, false],
    [60_001, false],
  ])('fails at %d ms of a lease of 60 s without sending anything, from its end on', async (time, goes) => {
    const { clock, caller } = setup();
    clock.time = time;
    let sent = 0;
    const work = caller.change(CHANGE, guardOf({ validUntil: 60_000 }), () => {
      sent += 1;
      return Promise.resolve();
    });
    if (goes) await work;
    else expect(await failureOf(work)).toMatchObject({ kind: 'lease-expired', maybeApplied: false });
    expect(sent).toBe(goes ? 1 : 0);
  });

  test('go on without end after break-glass', async () => {
    const { clock, caller } = setup();
    clock.time = 1e12;
    expect(await caller.change(CHANGE, guardOf({ validUntil: Infinity }), () => Promise.resolve(1))).toBe(1);
  });

  test('are given up after the time that a successor waits for, and may have happened', async () => {
    const { clock, caller } = setup();
    let aborted = false;
    const work = failureOf(
      caller.change(CHANGE, guardOf(), (signal) => {
        signal.addEventListener('abort', () => (aborted = true));
        return never(signal);
      }),
    );
    await clock.pass(CALL_TIMEOUT_MS - 1);
    expect(aborted).toBe(false);
    await clock.pass(1);
    expect(await work).toMatchObject({ kind: 'timeout', maybeApplied: true });
    expect(aborted).toBe(true);
  });

  test.each([
    ['a lost connection', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'unreachable', true],
    ['an error of the service', answered(500, 'InternalError'), 'unreachable', true],
    ['a refused connection', refused(), 'unreachable', false],
    ['an unknown name', Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), 'unreachable', false],
    ['throttling', answered(400, 'ThrottlingException'), 'throttled', false],
    ['a denial', answered(403, 'AccessDenied'), 'denied', false],
  ])('are never repeated: %s', async (_name, error, kind, maybeApplied) => {
    const { clock, caller } = setup();
    let sent = 0;
    const work = failureOf(
      caller.change(CHANGE, guardOf(), () => {
        sent += 1;
        return Promise.reject(error);
      }),
    );
    expect(await clock.run(work)).toMatchObject({ kind, maybeApplied });
    expect(sent).toBe(1);
  });
});

describe('dead Regions', () => {
  test.each(['read', 'change'] as const)('nothing is sent to one that is called dead: %s', async (kind) => {
    const { clock, caller } = setup({ dead: ['us-east-1'] });
    let sent = 0;
    const send = (): Promise<void> => {
      sent += 1;
      return Promise.resolve();
    };
    const work = kind === 'read' ? caller.read(READ, send) : caller.change(CHANGE, guardOf(), send);
    expect(await clock.run(failureOf(work))).toMatchObject({ kind: 'unreachable', maybeApplied: false });
    expect(sent).toBe(0);
    expect(clock.slept).toEqual([]);
  });

  test('others are asked', async () => {
    const { caller } = setup({ dead: ['us-east-1'] });
    expect(await caller.read(at('us-east-2'), () => Promise.resolve(1))).toBe(1);
  });

  const silence = async (clock: ManualClock, caller: Caller, place: typeof READ): Promise<void> => {
    await clock.run(failureOf(caller.read(place, () => Promise.reject(refused()))));
  };

  test('two silent services: reads are left out for ten seconds, then asked again', async () => {
    const { clock, caller } = setup();
    await silence(clock, caller, at('us-east-1'));
    expect(caller.isWorthACall('us-east-1')).toBe(true);
    await silence(clock, caller, at('us-east-1', 'ssm', 'GetParameter'));
    expect(caller.isWorthACall('us-east-1')).toBe(false);
    expect(caller.isWorthACall('us-east-2')).toBe(true);
    const error = await failureOf(caller.read(at('us-east-1', 'sqs', 'GetQueueUrl'), () => Promise.resolve(1)));
    expect(error).toMatchObject({ kind: 'unreachable' });
    expect((error as PortError).message).toContain('not asked');
    await clock.pass(10_000);
    expect(await caller.read(at('us-east-1', 'sqs', 'GetQueueUrl'), () => Promise.resolve(1))).toBe(1);
  });

  test('a change is sent to a Region that has only fallen silent, and an answer ends the silence', async () => {
    const { clock, caller } = setup();
    await silence(clock, caller, at('us-east-1'));
    await silence(clock, caller, at('us-east-1', 'ssm', 'GetParameter'));
    expect(await caller.change(CHANGE, guardOf({ validUntil: Infinity }), () => Promise.resolve(1))).toBe(1);
    expect(caller.isWorthACall('us-east-1')).toBe(true);
  });

  test.each([
    ['one service twice', at('us-east-1'), false],
    ['the stamps themselves, which are no endpoint of AWS', at('us-east-1', 'https', 'GET'), false],
    ['another service', at('us-east-1', 'ssm', 'GetParameter'), true],
  ])('what counts as silence: %s', async (_name, second, quiet) => {
    const { clock, caller } = setup();
    await silence(clock, caller, at('us-east-1'));
    await silence(clock, caller, second);
    expect(caller.isWorthACall('us-east-1')).toBe(!quiet);
  });

  test('an answer in between, be it an error, starts the count anew', async () => {
    const { clock, caller } = setup();
    await silence(clock, caller, at('us-east-1'));
    await failureOf(caller.read(at('us-east-1', 'sqs', 'GetQueueUrl'), () => Promise.reject(answered(403, 'AccessDenied'))));
    await silence(clock, caller, at('us-east-1', 'ssm', 'GetParameter'));
    expect(caller.isWorthACall('us-east-1')).toBe(true);
  });
});

describe('the table of actions', () => {
  test.each([
    ['a call that is not in it', { service: 's3', region: 'us-east-1', call: 'DeleteObject' }, /not in the table/],
    ['a change that is called a read', CHANGE, /is a change/],
  ])('fails for %s', async (_name, place, message) => {
    const { caller } = setup();
    const error = await failureOf(caller.read(place, () => Promise.resolve()));
    expect(error).not.toBeInstanceOf(PortError);
    expect((error as Error).message).toMatch(message);
  });

  test('fails for a read that is called a change', async () => {
    const { caller } = setup();
    expect(await failureOf(caller.change(READ, guardOf(), () => Promise.resolve()))).toMatchObject({
      message: expect.stringContaining('is a read') as string,
    });
  });
});
