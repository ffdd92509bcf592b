import { runCli } from '../../../lib/cli/main';
import type { OperationsHost } from '../../../lib/cli/operations/host';
import type { OperationPorts } from '../../../lib/ports';
import type { GroupProof } from '../../../lib/resilience/types';
import type { Fleet } from '../../../lib/topology/types';
import { FakeAws } from '../../fakes/fake-aws';
import { EPOCH, FakeProcess, type ProcessOptions } from '../../fakes/world';
import { type CliRun, EXAMPLE_STAMPS } from '../../support/cli';
import { exampleFleet } from '../../support/loaded-fleets';

export interface OnCallOptions extends ProcessOptions {
  /** Somebody watches a terminal. */
  readonly interactive?: boolean;
  readonly disk?: Map<string, string[]>;
  readonly wrap?: (ports: OperationPorts) => OperationPorts;
  readonly proof?: (group: string) => Promise<GroupProof | undefined>;
  readonly stamps?: string;
}

/** Milliseconds of real time that a command may do nothing while nobody sleeps in fake time: it loads a module or reads a file. */
const PATIENCE_MS = 20_000;

/** Somebody on call, with the command line in front of a fake AWS that holds the example fleet. */
export class OnCall {
  public readonly disk: Map<string, string[]>;
  public readonly left: number[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly ticks = new Set<() => void>();
  private runs = 0;

  public constructor(
    public readonly aws: FakeAws = wellBackedUp(new FakeAws(exampleFleet().fleet)),
    private readonly options: OnCallOptions = {},
  ) {
    this.disk = options.disk ?? new Map<string, string[]>();
  }

  public get name(): string {
    return this.options.name ?? 'jo';
  }

  /** One command line in this process; time of the fake AWS passes while it waits. */
  public async run(...args: string[]): Promise<CliRun> {
    const { stamps = EXAMPLE_STAMPS } = this.options;
    const { exitCode, out, err } = await this.runAsIs(args.includes('--help') ? args : [...args, '--stamps', stamps]);
    return { exitCode, out, err };
  }

  /** A command line in the root of the repository as somebody sees it: what was typed, everything that was printed, how it ended. */
  public async transcript(...args: string[]): Promise<string> {
    const { exitCode, together } = await this.runAsIs(args);
    const typed = args.map((word) => (/^[\w./:=,@-]+$/.test(word) ? word : `"${word}"`)).join(' ');
    return `$ npx stampkit ${typed}\n${together}${exitCode === 0 ? '' : `(exit code ${exitCode})\n`}`;
  }

  private async runAsIs(args: readonly string[]): Promise<CliRun & { readonly together: string }> {
    let out = '';
    let err = '';
    let together = '';
    const terminal = {
      out: (text: string) => void ((out += text), (together += text)),
      err: (text: string) => void ((err += text), (together += text)),
      interactive: this.options.interactive ?? false,
    };
    const exitCode = await this.pump(runCli(args, terminal, '1.2.3', this.host()));
    return { exitCode, out, err, together };
  }

  /** Ctrl-C. */
  public interrupt(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private host(): OperationsHost {
    this.runs += 1;
    const process = new FakeProcess(this.aws.world, this.options, this.disk);
    const { wrap = (ports: OperationPorts): OperationPorts => ports } = this.options;
    return {
      ports: ({ reporter }) => Promise.resolve(wrap({ ...this.aws.ports(process), reporter })),
      identity: () => ({ operator: this.name, holder: `${this.name}/${this.runs}` }),
      onInterrupt: (listener) => {
        this.listeners.add(listener);
        return () => void this.listeners.delete(listener);
      },
      every: (_milliseconds, tick) => {
        this.ticks.add(tick);
        return () => void this.ticks.delete(tick);
      },
      leave: (exitCode) => void this.left.push(exitCode),
      proof: async (_fleet: Fleet, group: string) => this.options.proof?.(group),
    };
  }

  private async pump<T>(work: Promise<T>): Promise<T> {
    const state = { settled: false };
    const watched = work.finally(() => (state.settled = true));
    watched.catch(() => undefined);
    let idleSince = performance.now();
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (state.settled) return watched;
      for (const tick of [...this.ticks]) tick();
      if (this.aws.world.advance()) idleSince = performance.now();
      else if (performance.now() - idleSince > PATIENCE_MS) throw new Error('everybody waits for something that never comes');
    }
  }
}

/** Backups as they should be: copies in every vault, and a restore test three days ago. */
export function wellBackedUp(aws: FakeAws): FakeAws {
  for (const { account, name, names, database, stamps } of aws.fleet.groups) {
    for (const { shape, values } of stamps) {
      const { region } = shape;
      aws.backups.tests.set(`${region}/${values.names.restoreTestingPlan}`, { at: EPOCH - 3 * 86_400_000, passed: true });
      if (aws.backups.recoveryPoints.some((point) => point.vault === values.names.backupVault && point.copy)) continue;
      aws.backups.recoveryPoints.push({
        arn: `arn:aws:backup:${region}:${account}:recovery-point:${name}-copy`,
        region,
        vault: values.names.backupVault,
        account,
        resource: database.engine === 'dynamodb' ? names.table : values.names.databaseCluster,
        createdAt: EPOCH - 3 * 3_600_000,
        status: 'completed',
        copy: true,
        lock: 'governance',
      });
    }
  }
  return aws;
}

/** The plan's hash, as a dry run prints it. */
export function hashIn({ out }: CliRun): string {
  const hash = /--plan ([0-9a-f]{12})\b/.exec(out)?.[1];
  if (hash === undefined) throw new Error(`no plan to go with:\n${out}`);
  return hash;
}
