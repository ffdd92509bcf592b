import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Probe } from '../../../lib/aws/health-probes/probe';
import { Monitor, type MonitorParts } from '../../../lib/functions/stamp-health/monitor';
import type { DatabaseSettings } from '../../../lib/health/database';

const START = Date.UTC(2026, 10, 21, 12);
const SINGLE_WRITER: DatabaseSettings = { topology: 'single-writer', writerGraceSeconds: 90, standbyServes: 'reads' };

const serving: Probe = { observe: () => Promise.resolve({ serving: true, detail: 'HTTP 200' }) };
const writing: Probe = { observe: () => Promise.resolve({ readOnly: false, detail: 'writer' }) };
/** Never ends, and does not listen when told to stop. */
const hanging: Probe = { observe: () => new Promise(() => undefined) };
const throwing: Probe = { observe: () => Promise.reject(new Error('connect ECONNREFUSED')) };
const throwingAtOnce: Probe = {
  observe: () => {
    throw new Error('thrown before any promise');
  },
};
const lying: Probe = { observe: () => Promise.resolve({ serving: 'yes', detail: 200 }) };
const slow = (milliseconds: number, probe: Probe): Probe => ({
  observe: (signal) =>
    new Promise((resolve) =>
      setTimeout(() => {
        resolve(probe.observe(signal));
      }, milliseconds),
    ),
});
/** Counts what it is asked. */
const counting = (probe: Probe): Probe & { asked: number } => {
  const self = {
    asked: 0,
    observe: (signal: AbortSignal) => {
      self.asked += 1;
      return probe.observe(signal);
    },
  };
  return self;
};

function monitor(parts: Partial<MonitorParts> = {}): { monitor: Monitor; lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    monitor: new Monitor({
      stampId: 'enterprise-use1',
      database: { ...SINGLE_WRITER, topology: 'none' },
      compute: serving,
      dependencies: [],
      now: Date.now,
      log: (line) => lines.push(line),
      ...parts,
    }),
  };
}

/** The document, and how long it took on the fake clock. */
async function timed(subject: Monitor): Promise<{ document: Awaited<ReturnType<Monitor['document']>>; milliseconds: number }> {
  const started = Date.now();
  let milliseconds = -1;
  const answer = subject.document().then((document) => {
    milliseconds = Date.now() - started;
    return document;
  });
  await vi.advanceTimersByTimeAsync(3000);
  return { document: await answer, milliseconds };
}

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the deadline', () => {
  test.each<[string, Partial<MonitorParts>, string, string]>([
    ['hangs', { compute: hanging }, 'compute', 'no answer within 1000 ms'],
    ['is too slow', { compute: slow(1001, serving) }, 'compute', 'no answer within 1000 ms'],
    ['throws', { compute: throwing }, 'compute', 'ECONNREFUSED'],
    ['throws before it starts', { compute: throwingAtOnce }, 'compute', 'before any promise'],
    ['lies', { compute: lying }, 'compute', 'malformed answer'],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- foreign code rejects with anything
    ['throws no error', { compute: { observe: () => Promise.reject('a text') } }, 'compute', 'a text'],
  ])('a probe that %s fails alone, with its cause, within 1.5 s', async (_name, parts, check, cause) => {
    const { document, milliseconds } = await timed(
      monitor({ dependencies: [{ name: 'other', shared: true, probe: serving }], ...parts }).monitor,
    );
    expect(document.checks[check]).toMatchObject({ status: 'fail', message: expect.stringContaining(cause) });
    expect(document.checks['dependency:other']).toMatchObject({ status: 'pass' });
    expect(milliseconds).toBeLessThan(1500);
  });

  test('everything hanging at once takes no longer than one', async () => {
    const { document, milliseconds } = await timed(
      monitor({
        compute: hanging,
        writer: hanging,
        reader: hanging,
        database: SINGLE_WRITER,
        dependencies: Array.from({ length: 20 }, (_, index) => ({ name: `${index}`, shared: false, probe: hanging })),
      }).monitor,
    );
    expect(milliseconds).toBeLessThanOrEqual(1200);
    expect(document).toMatchObject({ status: 'fail', reasons: ['compute-down', 'dependency-down'] });
  });

  test('a slow probe that makes it passes', async () => {
    const { document, milliseconds } = await timed(monitor({ compute: slow(999, serving) }).monitor);
    expect(document.status).toBe('pass');
    expect(milliseconds).toBe(999);
  });

  test('tells a probe to stop at its deadline, and not before', async () => {
    let stoppedAt = -1;
    const listening: Probe = {
      observe: (signal) => {
        signal.addEventListener('abort', () => {
          stoppedAt = Date.now() - START;
        });
        return new Promise(() => undefined);
      },
    };
    await timed(monitor({ compute: listening }).monitor);
    expect(stoppedAt).toBe(1000);
  });

  test('leaves no timer behind', async () => {
    await timed(monitor({ compute: throwing, dependencies: [{ name: 'x', shared: true, probe: serving }] }).monitor);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('one evaluation a second', () => {
  test('is shared by everybody who asks while it runs', async () => {
    const compute = counting(slow(500, serving));
    const subject = monitor({ compute }).monitor;
    const answers = Array.from({ length: 50 }, () => subject.document());
    await vi.advanceTimersByTimeAsync(500);
    expect(new Set(await Promise.all(answers)).size).toBe(1);
    expect(compute.asked).toBe(1);
  });

  test('is repeated when it began a second ago', async () => {
    const compute = counting(serving);
    const subject = monitor({ compute }).monitor;
    await subject.document();
    vi.setSystemTime(START + 999);
    await subject.document();
    expect(compute.asked).toBe(1);
    vi.setSystemTime(START + 1000);
    await subject.document();
    expect(compute.asked).toBe(2);
  });

  test('is repeated when the clock ran backwards', async () => {
    const compute = counting(serving);
    const subject = monitor({ compute }).monitor;
    await subject.document();
    vi.setSystemTime(START - 5000);
    await subject.document();
    expect(compute.asked).toBe(2);
  });
});

describe('over time', () => {
  test('a writer that goes away warns for its grace, then fails, and every change is logged once', async () => {
    let writer: Probe = writing;
    const { monitor: subject, lines } = monitor({
      database: SINGLE_WRITER,
      writer: { observe: (signal) => writer.observe(signal) },
      reader: serving,
    });
    const statuses: string[] = [];
    for (let second = 0; second <= 110; second += 10) {
      if (second === 10) writer = throwing;
      vi.setSystemTime(START + second * 1000);
      statuses.push((await subject.document()).status);
    }
    // A reader that answers something else is lost capacity: it warns from the start.
    expect(statuses).toEqual([...Array<string>(10).fill('warn'), 'fail', 'fail']);
    expect(lines.map((line) => (JSON.parse(line) as { before: string; status: string }).status)).toEqual(['warn', 'fail']);
  });
});
