import { percent, seconds } from '../measure/judge';
import type { Measurement } from '../measure/measurement';
import { percentOf } from '../measure/outages';
import { boundText } from './bound-text';
import { chart } from './chart';
import type { DrillReport, RunReport } from './document';
import { escapeText } from './escape';
import { STYLES } from './styles';
import { definitions, section, table, type Row } from './table';

/** The report as one HTML page that needs nothing from anywhere. */
export function htmlReport(report: DrillReport): string {
  const run = report.runs[report.worst];
  const tone =
    report.status === 'completed' ? 'good' : report.status === 'aborted' || report.status === 'interrupted' ? 'none' : 'bad';
  const parts = [
    `<h1>Drill: ${escapeText(report.drill)}</h1>`,
    `<p>${escapeText(report.description)}</p>`,
    `<p class="verdict ${tone}" id="verdict">${escapeText(report.verdict)}</p>`,
    ...(run === undefined ? [] : runSections(report, run)),
    ...repeats(report),
    section('Findings and follow-ups', list(report.followUps, 'Nothing to do.')),
    section(
      'Environment',
      definitions({ target: `${report.target}, speed ${report.speed}`, group: report.group, ...report.environment }),
    ),
    section('Repeat it', `<pre><code>${escapeText(report.command)}</code></pre>`),
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeText(`${report.status}: drill ${report.drill}`)}</title>`,
    `<style>${STYLES}</style>`,
    '</head>',
    '<body>',
    '<a class="skip" href="#verdict">Skip to the verdict</a>',
    '<main>',
    ...parts,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function runSections(report: DrillReport, run: RunReport): string[] {
  const { measurement } = run;
  const drawn = chart(run.availability, measurement?.phases ?? [], run.faultAt ?? Date.parse(run.startedAt));
  return [
    section('Objective, bound, measured', numbers(report, run)),
    section('Expectations', expectations(run)),
    ...(drawn === ''
      ? []
      : [
          section(
            'Timeline',
            `<div class="scroll" tabindex="0" role="region" aria-label="Timeline, scrolls sideways">${drawn}</div>${populations(run)}`,
          ),
        ]),
    ...(measurement === undefined ? [] : [section('Phases against the terms of the proof', phases(run))]),
    ...terms(report),
    section('What was broken', faults(run)),
    section('What operators did', operations(run)),
    section('What deviated', list(run.deviations, 'Nothing.')),
    section('Journal', journal(run)),
  ];
}

function numbers(report: DrillReport, { measurement, limits }: RunReport): string {
  const row = (name: string, objective: number, bound: string | undefined, measured: number | undefined, extra: string): Row => ({
    head: name,
    cells: [seconds(objective), bound ?? 'none', measured === undefined ? 'without end' : `${seconds(measured)}${extra}`],
  });
  if (measurement === undefined) return '<p>Nothing was measured.</p>';
  const { rtoComparison, rpoComparison, rows, slowness } = measurement;
  const lost = rows === undefined ? '' : ` (${rows.missing.length} of ${rows.acknowledged} acknowledged rows)`;
  const split =
    rtoComparison.emulated === undefined
      ? ''
      : `<p>Of the RTO’s bound, ${seconds(rtoComparison.emulated)} are emulated: the lab waits because it is told to, and agreement on them is no evidence about AWS. ${seconds(rtoComparison.real ?? 0)} are real, on this machine.</p>`;
  const scaled =
    report.speed === 1
      ? ''
      : `<p>At speed ${report.speed}, emulated terms are divided by it; real terms and objectives are not.</p>`;
  return `${table(
    'RTO and RPO',
    ['Promise', 'Objective', 'Bound of the proof', 'Measured'],
    [
      row('RTO', limits.rto, boundText(rtoComparison, slowness), measurement.rto, ''),
      row('RPO', limits.rpo, boundText(rpoComparison, slowness), rows?.seconds, lost),
    ],
  )}${split}${scaled}${slownessText(measurement)}`;
}

function slownessText({ slowness }: Measurement): string {
  if (slowness === undefined) return '';
  const took = `Meanwhile the same piece of work was done ${slowness.samples} times on this machine; nine of ten took at most ${seconds(slowness.took / 1000)}`;
  const so =
    slowness.factor === 1
      ? 'no more than on an idle machine with two cores, so bounds are those of such a machine'
      : `${slowness.factor.toFixed(1)} times as long as on an idle machine with two cores, so the real terms of bounds are wider by that in what is work. Time-outs are not`;
  return `<p>${took}, ${so}.</p>`;
}

function terms({ terms: known }: DrillReport): string[] {
  if (known.length === 0) return [];
  const rows = known.map(({ name, pessimistic, because, lab, labEmulated = 0, critical }): Row => ({
    head: name,
    cells: [
      seconds(pessimistic),
      lab === 'real' && labEmulated > 0 ? `real, ${seconds(labEmulated)} of it emulated` : (lab ?? '-'),
      critical ? 'yes' : 'beside it',
      because,
    ],
  }));
  return [
    section(
      'Terms of the bound of the RTO',
      table(
        'What the proof allows for each, in the order they end',
        ['Term', 'At most', 'In the lab', 'On the way that decides', 'Why'],
        rows,
      ),
    ),
  ];
}

function expectations({ judged }: RunReport): string {
  if (judged.length === 0) return '<p>Nothing was judged.</p>';
  const words = { held: 'held', broken: 'BROKEN', 'not-applicable': 'not applicable' } as const;
  const tones = { held: 'good', broken: 'bad', 'not-applicable': 'none' } as const;
  const rows = judged.map(({ title, state, wanted, measured }): Row => ({
    head: title,
    cells: [words[state], wanted, measured],
    tone: tones[state],
  }));
  return table('Every expectation and what became of it', ['Expectation', 'State', 'Wanted', 'Measured'], rows);
}

function populations({ measurement }: RunReport): string {
  const rows = (measurement?.populations ?? []).map((population): Row => ({
    head: population.population,
    cells: [
      population.rto === undefined ? 'never' : seconds(population.rto),
      population.readRto === undefined ? 'never' : seconds(population.readRto),
      `${percent(percentOf(population.writes))} of ${population.writes.total}`,
      `${percent(percentOf(population.reads))} of ${population.reads.total}`,
      String(population.writeOutages.length),
    ],
  }));
  return table(
    'The same in numbers: from the fault until what is measured ends',
    ['Population', 'Writes again after', 'Reads again after', 'Writes that succeeded', 'Reads that succeeded', 'Outages'],
    rows,
  );
}

function phases({ measurement, faultAt = 0 }: RunReport): string {
  const rows = (measurement?.phases ?? []).map((phase): Row => ({
    head: phase.title,
    cells: [
      phase.at === undefined ? 'not seen' : `${((phase.at - faultAt) / 1000).toFixed(1)} s`,
      phase.seconds === undefined ? '-' : `${seconds(phase.seconds)}${phase.since === undefined ? '' : ` since ${phase.since}`}`,
      phase.bound === undefined ? '-' : `${seconds(phase.bound)} (${phase.terms.join(' + ')})`,
      phase.bound === undefined || phase.seconds === undefined
        ? 'nothing to compare'
        : phase.above
          ? 'ABOVE'
          : `inside, ${phase.nature ?? ''}`,
    ],
    ...(phase.above && { tone: 'bad' as const }),
  }));
  return table('Moments of the recovery', ['Moment', 'After the fault', 'Took', 'Terms allow', 'Compared'], rows);
}

function faults(run: RunReport): string {
  if (run.faults.length === 0) return '<p>Nothing was broken.</p>';
  const rows = run.faults.map(({ step, request, startedAt, endedAt, evidence }): Row => ({
    head: step,
    cells: [
      Object.entries(request)
        .map(([key, value]) => `${key} ${String(value)}`)
        .join(', '),
      new Date(startedAt).toISOString(),
      endedAt === undefined ? '-' : seconds((endedAt - startedAt) / 1000),
      evidence,
    ],
  }));
  return table('Faults, and how they were seen to hold', ['Step', 'Fault', 'Began', 'Lasted', 'Seen'], rows);
}

function operations(run: RunReport): string {
  if (run.operations.length === 0) return '<p>Nobody operated.</p>';
  return run.operations
    .map(({ step, do: what, outcome, seconds: took, operation, variant, detail, steps }) => {
      const title = `<h3>${escapeText(step)}: ${escapeText(what)}${variant === undefined ? '' : ` (${escapeText(variant)})`}, ${escapeText(outcome)} in ${seconds(took)}</h3>`;
      const about = `<p>${escapeText(detail)}${operation === undefined ? '' : ` <code>${escapeText(operation)}</code>`}</p>`;
      const rows = steps.map((each): Row => ({ head: each.step, cells: [each.outcome, seconds(each.seconds), each.detail] }));
      return `${title}${about}${rows.length === 0 ? '' : table(`Steps of ${step}`, ['Step', 'Outcome', 'Took', 'Detail'], rows)}`;
    })
    .join('\n');
}

function journal(run: RunReport): string {
  const rows = run.journal.map(({ elapsed, part, code, step, message, level }): Row => ({
    head: `${elapsed.toFixed(1)} s`,
    cells: [part, step ?? '-', code, message],
    ...(level === 'error' && { tone: 'bad' as const }),
  }));
  return table(`Since ${run.startedAt}`, ['Time', 'Part', 'Step', 'Code', 'What'], rows);
}

function repeats(report: DrillReport): string[] {
  if (report.runs.length < 2) return [];
  const value = (number: number | undefined): string => (number === undefined ? '-' : seconds(number));
  const row = (head: string, { least, median, p90, worst, endless }: DrillReport['rto']): Row => ({
    head,
    cells: [value(least), value(median), value(p90), value(worst), String(endless)],
  });
  const runs = report.runs.map((run, index): Row => ({
    head: String(index + 1),
    cells: [
      run.status,
      String(run.seed),
      value(run.measurement?.rto),
      value(run.measurement?.rtoComparison.bound),
      run.measurement?.slowness?.factor.toFixed(1) ?? '-',
      value(run.measurement?.rows?.seconds),
      run.detail,
    ],
    ...(run.status !== 'completed' && { tone: 'bad' as const }),
  }));
  return [
    section(
      `${report.runs.length} runs`,
      `${table('Distribution', ['Promise', 'Least', 'Median', '9 of 10 within', 'Worst', 'Without end'], [row('RTO', report.rto), row('RPO', report.rpo)])}${table('Every run; the sections above show the worst', ['Run', 'Status', 'Seed', 'RTO', 'Bound', 'Slowness', 'RPO', 'Detail'], runs)}`,
    ),
  ];
}

function list(items: readonly string[], none: string): string {
  if (items.length === 0) return `<p>${none}</p>`;
  return `<ul>${items.map((item) => `<li>${escapeText(item)}</li>`).join('')}</ul>`;
}
