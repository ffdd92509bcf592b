import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { isFixedByLock } from '../../config/checks';
import { loadConfig } from '../../config/load';
import { serializeLock, writeLock } from '../../config/lock-file';
import { LOCK_FILE } from '../../config/read-folder';
import { StampError } from '../../errors';
import { type Finding, hasErrors, sortFindings } from '../../findings';
import { planLock } from '../../topology/addresses';
import { birthRegion } from '../../topology/placement';
import { type CommandContext, type CommonOptions, printFindings, printJson, withCommonOptions } from '../command';
import { EXIT_FINDINGS, EXIT_OK, counted } from '../terminal';

/** The lock only says where the data is: that nothing is made a second time there is up to the next deployment. */
const AFTER_REHOME =
  'before the next deployment read npx cdk diff: data stacks follow their home Region, and data that exists there is imported, not created\n';

interface LockCommandOptions extends CommonOptions {
  readonly check?: boolean;
  readonly release: readonly string[];
  readonly rehome: readonly string[];
  readonly reason?: string;
}

/** `stampkit lock`: allocates what is new, keeps what is pinned, and prints what it added. */
export function registerLock(program: Command, { terminal, finish }: CommandContext): void {
  const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];
  const command = program
    .command('lock')
    .option('--check', 'write nothing; exit 1 when the lock is missing or behind')
    .addOption(
      new Option('--release <stamp>', 'free the addresses of a stamp that is gone for good; repeatable')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option('--rehome <group>', 'move the home Region of a group to its preferred Region (needs --reason); repeatable')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--reason <text>', 'why the home Region moves');
  withCommonOptions(command, 'npx stampkit lock --check').action((options: LockCommandOptions) => {
    const reason = reasonOf(options);
    const loaded = loadConfig(options.stamps);
    const blocking = loaded.findings.filter((finding) => finding.severity === 'error' && !isFixedByLock(finding));
    const { config } = loaded;
    const report = (findings: readonly Finding[], rest: Readonly<Record<string, unknown>> = {}): void => {
      if (options.json === true) printJson(terminal, { ok: !hasErrors(findings), findings, ...rest });
      else printFindings(terminal.err, findings);
    };
    if (config === undefined || blocking.length > 0) {
      // That the lock is behind is why the command was called; everything else stands in its way.
      report(loaded.findings.filter((finding) => !isFixedByLock(finding) || finding.where.file !== LOCK_FILE));
      finish(EXIT_FINDINGS);
      return;
    }

    const rehome = [...new Set(options.rehome)].map((group) => {
      const region = config.groups
        .filter((candidate) => candidate.group === group)
        .map(({ placement }) => birthRegion(placement))[0];
      if (region === undefined)
        throw new StampError(
          'GROUP_UNKNOWN',
          `no group "${group}"`,
          `Name one of: ${config.groups.map((known) => known.group).join(', ')}.`,
        );
      return { group, region, reason };
    });
    const plan = planLock(config, loaded.lock, { release: [...options.release], rehome });
    const findings = sortFindings(plan.findings.map((finding) => ({ ...finding, where: loaded.locate(finding.where) })));
    if (hasErrors(findings)) {
      report(findings);
      finish(EXIT_FINDINGS);
      return;
    }

    const text = serializeLock(plan.lock);
    const outdated = loaded.lock === undefined || serializeLock(loaded.lock) !== text;
    if (outdated && options.check !== true) writeLock(options.stamps, plan.lock);
    const behind = outdated && options.check === true;
    report(findings, {
      ok: !behind,
      outdated,
      written: outdated && !behind,
      changes: plan.changes,
    });
    if (options.json !== true) {
      for (const change of plan.changes) terminal.out(`${change.message}\n`);
      const file = join(options.stamps, LOCK_FILE);
      if (!outdated) terminal.out(`${file} is up to date: ${counted(Object.keys(plan.lock.addresses).length, 'stamp')}\n`);
      else if (behind) terminal.out(`${file} ${checkVerdict(options, existsSync(file))} and commit the file\n`);
      else terminal.out(`wrote ${file}: commit it\n`);
      if (plan.changes.some(({ kind }) => kind === 'home-moved')) terminal.out(AFTER_REHOME);
    }
    finish(behind ? EXIT_FINDINGS : EXIT_OK);
  });
}

/**
 * The reason on one line: it stands in the lock and in what the command prints.
 *
 * @throws StampError USAGE when there is one without the other: a reason and a home Region to move
 */
function reasonOf({ rehome, reason }: LockCommandOptions): string {
  const text = (reason ?? '').replace(/[\p{C}\s]+/gu, ' ').trim();
  if (rehome.length > 0 && text === '')
    throw new StampError(
      'USAGE',
      '--rehome without --reason',
      'Say why the home Region moves: --reason "us-east-1 is lost, data adopted in us-west-2".',
    );
  if (rehome.length === 0 && reason !== undefined)
    throw new StampError('USAGE', '--reason without --rehome', 'Name the group whose home Region moves: --rehome GROUP.');
  return text;
}

/** What a `--check` says when the file would change. What was asked for by hand would be lost in a plain `lock`. */
function checkVerdict({ release, rehome }: LockCommandOptions, exists: boolean): string {
  if (release.length + rehome.length > 0) return 'would change: run the same command without --check';
  return `is ${exists ? 'behind' : 'missing'}: run npx stampkit lock`;
}
