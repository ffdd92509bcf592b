import type { Command } from 'commander';
import { type Finding, hasErrors } from '../findings';
import { renderFinding, summarizeFindings } from './render-findings';
import { EXIT_FINDINGS, EXIT_OK, type Terminal } from './terminal';

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Called once by the command that ran, with its exit code. */
  readonly finish: (exitCode: number) => void;
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly stamps: string;
  readonly json?: boolean;
}

/** Version of the JSON documents that commands print; raised when a field changes its meaning or goes away. */
export const JSON_SCHEMA_VERSION = 1;

/** Adds `--stamps`, `--json` and an example to a command. */
export function withCommonOptions(command: Command, example: string): Command {
  return command
    .option('--stamps <dir>', 'folder that describes the fleet', 'stamps')
    .option('--json', 'print one JSON document on stdout; messages go to stderr')
    .addHelpText(
      'after',
      `\nExample:\n  $ ${example}\n\nExit codes: 0 ok, 1 findings or failed, 2 usage or unreadable input, 3 stopped by the operator or a guard.`,
    );
}

/** Prints one JSON document, `schemaVersion` first. */
export function printJson(terminal: Terminal, document: Readonly<Record<string, unknown>>): void {
  terminal.out(`${JSON.stringify({ schemaVersion: JSON_SCHEMA_VERSION, ...document }, undefined, 2)}\n`);
}

/** Findings as text, then their count. Prints nothing but the count when there are none. */
export function printFindings(write: (text: string) => void, findings: readonly Finding[]): void {
  for (const finding of findings) write(renderFinding(finding));
  if (findings.length > 0) write(`${summarizeFindings(findings)}\n`);
}

export function exitCodeOf(findings: readonly Finding[]): number {
  return hasErrors(findings) ? EXIT_FINDINGS : EXIT_OK;
}
