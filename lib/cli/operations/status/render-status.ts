import { durationText } from '../../../operations/render-plan';
import type { ScalingReading } from '../../../ports';
import { renderFinding, summarizeFindings } from '../../render-findings';
import { renderTable } from '../../terminal';
import { testText } from '../backups/render-backups';
import { newestPoint } from '../backups/read-backups';
import { indented } from '../render-plan';
import { ageText, momentText } from '../times';
import type { StampStatus, StatusDocument } from './status-document';

/** Width of the names before the lines below the table. */
const LABEL = 11;

/** A group in one screen: stamps as a table, what they share as lines, then what needs attention, each with what to do. */
export function renderStatus(status: StatusDocument, now: number): string {
  const { group, mode, engine, observedAt, stamps, attention } = status;
  const workers = stamps.some((stamp) => stamp.capacity?.worker !== undefined);
  const header = ['STAMP', 'ROLE', 'ANSWERED', 'HEALTH', 'DATABASE', 'SWITCH', 'TASKS', ...(workers ? ['WORKERS', 'QUEUE'] : [])];
  const rows = stamps.map((stamp) => [
    stamp.stamp,
    stamp.preferred,
    stamp.answered ? 'yes' : 'no',
    healthText(stamp),
    stamp.role === 'writer' && !stamp.writable ? 'writer, read-only' : stamp.role,
    switchText(stamp),
    scalingText(stamp.capacity?.web, stamp.template.web),
    ...(workers ? [scalingText(stamp.capacity?.worker, stamp.template.worker), queueText(stamp)] : []),
  ]);
  const lines = [
    line('answers', answersText(status)),
    ...lagTexts(status, now).map((text, at) => line(at === 0 ? 'lag' : '', text)),
    ...backupTexts(status, now).map((text, at) => line(at === 0 ? 'backups' : '', text)),
    line('lease', leaseText(status, now)),
    line('operation', operationText(status, now)),
    ...status.restores.map((restore) =>
      line('restore', `${restore.id} is ${restore.state}, data of ${momentText(restore.dataOf)}`),
    ),
    ...boundTexts(status).map((text, at) => line(at === 0 ? 'bound' : '', text)),
  ];
  const worth = attention.filter((finding) => finding.severity !== 'info');
  const notes = attention.filter((finding) => finding.severity === 'info');
  return `${[
    `${group}  ${mode}, ${engine}  ${momentText(Date.parse(observedAt))}`,
    '',
    renderTable(header, rows).trimEnd(),
    '',
    ...lines,
    ...notes.map((note) => line('note', note.message)),
    '',
    ...(worth.length === 0
      ? ['nothing needs attention']
      : [`needs attention: ${summarizeFindings(worth)}`, ...worth.map((finding) => renderFinding(finding).trimEnd())]),
  ].join('\n')}\n`;
}

function line(label: string, text: string): string {
  return indented(text, LABEL).join('\n').replace(/^ +/, label.padEnd(LABEL));
}

function healthText({ health, reach, reasons }: StampStatus): string {
  if (reach === 'gone') return 'gone';
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
  return `${health}${reach === 'half' ? ', half there' : ''}${why}`;
}

function switchText({ switches, evacuated }: StampStatus): string {
  const held = switches.filter((each) => each.state === 'evacuated').map((each) => each.code);
  const silent = switches.filter((each) => each.state === 'unknown').map((each) => each.code);
  if (evacuated) return held.length === switches.length ? 'evacuated' : `evacuated in ${held.join(', ')}`;
  if (silent.length === switches.length) return 'unknown';
  return silent.length === 0 ? 'in service' : `in service, ${silent.join(', ')} silent`;
}

/** Running, live floor, and the template's floor where that is another. */
function scalingText(live: ScalingReading | undefined, template: number | undefined): string {
  if (live === undefined) return template === undefined ? '-' : '?';
  const differs = template !== undefined && template !== live.min ? ` (template ${template})` : '';
  return `${live.running} of ${live.min}..${live.max}${differs}`;
}

function queueText({ queue }: StampStatus): string {
  if (queue === undefined) return '?';
  const dead = queue.deadLetters === 0 ? '' : `, ${queue.deadLetters} dead`;
  return queue.visible === 0 ? `empty${dead}` : `${queue.visible}, oldest ${durationText(queue.oldestSeconds)}${dead}`;
}

function answersText({ record, answers }: StatusDocument): string {
  const told = answers.filter((answer) => answer.error === undefined);
  if (told.length === 0) return `no resolver answers for ${record}`;
  const by = new Map<string, number>();
  for (const { stamps, foreign } of told) {
    const who = [...stamps, ...(foreign ? ['an address of no stamp'] : [])].join('+') || 'nobody';
    by.set(who, (by.get(who) ?? 0) + 1);
  }
  const silent = answers.length - told.length;
  const parts = [...by].map(([who, count]) => `${who} (${count} of ${told.length} resolvers)`);
  return `${record} -> ${parts.join(', ')}${silent === 0 ? '' : `; ${silent} silent`}`;
}

function lagTexts({ lag }: StatusDocument, now: number): string[] {
  return lag.map(({ from, to, lag: reading }) => {
    const way = from === undefined ? to : `${from} -> ${to}`;
    return reading === undefined ? `${way} unknown` : `${way} ${reading.seconds} s, measured ${ageText(now - reading.at)} ago`;
  });
}

function backupTexts({ backups }: StatusDocument, now: number): string[] {
  return backups.map((vault) => {
    if (vault.points === undefined) return `${vault.region} cannot be read`;
    const newest = newestPoint(vault);
    const age = newest === undefined ? 'nothing to restore' : `newest ${ageText(now - newest.createdAt)} old`;
    return `${vault.region} ${age}, lock ${newest?.lock ?? '-'}, restore test ${testText(vault, now)}`;
  });
}

function leaseText({ lease }: StatusDocument, now: number): string {
  if (lease === 'never held') return 'free, never held';
  if (lease === 'unknown') return 'unknown: the control table does not answer';
  const age = ageText(now - Date.parse(lease.at));
  const free = lease.state === 'released';
  return `${free ? `free, last held by ${lease.operator}` : `held by ${lease.operator}`} (token ${lease.token}, ${age} ago)`;
}

function operationText({ operations }: StatusDocument, now: number): string {
  if (operations === 'unknown') return 'unknown: the control table does not answer';
  const [last] = operations;
  if (last === undefined) return 'none yet';
  const when = ageText(now - Date.parse(last.ended ?? last.begun));
  return `${last.operation}, ${last.result ?? 'not ended'}, ${last.operator}, ${when} ago`;
}

function boundTexts({ bounds, noProof }: StatusDocument): string[] {
  if (bounds === undefined) return noProof === undefined ? [] : [`not proved: ${noProof}`];
  return bounds.map(
    ({ objective, rto, rtoOf, rtoBy, rpo, rpoOf, rpoBy }) =>
      `${objective}: rto at worst ${rto} of ${rtoOf} (${rtoBy}), rpo at worst ${rpo} of ${rpoOf} (${rpoBy})`,
  );
}
