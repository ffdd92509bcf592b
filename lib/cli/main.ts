import { Command, CommanderError } from 'commander';
import { isStampError } from '../errors';
import { isPortError } from '../ports';
import type { CommandContext } from './command';
import { registerCheck } from './commands/check';
import { registerCi } from './commands/ci';
import { registerDrill } from './commands/drill';
import { registerOperations } from './operations/register';
import type { OperationsHost } from './operations/host';
import { stoppedWhileReading } from './operations/interrupts';
import { processHost } from './operations/process-host';
import { registerLab } from './commands/lab';
import { registerLock } from './commands/lock';
import { registerPreflight } from './commands/preflight';
import { registerResolve } from './commands/resolve';
import { registerTopology } from './commands/topology';
import { registerVerify } from './commands/verify';
import { EXIT_FINDINGS, EXIT_OK, EXIT_USAGE, type Terminal } from './terminal';
import { printJson } from './command';

/** The command line as data, so that a test can compare it with the documentation. */
export function createProgram(context: CommandContext, version: string, host: OperationsHost = processHost()): Command {
  const program = new Command('stampkit')
    .description(
      'Multi-Region deployment stamps for AWS CDK: check, lock, prove, preflight and operate the fleet that stamps/ describes.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: context.terminal.out, writeErr: context.terminal.err })
    .showSuggestionAfterError()
    .addHelpText('after', "\nExample:\n  $ npx stampkit check\n\nDeploy with the CDK CLI: npx cdk deploy 'shop-enterprise-*'");
  registerCheck(program, context);
  registerLock(program, context);
  registerTopology(program, context);
  registerPreflight(program, context);
  registerResolve(program, context);
  registerVerify(program, context);
  registerOperations(program, context, host);
  registerDrill(program, context, host);
  registerLab(program, context, host);
  registerCi(program, context);
  return program;
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
  const program = createProgram({ terminal, finish: (code) => (exitCode = code) }, version, reading.host);
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
