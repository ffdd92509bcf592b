import type { Clock } from '../../ports';
import { CancellationSource } from '../execute/cancellation';
import type { Hold } from './hold';
import { LEASE_DURATION_MS } from './lease';

/** Between two heartbeats, in milliseconds: three may be lost before the lease runs out. */
const BEAT_MS = LEASE_DURATION_MS / 4;

/**
 * Keeps a lease while work goes on, whatever the work waits for: a validation or a comparison may take longer than a lease holds, in one call.
 * Ends with the work. A process that stands still beats no more.
 *
 * @param onLost called once when somebody else has taken the lease over
 */
export async function whileBeating<T>(hold: Hold, clock: Clock, onLost: () => void, work: () => Promise<T>): Promise<T> {
  const over = new CancellationSource();
  const beats = async (): Promise<void> => {
    while (hold.lostBecause === undefined) {
      await clock.sleep(BEAT_MS, over);
      if (over.level > 0) return;
      await hold.keepAlive();
    }
    if (over.level === 0) onLost();
  };
  const heart = beats();
  try {
    return await work();
  } finally {
    over.raise();
    // A beat that is under way is not waited for: the way out may be a second Ctrl-C.
    heart.catch(() => undefined);
  }
}
