import { type ChildProcess, spawn } from 'node:child_process';

/** The CDK CLI as a child process, and the operator's wish to stop. */
export interface CdkProcess {
  readonly run: (args: readonly string[]) => Promise<number>;
  readonly interrupted: () => boolean;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * Runs `npx cdk` in a process group of its own, so that one signal reaches npx and everything below it: nothing is left behind when the
 * operator stops or a pipeline is cancelled. A second signal kills. The handlers stay: this is the whole life of the program.
 */
export function createCdkProcess(): CdkProcess {
  let current: ChildProcess | undefined;
  let signals = 0;
  let wake: (() => void) | undefined;
  const stop = (): void => {
    signals += 1;
    wake?.();
    if (current?.pid !== undefined) signalGroup(current.pid, signals === 1 ? 'SIGTERM' : 'SIGKILL');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return {
    run: (args) =>
      new Promise((resolve, reject) => {
        if (signals > 0) {
          resolve(1);
          return;
        }
        current = spawn('npx', ['--no-install', 'cdk', ...args], { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
        current.once('error', reject);
        current.once('close', (code) => {
          current = undefined;
          resolve(code ?? 1);
        });
      }),
    interrupted: () => signals > 0,
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (signals > 0) wake();
      }),
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
