import type { Assembly } from '../../assembly/read-assembly';
import { seconds } from '../../drill/measure/judge';
import type { Comparison } from '../../drill/measure/compare';
import type { Proof } from '../../resilience/types';
import type { Fleet } from '../../topology/types';
import { counted, EXIT_OK } from '../terminal';
import type { DrillResult } from './drill-in-lab';

export interface DemoOutcome {
  readonly fleet: Fleet;
  readonly assembly: Assembly;
  readonly proof: Proof;
  readonly results: readonly DrillResult[];
  readonly seconds: number;
  readonly exitCode: number;
}

/** What the demo showed: a line each for fleet, templates and proof, three for a drill, one for the verdict. */
export function summary({ fleet, assembly, proof, results, seconds: took, exitCode }: DemoOutcome): string {
  const resources = assembly.stacks.reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0);
  const stamps = fleet.groups.reduce((sum, group) => sum + group.stamps.length, 0);
  const broken = proof.groups.flatMap(({ verdicts }) => verdicts).filter(({ state }) => state === 'violated').length;
  const lines: (readonly [string, string])[] = [
    ['fleet', `${counted(fleet.groups.length, 'group')}, ${counted(stamps, 'stamp')}`],
    ['templates', `${counted(assembly.stacks.length, 'stack')}, ${counted(resources, 'resource')}, no open finding`],
    ['proof', `${counted(proof.counts.judged, 'failure')} judged on AWS's timings, ${broken} outside the objectives`],
    ...results.flatMap((result) => drillLines(result, proof)),
    ['verdict', verdict(results, exitCode, took)],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return `summary\n${lines.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n')}\n`;
}

function drillLines({ run, report, files }: DrillResult, proof: Proof): (readonly [string, string])[] {
  if (run.measurement === undefined) return [[report.drill, run.detail]];
  const { rtoComparison, rpoComparison, rows } = run.measurement;
  const lost =
    rows === undefined ? 'nobody knows how many rows' : `${counted(rows.missing.length, 'row')} of ${rows.acknowledged}`;
  return [
    [report.drill, `RTO ${compared(rtoComparison)}${onAws(report, proof)}; objective ${seconds(run.limits.rto)}`],
    ['', `RPO ${compared(rpoComparison)}; objective ${seconds(run.limits.rpo)}; ${lost} lost`],
    ['', files.html],
  ];
}

function compared({ measured, bound }: Comparison): string {
  const shown = measured === undefined ? 'never' : `${seconds(measured)} measured`;
  return bound === undefined ? shown : `${shown}; bound ${seconds(bound)} in the lab`;
}

/** The same failure with AWS's timings: no measurement says anything about those. */
function onAws({ group, failure }: DrillResult['report'], proof: Proof): string {
  const verdicts = proof.groups.find((each) => each.group === group)?.verdicts ?? [];
  const bound = verdicts.find((each) => each.failure === failure)?.worst.rto.pessimistic;
  return bound === undefined ? '' : `, ${seconds(bound)} on AWS`;
}

function verdict(results: readonly DrillResult[], exitCode: number, took: number): string {
  const end = `${took} s in all`;
  if (exitCode === EXIT_OK) return `every expectation held; ${end}`;
  const bad = results.filter(({ report }) => report.status !== 'completed').map(({ report }) => report.verdict);
  return bad.length === 0 ? `stopped; ${end}` : `${bad.join('; ')}; ${end}`;
}
