import { connect } from 'node:net';
import type { DatabaseAnswer } from '../../health/observation';

/**
 * Opens a TCP connection and closes it: all that can be asked of a database whose login the stamp does not hold.
 * Resolves without saying whether it would take a write.
 */
export function connectOnly(host: string, port: number, signal: AbortSignal): Promise<DatabaseAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.once('connect', () => {
      socket.destroy();
      resolve({ answers: true, detail: `${host}:${port} accepts connections` });
    });
    socket.once('error', reject);
  });
}
