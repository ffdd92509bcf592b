import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '../../config/load';
import { serializeLock, writeLock } from '../../config/lock-file';
import { StampError } from '../../errors';
import { type Finding, hasErrors, sortFindings } from '../../findings';
import { planLock } from '../../topology/addresses';
import { birthRegion } from '../../topology/placement';
import { type CommandContext, type CommonOptions, printFindings, printJson, withCommonOptions } from '../command';
import { EXIT_FINDINGS, EXIT_OK, counted } from '../terminal';

/** Name of the lock file in a `stamps/` folder. */
export const LOCK_FILE = 'fleet.lock.yaml';

/** Findings that say only that the lock is behind the configuration: what this command is there to mend. */
const LOCK_BEHIND = ['lock-missing', 'lock-outdated'];

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
    .description('allocate addresses and pin home Regions in fleet.lock.yaml; never changes what is pinned')
    .option('--check', 'write nothing; exit 1 when the lock is missing or behind')
    .option('--release <stamp>', 'free the addresses of a stamp that is gone for good; repeatable', collect, [])
    .option(
      '--rehome <group>',
      'move the home Region of a group to its preferred Region (needs --reason); repeatable',
      collect,
      [],
    )
    .option('--reason <text>', 'why the home Region moves');
  withCommonOptions(command, 'npx stampkit lock --check').action((options: LockCommandOptions) => {
    if (options.rehome.length > 0 && (options.reason ?? '').trim() === '') {
      throw new StampError(
        'USAGE',
        '--rehome without --reason',
        'Say why the home Region moves: --reason "us-east-1 is lost, data adopted in us-west-2".',
      );
    }
    const loaded = loadConfig(options.stamps);
    const blocking = loaded.findings.filter((finding) => finding.severity === 'error' && !LOCK_BEHIND.includes(finding.code));
    const { config } = loaded;
    const report = (findings: readonly Finding[], rest: Readonly<Record<string, unknown>> = {}): void => {
      if (options.json === true) printJson(terminal, { ok: !hasErrors(findings), findings, ...rest });
      else printFindings(terminal.err, findings);
    };
    if (config === undefined || blocking.length > 0) {
      report(loaded.findings.filter((finding) => !LOCK_BEHIND.includes(finding.code)));
      finish(EXIT_FINDINGS);
      return;
    }

    const rehome = options.rehome.map((group) => {
      const region = config.groups
        .filter((candidate) => candidate.group === group)
        .map(({ placement }) => birthRegion(placement))[0];
      if (region === undefined)
        throw new StampError(
          'GROUP_UNKNOWN',
          `no group "${group}"`,
          `Name one of: ${config.groups.map((known) => known.group).join(', ')}.`,
        );
      return { group, region };
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
    report(findings, { outdated, written: outdated && options.check !== true, changes: plan.changes });
    if (options.json !== true) {
      for (const change of plan.changes) terminal.out(`${change.message}\n`);
      const file = join(options.stamps, LOCK_FILE);
      if (!outdated) terminal.out(`${file} is up to date: ${counted(Object.keys(plan.lock.addresses).length, 'stamp')}\n`);
      else if (options.check === true)
        terminal.out(`${file} is ${existsSync(file) ? 'behind' : 'missing'}: run npx stampkit lock and commit the file\n`);
      else terminal.out(`wrote ${file}: commit it\n`);
    }
    finish(outdated && options.check === true ? EXIT_FINDINGS : EXIT_OK);
  });
}
