import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '..', '..', '..');

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Called with everything printed so far whenever something is printed; `stop` sends one SIGTERM. */
  readonly watch?: (output: string, stop: () => void) => void;
}

/** Runs a program in the repository's root, without a terminal. */
export function run(command: string, args: readonly string[], { watch }: RunOptions = {}): Promise<RunResult> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
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
  });
}

export function deploySh(args: readonly string[], options?: RunOptions): Promise<RunResult> {
  return run(join(ROOT, 'scripts', 'deploy.sh'), args, options);
}

export function cdk(args: readonly string[]): Promise<RunResult> {
  return run('npx', ['--no-install', 'cdk', ...args]);
}

/** What a failed run printed, for the message of an assertion. */
export function shown({ exitCode, stdout, stderr }: RunResult): string {
  return `exit code ${exitCode}\n${stdout}\n${stderr}`;
}
