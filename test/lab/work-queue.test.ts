import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WorkQueue } from '../../lib/lab/region/work-queue';
import { LabTime } from '../../lib/lab/time/lab-time';

let folder: string;
let dead: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-queue-'));
  dead = [];
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

function open(): WorkQueue {
  const deadLetter = { maxReceives: 2, move: (body: string) => void dead.push(body) };
  return new WorkQueue(join(folder, 'q.jsonl'), { visibilityTimeout: 30, retention: 600, deadLetter }, new LabTime(10));
}

test('a received message is hidden for the visibility time-out, divided by the speed, and comes again', () => {
  const queue = open();
  queue.send('work');
  expect(queue.receive(10)).toHaveLength(1);
  expect(queue.receive(10)).toEqual([]);
  vi.advanceTimersByTime(2999);
  expect(queue.receive(10)).toEqual([]);
  vi.advanceTimersByTime(2);
  expect(queue.receive(10)).toMatchObject([{ body: 'work', receives: 2 }]);
});

test('a message that is received too often is a dead letter', () => {
  const queue = open();
  queue.send('poison');
  for (let round = 0; round < 3; round += 1) {
    queue.receive(10);
    vi.advanceTimersByTime(3001);
  }
  expect(queue.receive(10)).toEqual([]);
  expect(dead).toEqual(['poison']);
  expect(queue.reading()).toMatchObject({ visible: 0, inFlight: 0 });
});

test('a deleted message never comes again; a receipt of an earlier receive deletes nothing', () => {
  const queue = open();
  queue.send('work');
  const [first] = queue.receive(1);
  vi.advanceTimersByTime(3001);
  const [second] = queue.receive(1);
  expect(queue.delete(first!.receipt)).toBe(false);
  expect(queue.delete(second!.receipt)).toBe(true);
  vi.advanceTimersByTime(3001);
  expect(queue.receive(1)).toEqual([]);
});

test('what was sent and not deleted is there after a crash, with its count of receives', () => {
  const queue = open();
  queue.send('done');
  queue.send('open');
  const [message] = queue.receive(1);
  queue.delete(message!.receipt);
  queue.receive(1);
  expect(open().receive(10)).toMatchObject([{ body: 'open', receives: 2 }]);
});

test('nothing lives longer than the retention', () => {
  const queue = open();
  queue.send('old');
  vi.advanceTimersByTime(60_001);
  expect(queue.bodies()).toEqual(['old']);
  expect(queue.receive(1)).toEqual([]);
  expect(queue.bodies()).toEqual([]);
});
