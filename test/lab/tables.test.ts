import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StrongTables } from '../../lib/lab/internet/strong-table';
import { EventualTable, type Version } from '../../lib/lab/region/eventual-table';
import { holds, keyOf } from '../../lib/lab/region/item';
import { LabTime } from '../../lib/lab/time/lab-time';

/** Each row of aws-facts 4.2 that the lab claims. */
const item = (pk: string, value: string) => ({ pk: { S: pk }, sk: { S: 'x' }, value: { S: value } });
const key = (pk: string): string => keyOf(item(pk, ''));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-tables-'));
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout'], now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

describe('eventual consistency', () => {
  const REGIONS = ['a', 'b'];
  let replicas: Map<string, EventualTable>;
  let cut: boolean;

  const open = (region: string): EventualTable =>
    new EventualTable(
      region,
      REGIONS.filter((each) => each !== region),
      join(folder, `${region}.jsonl`),
      new LabTime(1),
      () => 0.5,
      (to, versions: readonly Version[]) => {
        if (cut) return Promise.reject(new Error('cut'));
        replicas.get(to)!.receive(versions);
        return Promise.resolve();
      },
    );
  const at = (region: string): EventualTable => replicas.get(region)!;
  const replicate = async (seconds: number): Promise<void> => {
    vi.advanceTimersByTime(seconds * 1000);
    for (const table of replicas.values()) await table.pump();
  };

  beforeEach(() => {
    cut = false;
    replicas = new Map();
    for (const region of REGIONS) replicas.set(region, open(region));
  });

  test('a write is there at once where it was made, and later elsewhere', async () => {
    at('a').put(item('1', 'one'));
    expect(at('a').get(key('1'))).toBeDefined();
    await replicate(1);
    expect(at('b').get(key('1'))).toBeUndefined();
    await replicate(3);
    expect(at('b').get(key('1'))).toEqual(item('1', 'one'));
  });

  test('of two writes of one item the last one wins, everywhere alike', async () => {
    at('a').put(item('1', 'first'));
    vi.advanceTimersByTime(10);
    at('b').put(item('1', 'second'));
    await replicate(10);
    for (const region of REGIONS) expect(at(region).get(key('1'))).toEqual(item('1', 'second'));
  });

  test('two writes of the same moment end alike, too', async () => {
    at('a').put(item('1', 'of a'));
    at('b').put(item('1', 'of b'));
    await replicate(10);
    expect(at('a').get(key('1'))).toEqual(at('b').get(key('1')));
  });

  test('an isolated Region goes on writing, and what it wrote arrives when it is back', async () => {
    cut = true;
    at('a').put(item('1', 'alone'));
    await replicate(60);
    expect(at('b').get(key('1'))).toBeUndefined();
    expect(at('a').pending('b')).toBe(1);
    cut = false;
    await replicate(1);
    expect(at('b').get(key('1'))).toEqual(item('1', 'alone'));
    expect(at('a').pending('b')).toBe(0);
  });

  test('an old write of an isolated Region loses against a newer one', async () => {
    cut = true;
    at('a').put(item('1', 'old'));
    vi.advanceTimersByTime(1000);
    at('b').put(item('1', 'new'));
    cut = false;
    await replicate(10);
    for (const region of REGIONS) expect(at(region).get(key('1'))).toEqual(item('1', 'new'));
  });

  test('a killed Region finds its items and what it had not sent', async () => {
    cut = true;
    at('a').put(item('1', 'kept'));
    replicas.set('a', open('a'));
    expect(at('a').get(key('1'))).toEqual(item('1', 'kept'));
    cut = false;
    await replicate(1);
    expect(at('b').get(key('1'))).toEqual(item('1', 'kept'));
  });

  test('what is written while a delivery is under way is delivered, too', async () => {
    at('a').put(item('1', 'one'));
    vi.advanceTimersByTime(10_000);
    const rounds = [at('a').pump(), at('a').pump()];
    at('a').put(item('2', 'two'));
    await Promise.all(rounds);
    await replicate(10);
    for (const pk of ['1', '2']) expect(at('b').get(key(pk))).toBeDefined();
    expect(at('a').pending('b')).toBe(0);
  });

  test('what was sent before a crash is not sent again', async () => {
    at('a').put(item('1', 'one'));
    await replicate(10);
    replicas.set('a', open('a'));
    expect(at('a').pending('b')).toBe(0);
  });

  test('items as they were at a moment', () => {
    at('a').put(item('1', 'before'));
    vi.advanceTimersByTime(5000);
    const moment = Date.now();
    vi.advanceTimersByTime(5000);
    at('a').put(item('1', 'after'));
    at('a').delete(key('1'));
    expect(at('a').asOf(moment)).toEqual([item('1', 'before')]);
  });
});

describe('strong consistency', () => {
  const put = (tables: StrongTables, region: string, value: string, condition?: string) =>
    tables.put({ region, table: 't', item: item('1', value), ...(condition !== undefined && { condition }) });

  test('a write is there everywhere when it is acknowledged', async () => {
    const tables = new StrongTables();
    const written = put(tables, 'a', 'one');
    await vi.advanceTimersByTimeAsync(10);
    expect(await written).toBe('written');
    expect(tables.get('t', key('1'))).toEqual(item('1', 'one'));
  });

  test('fails a write while another Region writes the same item, so that it can be tried again', async () => {
    const tables = new StrongTables();
    const first = put(tables, 'a', 'one');
    await expect(put(tables, 'b', 'two')).rejects.toMatchObject({ kind: 'conflict' });
    await vi.advanceTimersByTimeAsync(10);
    expect(await first).toBe('written');
    const again = put(tables, 'b', 'two');
    await vi.advanceTimersByTimeAsync(10);
    expect(await again).toBe('written');
  });

  test('of many Regions that make the same item one does', async () => {
    const tables = new StrongTables();
    const all: string[] = [];
    for (const region of ['a', 'b', 'c']) {
      const written = put(tables, region, region, 'attribute_not_exists(pk)');
      await vi.advanceTimersByTimeAsync(10);
      all.push(await written);
    }
    expect(all).toEqual(['written', 'refused', 'refused']);
  });
});

describe('conditions', () => {
  const versioned = { pk: { S: '1' }, version: { N: '3' } };
  test.each([
    ['attribute_not_exists(pk)', undefined, true],
    ['attribute_not_exists(pk)', versioned, false],
    ['attribute_exists(pk)', versioned, true],
    ['version = :v', versioned, true],
    ['#v = :v', versioned, true],
    ['version = :v', { ...versioned, version: { N: '4' } }, false],
    ['version = :v AND attribute_exists(pk)', versioned, true],
    ['version = :v AND attribute_not_exists(pk)', versioned, false],
  ])('%s', (expression, present, expected) => {
    expect(holds(expression, present, { '#v': 'version' }, { ':v': { N: '3' } })).toBe(expected);
  });

  test('fails for what it cannot check, rather than let it pass', () => {
    expect(() => holds('begins_with(pk, :v)', versioned)).toThrow(/the lab cannot check begins_with/);
  });
});
