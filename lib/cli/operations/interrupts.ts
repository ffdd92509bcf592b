import type { CancellationSource } from '../../operations/execute/cancellation';
import { EXIT_STOPPED, type Terminal } from '../terminal';
import type { OperationsHost } from './host';

const FIRST = 'stopping: the step at hand is finished or undone, then the lease is given back. Ctrl-C again stops at once';
const SECOND = 'stopped at once: the step at hand may be half done, and the lease runs out by itself';

/**
 * Runs something that listens to a cancellation. The first Ctrl-C stops it in order; after the second nothing is waited for, and
 * the program ends as soon as it has said how to go on; the third ends it where it is.
 */
export async function untilStopped<T>(
  host: Pick<OperationsHost, 'onInterrupt' | 'leave'>,
  cancellation: CancellationSource,
  say: (text: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  let times = 0;
  const off = host.onInterrupt(() => {
    times += 1;
    if (times > 2) {
      host.leave(EXIT_STOPPED);
      return;
    }
    say(times === 1 ? FIRST : SECOND);
    cancellation.raise();
  });
  try {
    return await work();
  } finally {
    off();
  }
}

/**
 * The same host, for one command line: from the moment it reaches for the world, a Ctrl-C that nothing else listens to ends the program
 * with the exit code of an abort. A command that only reads has nothing to finish, so the first one is enough.
 */
export function stoppedWhileReading(
  host: OperationsHost,
  terminal: Terminal,
): { readonly host: OperationsHost; readonly end: () => void } {
  let listening = 0;
  let changing = false;
  let off: (() => void) | undefined;
  const stop = (): void => {
    if (listening > 0) return;
    terminal.err(`${terminal.interactive ? '\n' : ''}stopped${changing ? '' : ': nothing was changed'}\n`);
    host.leave(EXIT_STOPPED);
  };
  const watched: OperationsHost = {
    ...host,
    ports: (request) => {
      off ??= host.onInterrupt(stop);
      return host.ports(request);
    },
    onInterrupt: (listener) => {
      listening += 1;
      changing = true;
      const released = host.onInterrupt(listener);
      return () => {
        listening -= 1;
        released();
      };
    },
  };
  return {
    host: watched,
    end: () => {
      off?.();
    },
  };
}
