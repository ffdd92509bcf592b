import { type Command, InvalidArgumentError, Option } from 'commander';
import { againstFleet } from '../../config/drill/load-drills';
import { readDrill } from '../../config/drill/read-drill';
import type { DrillSpec } from '../../config/drill/types';
import { guardDrill } from '../../drill/aws/guard';
import { seconds } from '../../drill/measure/judge';
import { drillReport, type DrillReport } from '../../drill/report/document';
import { type Trend, trends } from '../../drill/report/history';
import { drillExitCode } from '../../drill/report/verdict';
import { type DrillRun, runDrill } from '../../drill/run/run-drill';
import { hasErrors, sortFindings } from '../../findings';
import { CancellationSource } from '../../operations/execute/cancellation';
import type { Fleet } from '../../topology/types';
import { type CommandContext, type CommonOptions, printFindings, printJson, withCommonOptions } from '../command';
import { type OpenDrillTarget, openDrillTarget } from '../drill/targets';
import { readHistory, writeReport } from '../drill/report-files';
import { loadFleet } from '../load-fleet';
import type { OperationsHost } from '../operations/host';
import { untilStopped } from '../operations/interrupts';
import { EXIT_FINDINGS, EXIT_OK, renderTable, type Terminal } from '../terminal';

interface DrillCommandOptions extends CommonOptions {
  readonly target: 'lab' | 'aws';
  readonly speed: number;
  readonly repeat: number;
  readonly out: string;
  readonly history?: boolean;
  readonly go?: boolean;
}

/** `stampkit drill FILE`: runs a drill and writes its report. */
export function registerDrill(
  program: Command,
  { terminal, finish }: CommandContext,
  host: OperationsHost,
  open: OpenDrillTarget = openDrillTarget,
): void {
  const command = program
    .command('drill')
    .argument('<file>', 'drill file, such as stamps/drills/region-loss-failover.yaml')
    .addOption(new Option('--target <target>', 'where to run it').choices(['lab', 'aws']).default('lab'))
    .option('--speed <n>', 'divide what the lab only plays by this', number(1, 100), 1)
    .option('--repeat <n>', 'run it so many times, with another seed each', number(1, 100), 1)
    .option('--out <dir>', 'folder of reports', 'drill-reports')
    .option('--history', 'list past runs and the trend instead')
    .option('--go', 'with --target aws: really do it');
  withCommonOptions(command, 'npx stampkit drill stamps/drills/region-loss-failover.yaml --speed 10').action(
    async (file: string, options: DrillCommandOptions) => {
      const drill = readDrill(file);
      const { fleet, config, findings: ofFleet } = loadFleet(options.stamps);
      const findings = sortFindings([...ofFleet, ...drill.findings, ...againstFleet(drill, config)]);
      const { spec } = drill;
      if (fleet === undefined || spec === undefined || hasErrors(findings)) {
        if (options.json === true) printJson(terminal, { ok: false, findings });
        else printFindings(terminal.out, findings);
        finish(EXIT_FINDINGS);
        return;
      }
      if (options.history === true) {
        showHistory(terminal, options, trends(readHistory(options.out, spec.drill)));
        finish(EXIT_OK);
        return;
      }
      guardDrill(spec, fleet, { target: options.target, go: options.go === true });
      const report = await runAll(spec, fleet, file, options, { terminal, host, open });
      const files = writeReport(options.out, report);
      if (options.json === true) printJson(terminal, { ...report, files });
      else terminal.out(`${summary(report)}report: ${files.html}\n`);
      finish(drillExitCode(report.status));
    },
  );
}

async function runAll(
  spec: DrillSpec,
  fleet: Fleet,
  file: string,
  options: DrillCommandOptions,
  { terminal, host, open }: { readonly terminal: Terminal; readonly host: OperationsHost; readonly open: OpenDrillTarget },
): Promise<DrillReport> {
  const { target: name, repeat } = options;
  const speed = name === 'aws' ? 1 : options.speed;
  const cancellation = new CancellationSource();
  const say = (line: string): void => {
    terminal.err(`${line}\n`);
  };
  return untilStopped(host, cancellation, say, async () => {
    const runs: DrillRun[] = [];
    let environment: Readonly<Record<string, string>> = {};
    let bounds;
    for (let index = 0; index < repeat; index += 1) {
      const seed = spec.load.seed + index;
      if (repeat > 1) say(`run ${index + 1} of ${repeat}`);
      const opened = await open(name, { fleet, spec, speed, seed, host, say });
      try {
        ({ environment } = opened.target);
        bounds = opened.bounds ?? bounds;
        const tell = ({ elapsed, part, message }: { elapsed: number; part: string; message: string }): void => {
          say(`${elapsed.toFixed(1).padStart(7)} s  ${part.padEnd(12)}  ${message}`);
        };
        runs.push(
          await runDrill(spec, opened.target, {
            cancellation,
            seed,
            tell,
            ...(opened.bounds !== undefined && { bounds: opened.bounds }),
          }),
        );
      } finally {
        await opened.close();
      }
      if (cancellation.level > 0) break;
    }
    const command = commandLine(file, options, speed);
    return drillReport(spec, runs, { target: name, speed, command, environment, ...(bounds !== undefined && { bounds }) });
  });
}

/** The exact command, with the file quoted for a shell. */
function commandLine(file: string, { target, repeat, stamps, go }: DrillCommandOptions, speed: number): string {
  const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`);
  return [
    `npx stampkit drill ${quoted(file)} --target ${target}`,
    ...(speed === 1 ? [] : [`--speed ${speed}`]),
    ...(repeat === 1 ? [] : [`--repeat ${repeat}`]),
    ...(stamps === 'stamps' ? [] : [`--stamps ${quoted(stamps)}`]),
    ...(go === true ? ['--go'] : []),
  ].join(' ');
}

/** The report in a few lines: verdict, what broke, what to do. */
function summary(report: DrillReport): string {
  const run = report.runs[report.worst];
  const words = { held: 'held', broken: 'BROKEN', 'not-applicable': '-' } as const;
  const rows = (run?.judged ?? [])
    .filter(({ state }) => state !== 'not-applicable')
    .map(({ title, state, wanted, measured }) => [title, words[state], wanted, measured]);
  const table = rows.length === 0 ? '' : renderTable(['Expectation', 'State', 'Wanted', 'Measured'], rows);
  return `${report.verdict}\n${table}${report.followUps.map((text) => `- ${text}\n`).join('')}`;
}

function showHistory(terminal: Terminal, { json, out }: DrillCommandOptions, found: readonly Trend[]): void {
  if (json === true) {
    printJson(terminal, { trends: found });
    return;
  }
  if (found.length === 0) terminal.out(`no reports in ${out}\n`);
  const time = (value: number | undefined): string => (value === undefined ? '-' : seconds(value));
  for (const { drill, target, speed, runs, direction, before } of found) {
    const usual = before === undefined ? '' : `; the median before was ${seconds(before)}`;
    terminal.out(`${drill} on ${target} at speed ${speed}: RTO ${direction}${usual}\n`);
    const rows = runs.map((run) => [run.startedAt, run.status, String(run.runs), time(run.rto), time(run.bound), time(run.rpo)]);
    terminal.out(renderTable(['When', 'Status', 'Runs', 'RTO', 'Bound', 'RPO'], rows));
  }
}

function number(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`"${text}" is no whole number from ${min} to ${max}`);
  };
}
