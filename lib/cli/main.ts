import { Command, CommanderError } from 'commander';
import { isStampError } from '../errors';
import { isPortError } from '../ports';
import { type CommandContext, printJson } from './command';
import { COMMANDS, type CommandEntry } from './commands';
import type { OperationsHost } from './operations/host';
import { stoppedWhileReading } from './operations/interrupts';
import { processHost } from './operations/process-host';
import { EXIT_FINDINGS, EXIT_OK, EXIT_USAGE, type Terminal } from './terminal';

/**
 * The command line as data, so that a test can compare it with the documentation.
 *
 * @param wanted whether a command is needed as it is; of the others only the names are there. Parsing all of them would be most of the time of `--help`
 */
export async function createProgram(
  context: CommandContext,
  version: string,
  host: OperationsHost = processHost(),
  wanted: (name: string) => boolean = () => true,
): Promise<Command> {
  const program = new Command('stampkit')
    .description(
      'Multi-Region deployment stamps for AWS CDK: check, lock, prove, preflight and operate the fleet that stamps/ describes.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: context.terminal.out, writeErr: context.terminal.err })
    .showSuggestionAfterError()
    .addHelpText('after', "\nExample:\n  $ npx stampkit check\n\nDeploy with the CDK CLI: npx cdk deploy 'shop-enterprise-*'");
  for (const entry of COMMANDS) {
    if (wanted(entry.name)) (await entry.load())(program, context, host);
    else addOutline(program, entry);
    program.commands.find((command) => command.name() === entry.name)?.description(entry.description);
  }
  return program;
}

/** What the overview shows of a command, and no more. */
function addOutline(program: Command, { name, operands = '' }: CommandEntry): void {
  program.command(`${name} ${operands}`.trimEnd()).option('--json');
}

/** Runs one command line and returns its exit code; never throws and never shows a stack for something a user can mend. */
export async function runCli(
  args: readonly string[],
  terminal: Terminal,
  version: string,
  host: OperationsHost = processHost(),
): Promise<number> {
  let exitCode = EXIT_OK;
  const reading = stoppedWhileReading(host, terminal);
  const finish = (code: number): void => void (exitCode = code);
  // A name that is the value of an option loads too much, and never too little.
  const program = await createProgram({ terminal, finish }, version, reading.host, (name) => args.includes(name));
  if (args.length === 0) {
    program.outputHelp({ error: true });
    return EXIT_USAGE;
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    if (isStampError(error)) {
      if (args.includes('--json')) printJson(terminal, { error: { code: error.code, message: error.message, fix: error.fix } });
      terminal.err(`${error.message}\n`);
      return EXIT_USAGE;
    }
    const outside = outsideError(error);
    if (outside !== undefined) {
      if (args.includes('--json')) printJson(terminal, { error: outside });
      terminal.err(`${outside.message}\n`);
      return EXIT_FINDINGS;
    }
    terminal.err(
      `internal error, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return EXIT_FINDINGS;
  } finally {
    reading.end();
  }
}

/** What AWS or the disk would not do is no fault of the program: one line, with a code to match on. */
function outsideError(error: unknown): { readonly code: string; readonly message: string } | undefined {
  if (isPortError(error)) return { code: error.kind, message: error.message };
  if (error instanceof Error && 'syscall' in error && 'code' in error)
    return { code: String(error.code), message: error.message };
  return undefined;
}
