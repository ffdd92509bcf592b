import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The CDK CLI as a child process, and the operator's wish to stop. */
export interface CdkProcess {
  readonly run: (args: readonly string[]) => Promise<number>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Aborted by the first signal. */
  readonly stopped: AbortSignal;
}

/**
 * Runs the project's CDK CLI in a process group of its own, so that one signal reaches everything below it: nothing is left behind when
 * the operator stops or a pipeline is cancelled. A second signal kills. The handlers stay: this is the whole life of the program.
 *
 * All that the CLI prints goes to stderr, because stdout is for the result.
 */
export function createCdkProcess(): CdkProcess {
  let current: ChildProcess | undefined;
  const stopped = new AbortController();
  const stop = (): void => {
    const first = !stopped.signal.aborted;
    stopped.abort();
    if (current?.pid !== undefined) signalGroup(current.pid, first ? 'SIGTERM' : 'SIGKILL');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return {
    stopped: stopped.signal,
    run: (args) =>
      new Promise((resolve, reject) => {
        if (stopped.signal.aborted) {
          resolve(1);
          return;
        }
        const [program, ...first] = cdkCommand();
        current = spawn(program, [...first, ...args], {
          stdio: ['ignore', process.stderr.fd, process.stderr.fd],
          detached: true,
        });
        current.once('error', reject);
        current.once('close', (code) => {
          current = undefined;
          resolve(code ?? 1);
        });
      }),
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          stopped.signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        stopped.signal.addEventListener('abort', done);
        if (stopped.signal.aborted) done();
      }),
  };
}

/** The CLI that the project depends on, started directly; where it is not a package of the project, npx looks for it. */
function cdkCommand(): readonly [string, ...string[]] {
  try {
    return [process.execPath, createRequire(join(process.cwd(), 'package.json')).resolve('aws-cdk/bin/cdk')];
  } catch {
    return ['npx', '--no-install', 'cdk'];
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
