import type { Terminal } from './terminal';

/**
 * The process's own streams. A reader that goes away (`stampkit check | head -1`) ends the program quietly, as it ends other tools;
 * a disk that is full is one line. A program that ends what it has started when it is hung up on is hung up on.
 */
export function standardStreams(): Terminal {
  let gone = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (gone) return;
      gone = true;
      if (error.code === 'EPIPE' && process.listenerCount('SIGHUP') > 0) {
        process.kill(process.pid, 'SIGHUP');
        return;
      }
      if (error.code !== 'EPIPE' && stream === process.stdout) process.stderr.write(`cannot write: ${error.message}\n`);
      process.exit(error.code === 'EPIPE' ? 0 : 1);
    });
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY,
  };
}
