import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export const ROOT = resolve(__dirname, '..', '..', '..');

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Called with everything printed so far whenever something is printed; `stop` sends one SIGTERM. */
  readonly watch?: (output: string, stop: () => void) => void;
}

/** Runs a program without a terminal. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { cwd = ROOT, env = {}, stdin = '', watch } = options;
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    const stop = (): void => {
      if (!child.killed) child.kill('SIGTERM');
    };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
        watch?.(output.stdout + output.stderr, stop);
      });
    }
    child.once('error', fail);
    child.once('close', (code) => {
      done({ exitCode: code ?? -1, ...output });
    });
    // A program that ends without reading closes its end first.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
  });
}

/** What a failed run printed, for the message of an assertion. */
export function shown({ exitCode, stdout, stderr }: RunResult): string {
  return `exit code ${exitCode}\n${stdout}\n${stderr}`;
}
