import type { OperationReport } from '../../operations/execute/operation-report';
import { durationText } from '../../operations/render-plan';
import { renderTable } from '../terminal';
import { indented } from './render-plan';

/** What a step saw may be long; a rule of that length would fill a narrow terminal with dashes. */
const LONGEST_RULE = 60;

/** What an operation did, for a terminal: result, steps, what it achieved and what is left to do. */
export function renderReport(report: OperationReport): string {
  const { operation, kind, group, result, detail, steps, open, seconds } = report;
  const head = operation === '' ? `${kind} of ${group}: ${result}` : `${operation}: ${result} after ${durationText(seconds)}`;
  const rows = [
    ...steps.map((step) => [step.step, step.outcome, durationText(step.seconds), step.detail]),
    ...(operation === '' ? [] : open.map((step) => [step, 'not reached', '-', ''])),
  ];
  return `${[
    ...indented(`${head}. ${sentence(detail)}`, 0),
    ...(rows.length === 0 ? [] : ['', renderTable(['STEP', 'OUTCOME', 'TOOK', 'SAW'], rows, LONGEST_RULE).trimEnd()]),
    ...achieved(report),
    ...(report.next.length === 0 ? [] : ['', 'next']),
    ...report.next.flatMap((next) => bullet(next)),
  ].join('\n')}\n`;
}

function achieved({ achievedRtoSeconds: rto, achievedRpoSeconds: rpo }: OperationReport): string[] {
  const parts = [
    ...(rto === undefined ? [] : [`RTO ${durationText(rto)}`]),
    ...(rpo === undefined ? [] : [`RPO ${durationText(rpo)}`]),
  ];
  return parts.length === 0 ? [] : ['', `achieved ${parts.join(', ')}; kept in the journal`];
}

function bullet(text: string): string[] {
  return indented(text, 4).map((line, at) => (at === 0 ? `  - ${line.trimStart()}` : line));
}

function sentence(text: string): string {
  // The id of a step stays as it is.
  return /^\S+:/.test(text) ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
