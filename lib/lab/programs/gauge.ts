import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { WorkSample } from '../../drill/measure/slowness';
import { listen, rpcListener } from '../net/rpc';
import type { LabPlan } from '../plan/lab-plan';

/** Milliseconds between two samples. */
const EVERY = 250;
/** Rounds of arithmetic in one: some ten milliseconds of a core. */
const ROUNDS = 6_000_000;
/** Bytes that each one brings to the disk. */
const BYTES = Buffer.alloc(8192, 1);
/** Samples that are kept: an hour and more. */
const KEPT = 20_000;

/**
 * Says how slow this machine is at the moment: again and again the same work, part arithmetic and part disk, timed from the moment at which it was
 * due. It has no other part in the lab, so what a drill breaks or slows down it does not feel, unless it costs the machine as a whole.
 */
export async function runGauge(plan: LabPlan): Promise<void> {
  let samples: WorkSample[] = [];
  await listen(
    plan.gauge,
    rpcListener({
      ping: () => 'ok',
      samples: ({ since }: { since: number }) => samples.filter(({ at, took }) => at + took >= since),
    }),
  );
  const file = openSync('gauge', 'w');
  process.once('exit', () => {
    closeSync(file);
  });
  // The first rounds are slower: nothing is compiled yet.
  for (let warm = 0; warm < 5; warm += 1) work(file);
  const next = (due: number): void => {
    setTimeout(
      () => {
        work(file);
        const now = Date.now();
        samples.push({ at: due, took: now - due });
        if (samples.length > KEPT * 2) samples = samples.slice(-KEPT);
        next(Math.max(due + EVERY, now));
      },
      Math.max(0, due - Date.now()),
    );
  };
  next(Date.now() + EVERY);
}

/** The sum keeps the arithmetic from being left out. */
function work(file: number): number {
  let sum = 1;
  for (let round = 0; round < ROUNDS; round += 1) sum = (Math.imul(sum, 1_664_525) + round) | 0;
  writeSync(file, BYTES, 0, BYTES.length, 0);
  fsyncSync(file);
  return sum;
}
