import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileHandle, open } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { journalFolder, localJournal } from '../../../lib/aws/operations/local-journal';
import { failureOf } from '../support/adapter';

let root: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stampkit-journal-'));
  folder = join(root, 'a', 'b');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const file = (operation: string): string => join(folder, `${operation}.jsonl`);
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the journal on this machine', () => {
  test('lines come back in their order, also to another process', async () => {
    const journal = localJournal(folder);
    await journal.append('op-1', '{"a":1}');
    await journal.append('op-1', '{"a":2}');
    expect(await localJournal(folder).read('op-1')).toEqual(['{"a":1}', '{"a":2}']);
  });

  test('lines that are written at the same time are whole and in order', async () => {
    const journal = localJournal(folder);
    const lines = Array.from({ length: 20 }, (_each, at) => JSON.stringify({ at, text: 'é'.repeat(3_000) }));
    await Promise.all(lines.map((line) => journal.append('op-1', line)));
    expect(await journal.read('op-1')).toEqual(lines);
  });

  test('a line is on disk when it is taken, and so are the names of new files and folders', async () => {
    const handle = await open(root);
    const sync = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'sync');
    await handle.close();
    try {
      const journal = localJournal(folder);
      await journal.append('op-1', 'x');
      // The file, its folder, and the folders above in which two new ones are.
      expect(sync.mock.calls).toHaveLength(4);
      await journal.append('op-1', 'y');
      expect(sync.mock.calls).toHaveLength(5);
    } finally {
      sync.mockRestore();
    }
  });

  test('only its owner reads it', async () => {
    await localJournal(folder).append('op-1', 'x');
    expect([modeOf(file('op-1')), modeOf(folder), modeOf(join(root, 'a'))]).toEqual(['600', '700', '700']);
  });

  test('nothing is known at first', async () => {
    const journal = localJournal(folder);
    expect(await journal.read('op-1')).toEqual([]);
    expect(await journal.list()).toEqual([]);
  });

  test('the operations it knows, sorted, and nothing else of the folder', async () => {
    const journal = localJournal(folder);
    for (const operation of ['op-2', 'op-10', 'op-1']) await journal.append(operation, 'x');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    expect(await journal.list()).toEqual(['op-1', 'op-10', 'op-2']);
  });
});

describe('a line that a crash cut off', () => {
  test.each([
    ['in the middle', '{"seq":3,"ki'],
    ['just before its end', '{"seq":3}'],
    ['in the middle of a character', Buffer.from('{"é').subarray(0, 3)],
    ['longer than what is looked through at once', 'x'.repeat(10_000)],
  ])('is left out, and cut away before the next one: %s', async (_name, torn) => {
    await localJournal(folder).append('op-1', '{"seq":1}');
    await localJournal(folder).append('op-1', '{"seq":2}');
    appendFileSync(file('op-1'), torn);
    const journal = localJournal(folder);
    expect(await journal.read('op-1')).toEqual(['{"seq":1}', '{"seq":2}']);
    await journal.append('op-1', '{"seq":4}');
    expect(readFileSync(file('op-1'), 'utf8')).toBe('{"seq":1}\n{"seq":2}\n{"seq":4}\n');
  });

  test('may be the first one', async () => {
    await localJournal(folder).append('op-2', 'x');
    writeFileSync(file('op-1'), '{"se');
    const journal = localJournal(folder);
    expect(await journal.read('op-1')).toEqual([]);
    await journal.append('op-1', '{"seq":1}');
    expect(await journal.read('op-1')).toEqual(['{"seq":1}']);
  });
});

describe('what it does not take', () => {
  test.each(['../op-1', 'a/b', '', '.hidden', 'a\0b'])('fails for an id that is no name of a file: %j', async (operation) => {
    const journal = localJournal(folder);
    expect(await failureOf(journal.append(operation, 'x'))).toMatchObject({ code: 'OPERATION_ID' });
    expect(await failureOf(journal.read(operation))).toMatchObject({ code: 'OPERATION_ID' });
  });

  test('fails for a line that is two', async () => {
    expect(await failureOf(localJournal(folder).append('op-1', 'a\nb'))).toBeInstanceOf(Error);
    expect(await localJournal(folder).read('op-1')).toEqual([]);
  });

  test('fails when the disk does not take it, and says where to go', async () => {
    // A file where the folder should be: refused to everybody, root too.
    writeFileSync(join(root, 'a'), '');
    const error = await failureOf(localJournal(folder).append('op-1', 'x'));
    expect(error).toMatchObject({ code: 'LOCAL_JOURNAL', fix: expect.stringContaining('STAMPKIT_STATE_DIR') as string });
  });

  test('goes on after a line that the disk refused', async () => {
    const journal = localJournal(folder);
    await journal.append('op-1', '1');
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    await failureOf(journal.append('op-1', '2'));
    rmSync(folder);
    await journal.append('op-1', '3');
    expect(await journal.read('op-1')).toEqual(['3']);
    chmodSync(folder, 0o700);
  });
});

describe('where it is', () => {
  test.each([
    [{ STAMPKIT_STATE_DIR: '/s', XDG_STATE_HOME: '/x', HOME: '/h' }, '/s/shop/journal'],
    [{ XDG_STATE_HOME: '/x', HOME: '/h' }, '/x/stampkit/shop/journal'],
    [{ XDG_STATE_HOME: 'relative', HOME: '/h' }, '/h/.local/state/stampkit/shop/journal'],
    [{ HOME: '/h' }, '/h/.local/state/stampkit/shop/journal'],
  ])('%o', (environment, expected) => {
    expect(journalFolder('shop', environment)).toBe(expected);
  });
});
