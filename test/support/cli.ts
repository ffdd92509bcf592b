import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCli } from '../../lib/cli/main';

/** The folder of the example fleet. */
export const EXAMPLE_STAMPS = resolve(__dirname, '..', '..', 'stamps');

/** What one command line did. */
export interface CliRun {
  readonly exitCode: number;
  /** Everything on stdout. */
  readonly out: string;
  /** Everything on stderr. */
  readonly err: string;
}

/** Runs one command line in this process, with the terminal captured. */
export async function run(...args: string[]): Promise<CliRun> {
  let out = '';
  let err = '';
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text), interactive: false };
  const exitCode = await runCli(args, terminal, '1.2.3');
  return { exitCode, out, err };
}

/** The one JSON document that `--json` promises on stdout. Throws when there is anything else. */
export function documentOf({ out }: CliRun): Record<string, any> {
  return JSON.parse(out) as Record<string, any>;
}

/** A copy of the example fleet that a test may change; `remove` it afterwards. */
export class StampsCopy {
  public readonly directory = mkdtempSync(join(tmpdir(), 'stampkit-cli-'));

  public constructor() {
    cpSync(EXAMPLE_STAMPS, this.directory, { recursive: true });
  }

  public read(file: string): string {
    return readFileSync(join(this.directory, file), 'utf8');
  }

  public write(file: string, text: string): void {
    writeFileSync(join(this.directory, file), text);
  }

  public delete(file: string): void {
    rmSync(join(this.directory, file));
  }

  /** Runs a command on this copy. */
  public run(...args: string[]): Promise<CliRun> {
    return run(...args, '--stamps', this.directory);
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
