import { Command, InvalidArgumentError } from 'commander';

/** The command line of scripts/deploy.sh. */
export interface DeployOptions {
  readonly groups: readonly string[];
  readonly stamp: readonly string[];
  readonly stamps: string;
  readonly concurrency: number;
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Do not ask before deploying. */
  readonly yes: boolean;
  readonly destroy: boolean;
  readonly confirm: readonly string[];
  /** False for `--no-wait`. */
  readonly wait: boolean;
  /** Minutes. */
  readonly waitTimeout: number;
  readonly allowPointerReset: boolean;
  readonly allowUnreadFloors: boolean;
}

/** The parser of scripts/deploy.sh; `run` is called once with what was asked for. */
export function deployCommand(run: (options: DeployOptions) => Promise<void>): Command {
  const collect = (value: string, previous: readonly string[]): string[] => [...previous, value];
  const command = new Command('deploy.sh')
    .description(
      'Deploys a fleet in the right order: control, data, home stamps, other stamps, routing. Phases one after another, stacks of a phase at the same time.',
    )
    .argument('[groups...]', 'tenant groups; all of them when none is named')
    .option('--stamp <id>', 'this stamp only, with control and data before it and without routing; repeatable', collect, [])
    .option('--stamps <dir>', 'folder that describes the fleet', 'stamps')
    .option('--concurrency <n>', 'stacks of a phase that are deployed at the same time', wholeNumber, 4)
    .option('--dry-run', 'print the order and change nothing', false)
    .option('-y, --yes', 'deploy without asking; without a terminal nobody is asked', false)
    .option('--json', 'print one JSON document on stdout, of the plan or of what was done; messages go to stderr', false)
    .option('--destroy', 'remove, in the reverse order; asks for the exact name of each stack', false)
    .option('--confirm <stack>', 'with --destroy: the exact name, instead of being asked; repeatable', collect, [])
    .option('--no-wait', 'do not wait for the health checks of new stamps')
    .option('--wait-timeout <minutes>', 'how long to wait for health checks', wholeNumber, 15)
    .option('--allow-pointer-reset', 'let a deployment point a stamp back at the database it had before a restore', false)
    .option(
      '--allow-unread-floors',
      'let a deployment write capacity that nobody can read, which a failover may have raised',
      false,
    );
  return command
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  $ scripts/deploy.sh --dry-run',
        '  $ scripts/deploy.sh enterprise --concurrency 6',
        '  $ scripts/deploy.sh --destroy --stamp pool-euw1',
        '',
        'Prints the plan and asks before it changes anything; what is printed on stderr is for people, stdout holds the result alone.',
        'After a failure, run the same command again: stacks that are deployed and unchanged are skipped.',
        'Exit codes: 0 ok, 1 findings or failed, 2 usage or unreadable input, 3 stopped by the operator or a guard.',
      ].join('\n'),
    )
    .showSuggestionAfterError()
    .action((groups: string[], options: Omit<DeployOptions, 'groups'>) => {
      refuseNonsense(command, options);
      return run({ ...options, groups });
    });
}

/** Options that would do nothing are mistakes: `--yes` is not how a removal is confirmed. */
function refuseNonsense(command: Command, { destroy, confirm, yes }: Omit<DeployOptions, 'groups'>): void {
  if (!destroy && confirm.length > 0) command.error('error: --confirm is for --destroy');
  if (destroy && yes) command.error('error: --yes does not confirm a removal: say --confirm with the exact name of each stack');
}

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]*$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.');
  return Number(text);
}
