import { type Command, InvalidArgumentError, Option } from 'commander';
import { didYouMean } from '../../config/suggest';
import { quotaOf } from '../../facts/quotas';
import { sortFindings } from '../../findings';
import type { Quotas } from '../../ports';
import { countStack } from '../../preflight/count-usage';
import { type KnownQuota, quotaNamed, raisableQuotaNames } from '../../preflight/known-quotas';
import { liveFindings, type LiveReadings, usedByOthers } from '../../preflight/live';
import { groupsOfStacks, type PreflightReport, runPreflight } from '../../preflight/preflight';
import { type CommandContext, type CommonOptions, exitCodeOf, printFindings, printJson, withCommonOptions } from '../command';
import { loadStacks, type LoadedStacks } from '../preflight/load-stacks';
import { readLive } from '../preflight/read-live';
import {
  renderHealthChecks,
  renderNotJudged,
  renderPrerequisites,
  renderProposals,
  renderQuotaLines,
} from '../preflight/render-preflight';
import { counted, EXIT_FINDINGS, type Terminal } from '../terminal';

interface PreflightCommandOptions extends CommonOptions {
  readonly assembly?: string;
  readonly quota: readonly KnownQuota[];
  readonly all?: boolean;
  readonly live?: boolean;
}

/** Makes what reads live limits; tests give a fake. */
export type QuotasFactory = (warn: (text: string) => void) => Quotas | Promise<Quotas>;

/** The SDK is loaded by whoever needs it. */
const fromAws: QuotasFactory = async (warn) => (await import('../../aws/quotas/live-quotas.js')).createQuotas(warn);

/** `stampkit preflight`: what the fleet needs of its accounts, from the templates themselves. */
export function registerPreflight(
  program: Command,
  { terminal, finish }: CommandContext,
  quotasFactory: QuotasFactory = fromAws,
): void {
  const command = program
    .command('preflight')
    .option('--assembly <dir>', 'read this cloud assembly instead of synthesizing stamps/')
    .option('--live', 'read quotas, what is in use, and the health checkers’ ranges with your AWS credentials; changes nothing')
    .addOption(
      new Option('--quota <name=value>', 'a quota of yours that was raised, by key or code; repeatable')
        .argParser(parseQuota)
        .default([], "AWS's defaults"),
    )
    .option('--all', 'print every line, prerequisite and name');
  withCommonOptions(command, 'npx stampkit preflight --quota L-0263D0A3=20').action(async (options: PreflightCommandOptions) => {
    progress(terminal, options.assembly === undefined ? 'synthesizing ...' : `reading ${options.assembly} ...`);
    const loaded = await loadStacks(options.stamps, options.assembly);
    if ('findings' in loaded) {
      if (options.json === true) printJson(terminal, { ok: false, findings: loaded.findings });
      else printFindings(terminal.out, loaded.findings);
      finish(EXIT_FINDINGS);
      return;
    }
    const live = options.live === true ? await askAws(loaded, quotasFactory, terminal) : undefined;
    const report = judge(loaded, options.quota, live);
    const findings = sortFindings([...report.findings, ...(live === undefined ? [] : liveFindings(live))]);
    if (options.json === true)
      printJson(terminal, { ok: exitCodeOf(findings) === 0, ...report, findings, live: live !== undefined });
    else print(terminal, { ...report, findings }, loaded, options.all === true);
    finish(exitCodeOf(findings));
  });
}

function judge(loaded: LoadedStacks, given: readonly KnownQuota[], live: LiveReadings | undefined): PreflightReport {
  const own = live === undefined ? [] : loaded.stacks.filter((stack) => live.deployed.has(placeOf(stack))).flatMap(countStack);
  return runPreflight(loaded.stacks, {
    known: [...given, ...(live?.known ?? []), ...configuredQuotas(loaded.config)],
    ...(live !== undefined && { inUse: usedByOthers(live, own) }),
    ...(loaded.fleet !== undefined && { groupOf: groupsOfStacks(loaded.fleet) }),
  });
}

/** `quotas` of fleet.yaml, with Regions by name. */
function configuredQuotas(config: LoadedStacks['config']): KnownQuota[] {
  return (config?.quotas ?? []).map(({ quota, value, account, region: code }) => {
    const region = config?.regions.find((known) => known.code === code)?.region;
    return {
      quota,
      value,
      from: 'configured',
      ...(account !== undefined && { account }),
      ...(region !== undefined && { region }),
    };
  });
}

function placeOf({ account, region, stackName }: LoadedStacks['stacks'][number]): string {
  return `${account}/${region}/${stackName}`;
}

async function askAws(loaded: LoadedStacks, quotasFactory: QuotasFactory, terminal: Terminal): Promise<LiveReadings> {
  progress(terminal, `asking AWS about ${counted(loaded.places.length, 'place')} ...`);
  const { lines, prerequisites } = runPreflight(loaded.stacks);
  return readLive(await quotasFactory(terminal.err), {
    places: loaded.places,
    quotas: [...new Set(lines.map(({ quota }) => quota))],
    zones: prerequisites
      .filter(({ kind }) => kind === 'hosted-zone')
      .map(({ account, name }) => ({ account, hostedZoneId: name })),
    stackNames: new Set(loaded.stacks.map(({ stackName }) => stackName)),
  });
}

function print(terminal: Terminal, report: PreflightReport, { stacks }: LoadedStacks, all: boolean): void {
  const { lines, findings } = report;
  terminal.out(renderQuotaLines(lines, all));
  printFindings(terminal.out, findings);
  terminal.out(renderProposals(report.proposals, all));
  terminal.out(renderHealthChecks(report.healthChecks));
  terminal.out(renderPrerequisites(report.prerequisites, all));
  terminal.out(renderNotJudged(report));
  if (exitCodeOf(findings) === 0) {
    terminal.out(`ok: ${counted(lines.length, 'limit')} checked in ${counted(stacks.length, 'stack')}\n`);
  }
}

/** Synthesizing a large fleet and asking AWS take longer than a person waits without a word. */
function progress(terminal: Terminal, text: string): void {
  if (terminal.interactive) terminal.err(`${text}\n`);
}

function parseQuota(text: string, previous: readonly KnownQuota[]): readonly KnownQuota[] {
  const [name = '', value = ''] = text.split('=');
  const quota = quotaNamed(name);
  if (quota === undefined) {
    const known = raisableQuotaNames();
    throw new InvalidArgumentError(`nothing counts a quota "${name}"; ${didYouMean(name, known)}known: ${known.join(', ')}.`);
  }
  if (!quotaOf(quota).adjustable) throw new InvalidArgumentError(`"${name}" is a limit that AWS does not raise.`);
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError(`"${value}" is no whole number.`);
  return [...previous.filter((known) => known.quota !== quota), { quota, value: Number(value), from: 'given' }];
}
