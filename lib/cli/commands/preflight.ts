import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Assembly, readAssembly } from '../../assembly/read-assembly';
import { type KnownQuotas, type QuotaLine, checkQuotas, knownQuotaNames } from '../../preflight/check-quotas';
import { countUsage } from '../../preflight/count-usage';
import type { Fleet } from '../../topology/types';
import { type CommandContext, type CommonOptions, exitCodeOf, printFindings, printJson, withCommonOptions } from '../command';
import { loadFleet } from '../load-fleet';
import { EXIT_FINDINGS, type Terminal, counted, renderTable } from '../terminal';

interface PreflightOptions extends CommonOptions {
  readonly assembly?: string;
  readonly quota: KnownQuotas;
  readonly all?: boolean;
}

/** `stampkit preflight`: what the fleet needs of the accounts' quotas, from the templates themselves. */
export function registerPreflight(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command('preflight')
    .description(
      'compare what the templates need with the service quotas of each account and Region (AWS defaults, no credentials needed)',
    )
    .option('--assembly <dir>', 'read this cloud assembly instead of synthesizing stamps/')
    .addOption(
      new Option('--quota <code=value>', 'a quota of yours that was raised, by code or key; repeatable')
        .argParser(parseQuota)
        .default({}, "AWS's defaults"),
    )
    .option('--all', 'print the lines that are far from their limit, too');
  withCommonOptions(command, 'npx stampkit preflight --quota L-0263D0A3=20').action(async (options: PreflightOptions) => {
    const assembly = options.assembly === undefined ? await synthesize(options, terminal) : readAssembly(options.assembly);
    if (assembly === undefined) {
      finish(EXIT_FINDINGS);
      return;
    }
    const { lines, findings } = checkQuotas(countUsage(assembly), options.quota);
    if (options.json === true) {
      printJson(terminal, { ok: findings.length === 0, findings, lines });
    } else {
      terminal.out(renderLines(lines, options.all === true));
      printFindings(terminal.out, findings);
      if (findings.length === 0)
        terminal.out(`ok: ${counted(lines.length, 'quota')} checked in ${counted(assembly.stacks.length, 'stack')}\n`);
    }
    finish(exitCodeOf(findings));
  });
}

async function synthesize(options: CommonOptions, terminal: Terminal): Promise<Assembly | undefined> {
  const { findings, fleet } = loadFleet(options.stamps);
  if (fleet === undefined) {
    if (options.json === true) printJson(terminal, { ok: false, findings });
    else printFindings(terminal.out, findings);
    return undefined;
  }
  return synthesizeToTemporaryFolder(fleet);
}

/** Always from `stamps/` as it is now: old output in cdk.out is never trusted. */
export async function synthesizeToTemporaryFolder(fleet: Fleet): Promise<Assembly> {
  // Loading the CDK takes a second that other commands do not pay.
  const { synthesizeFleet } = await import('../../stacks/fleet-app.js');
  const directory = mkdtempSync(join(tmpdir(), 'stampkit-'));
  try {
    return readAssembly(synthesizeFleet(fleet, directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function renderLines(lines: readonly QuotaLine[], all: boolean): string {
  const shown = all ? lines : lines.filter((line) => !line.ok || line.used * 2 >= line.limit);
  if (shown.length === 0) return '';
  const rows = shown.map((line) => [
    line.ok ? 'ok' : 'OVER',
    line.quota,
    line.account,
    line.region ?? 'global',
    line.used.toLocaleString('en-US'),
    `${line.limit.toLocaleString('en-US')}${line.limitFrom === 'given' ? ' (given)' : ''}`,
    line.resource ?? '',
  ]);
  return renderTable(['STATE', 'QUOTA', 'ACCOUNT', 'REGION', 'NEEDED', 'LIMIT', 'RESOURCE'], rows);
}

function parseQuota(text: string, previous: KnownQuotas): KnownQuotas {
  const [name = '', value = ''] = text.split('=');
  if (!knownQuotaNames().includes(name)) {
    throw new InvalidArgumentError(`"${name}" is no quota that can be raised; known: ${knownQuotaNames().join(', ')}.`);
  }
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError(`"${value}" is no whole number.`);
  return { ...previous, [name]: Number(value) };
}
