import { execFile } from 'node:child_process';

/** What a command left behind. */
export interface Run {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command and waits for its end; output is kept, whatever the exit code. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<Run> {
  return new Promise((done, failed) => {
    execFile(
      command,
      args,
      { cwd: options.cwd, env: { ...process.env, ...QUIET, ...options.env }, maxBuffer: 64 * 1024 * 1024 },
      (error, out, err) => {
        // Without an exit code nothing ran: the command is missing.
        if (error !== null && typeof error.code !== 'number') failed(new Error(`${command}: ${error.message}`));
        else done({ exitCode: Number(error?.code ?? 0), out, err });
      },
    );
  });
}

/** Runs a command that has to succeed, and returns what it printed on stdout. */
export async function succeed(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { exitCode, out, err } = await run(command, args, options);
  if (exitCode !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${exitCode}:\n${out.slice(-4000)}\n${err.slice(-4000)}`);
  return out;
}

interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** jsii says in eleven lines that a Node.js is old, and once more in every language. */
const QUIET = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };
