import { boundText, placeText, seconds, sumText } from '../../resilience/verdict/arithmetic';
import type { BlastRadius, EnumerationCounts, GroupProof, Proof, Verdict } from '../../resilience/types';
import { renderTable } from '../terminal';

/** Widest line that a terminal shows without breaking it. */
export const WIDTH = 100;
/** Pairs that are shown of a group; the others are counted. */
const SHOWN_PAIRS = 8;

export interface TableOptions {
  /** Show the terms of every bound. */
  readonly explain: boolean;
}

/** The proof for a terminal: a table per group, worst first, then what each failure takes of the fleet. */
export function renderProof(proof: Proof, { explain }: TableOptions): string {
  const groups = proof.groups.map((group) => renderGroup(group, explain));
  return [...groups, ...(explain ? [] : [renderBlast(proof.blast)]), wrapped(countsText(proof.counts, proof.profile))].join('\n');
}

function renderGroup({ group, verdicts, survives, survivesNot }: GroupProof, explain: boolean): string {
  const singles = verdicts.filter(({ failure }) => !failure.includes('+'));
  const pairs = verdicts.filter(({ failure }) => failure.includes('+'));
  const shown = [...compact(singles), ...pairs.slice(0, SHOWN_PAIRS).map((verdict) => ({ verdict, more: 0 }))];
  const rows = shown.flatMap(({ verdict, more }) => rowsOf(verdict, more));
  const hidden = pairs.length - SHOWN_PAIRS;
  return [
    `${group}\n`,
    rows.length === 0 ? '' : renderTable(['FAILURE', 'VERDICT', 'RTO', 'OF', 'RPO', 'OF', 'ENDS BY'], rows),
    hidden > 0 ? `and ${hidden} more kinds of pairs; all of them: --json or --format markdown\n` : '',
    explain ? verdicts.map(explained).join('') : '',
    `${wrapped(survives)}${wrapped(survivesNot)}`,
  ].join('');
}

/** Failures that are alike and equally bad share a row. */
function compact(verdicts: readonly Verdict[]): { readonly verdict: Verdict; readonly more: number }[] {
  const rows: { verdict: Verdict; more: number }[] = [];
  const at = new Map<string, number>();
  for (const verdict of verdicts) {
    const { failure, state, worst } = verdict;
    const kind = failure.replace(/:[^.]*/, '');
    const key = [kind, state, boundText(worst.rto), boundText(worst.rpo), worst.effect].join();
    const index = at.get(key);
    const found = index === undefined ? undefined : rows[index];
    if (found === undefined) {
      at.set(key, rows.length);
      rows.push({ verdict, more: 0 });
    } else found.more += 1;
  }
  return rows;
}

const ENDS: Readonly<Record<Verdict['worst']['effect'], string>> = {
  none: 'not felt',
  reduced: 'served on',
  recovers: 'itself',
  operator: 'operator',
  lost: 'nothing',
};

/** Widest name of a failure beside the other columns. */
const NAME_WIDTH = 44;

/** One line, or more where the name is long: names are what `--fail` wants, so none is cut. */
function rowsOf(verdict: Verdict, more: number): string[][] {
  const { failure, state, worst, rtoObjective, rpoObjective } = verdict;
  const [first = '', ...rest] = nameLines(failure, more === 0 ? '' : ` and ${more} alike`);
  const cells = [
    state === 'violated' ? 'VIOLATED' : state,
    boundText(worst.rto),
    seconds(rtoObjective),
    boundText(worst.rpo),
    seconds(rpoObjective),
    ENDS[worst.effect],
  ];
  return [[first, ...cells], ...rest.map((part) => [part])];
}

function nameLines(failure: string, alike: string): string[] {
  const [a = '', b] = failure.split('+');
  const whole = failure + alike;
  if (whole.length <= NAME_WIDTH) return [whole];
  const parts = b === undefined ? [a, ` ${alike}`] : [`${a}+`, `  ${b}${alike}`];
  return parts.flatMap((part) => part.match(new RegExp(`.{1,${NAME_WIDTH}}`, 'gu')) ?? []);
}

/** Everything about one failure, for `--fail`. */
function explained({ failure, what, outcomes, clientsTouched, capacityLost, reason }: Verdict): string {
  const turns = outcomes.some(({ orientation }) => orientation === 'after');
  const lines = outcomes.flatMap((outcome) => {
    const { orientation, client, rto, rpo, first, last, detection, response, notes, capacity } = outcome;
    const answered = (answer: typeof first): string =>
      answer.answers
        .map(({ stampId, probability, serves, writes }) => {
          const share = probability === 1 ? '' : ` ${Math.round(probability * 100)} %`;
          return `${stampId}${share} (${serves ? (writes ? 'reads and writes' : 'reads only') : 'dead'})`;
        })
        .join(', ') || 'no stamp';
    const loads = capacity.map(
      ({ stampId, load, ready, reachable }) => `${stampId} ${load} of ${ready} requests/s (up to ${reachable})`,
    );
    return [
      `  ${turns ? `${orientation === 'after' ? 'after a failover' : 'before a failover'}, ` : ''}clients ${placeText(client)}`,
      ...(first.answers.length === 0
        ? []
        : [`    answered    ${answered(first)}${first.failOpen ? ', by falling open' : ''}; in the end ${answered(last)}`]),
      `    detection   ${detection}`,
      `    response    ${response}`,
      `    rto         ${sumText(rto)}`,
      `    rpo         ${sumText(rpo)}`,
      ...(loads.length === 0 ? [] : [`    capacity    ${loads.join('; ')}`]),
      ...notes.map((note) => `    note        ${note}`),
    ].map((text) => wrapped(text, 16));
  });
  const touched = `  touches ${percent(clientsTouched)} of the clients and takes ${percent(capacityLost)} of the running tasks`;
  return [
    wrapped(`${failure}: ${what}`),
    `${touched}\n`,
    ...(reason === undefined ? [] : [wrapped(`  ${reason}`, 2)]),
    ...lines,
    '',
  ].join('');
}

function renderBlast(blast: readonly BlastRadius[]): string {
  const rows = blast
    .slice(0, 10)
    .map(({ failure, groups, tenants, tenantShare, capacityShare }) => [
      shortened(failure, 40),
      shortened(groups.join(', '), 26),
      `${tenants} (${percent(tenantShare)})`,
      percent(capacityShare),
    ]);
  return rows.length === 0
    ? ''
    : `blast radius, before anything responds\n${renderTable(['FAILURE', 'GROUPS', 'TENANTS', 'CAPACITY'], rows)}`;
}

/** How much was looked at, and how much of it could be left out. */
export function countsText(counts: EnumerationCounts, profile: Proof['profile']): string {
  const { singles, pairs, independent, felt, contained, symmetric, sameShape, judged, groups, shapes } = counts;
  const n = (value: number): string => value.toLocaleString('en-US');
  const pairsText =
    felt === 0
      ? ''
      : ` and ${n(pairs)} pairs; no group feels both of ${n(independent)}. Of ${n(felt)} pairs in ${n(groups)} groups, ${n(contained)} hold nothing more than one of their parts, ${n(symmetric)} are another with names exchanged, ${n(sameShape)} are those of a group of the same shape (${n(shapes)} shapes)`;
  return `${n(singles)} failures${pairsText}; ${n(judged)} judged, profile ${profile}.`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}

/** Text in lines of at most {@link WIDTH} columns; further lines are indented. */
export function wrapped(text: string, indent = 0): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) /)) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return `${[...lines, line].join('\n')}\n`;
}
