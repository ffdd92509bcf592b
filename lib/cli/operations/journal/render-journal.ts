import type { JournalEntry } from '../../../operations/journal/journal-entry';
import { durationText } from '../../../operations/render-plan';
import { renderTable } from '../../terminal';
import { momentText } from '../times';
import type { JournalList } from './list-journal';
import { isOver, type RecordedOperation } from './read-operation';

export function renderJournalList({ operations, silent }: JournalList): string {
  const rows = operations.map((each) => [
    momentText(Date.parse(each.begun)),
    each.group,
    each.kind === each.variant ? each.kind : `${each.kind}, ${each.variant}`,
    each.operator,
    `${each.result ?? 'not ended'}${each.onlyHere && !silent.includes(each.group) ? ', on this machine only' : ''}`,
    each.operation,
  ]);
  return [
    operations.length === 0 ? 'no operation yet\n' : renderTable(['BEGUN', 'GROUP', 'WHAT', 'WHO', 'RESULT', 'ID'], rows),
    ...(silent.length === 0
      ? []
      : [`the control table did not answer for ${silent.join(', ')}: only what this machine knows is shown\n`]),
    ...(operations.some((each) => each.onlyHere) && silent.length === 0
      ? ['bring what only this machine knows into the control table: stampkit journal reconcile\n']
      : []),
  ].join('');
}

/** What an operation did, entry by entry, and what to do now. */
export function renderOperation(recorded: RecordedOperation): string {
  const { operation, plan, entries, left, onlyHere, tableAnswered } = recorded;
  const rows = entries.map((entry) => [entry.at.slice(0, 19).replace('T', ' '), String(entry.token), ...entryCells(entry)]);
  return [
    `${operation}\n${plan.operation} of ${plan.group} (${plan.variant}), plan ${plan.hash}\nreason: ${plan.request.reason}\n\n`,
    renderTable(['AT (UTC)', 'TOKEN', 'WHAT', 'STEP', 'SAW'], rows),
    '\n',
    ...nextLines(recorded, left.length),
    ...(tableAnswered ? [] : ['the control table does not answer: this is what this machine knows\n']),
    ...(tableAnswered && onlyHere > 0
      ? [`${onlyHere} entries are on this machine only: stampkit journal reconcile ${operation}\n`]
      : []),
  ].join('');
}

function nextLines(recorded: RecordedOperation, left: number): string[] {
  const { operation, end } = recorded;
  if (isOver(recorded)) return [`${end?.detail ?? 'over'}\n`];
  return [`${left} steps are left. Go on with it: stampkit journal resume ${operation}\n`];
}

function entryCells(entry: JournalEntry): string[] {
  switch (entry.kind) {
    case 'begin':
      return ['begins', '', `${entry.operator}${entry.breakGlass === undefined ? '' : `; broke the glass: ${entry.breakGlass}`}`];
    case 'resume':
      return [
        'resumed',
        '',
        `${entry.operator}${entry.breakGlass === undefined ? '' : `; broke the glass: ${entry.breakGlass}`}`,
      ];
    case 'intent':
      return ['about to', entry.step, ''];
    case 'outcome':
      return [`${entry.outcome} in ${durationText(entry.seconds)}`, entry.step, entry.detail];
    case 'end':
      return [`ends: ${entry.result}`, '', entry.detail];
    case 'reconciled':
      return ['reconciled', '', `${entry.entries} entries reached the control table later`];
  }
}
