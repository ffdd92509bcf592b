import type { RestoredTable } from '../../aws/restore-validation/restored-data';
import { instantOf } from './instant';
import type { Verdict } from './request';
import type { Checks } from './settings';

/** Characters of a verdict's message: AWS Backup documents no limit, so this is careful. */
const LONGEST_MESSAGE = 1000;
/** Characters of a value that a message quotes. */
const LONGEST_VALUE = 60;
/** Bytes of a table that is still counted row by row; of larger ones the engine's statistics are read. */
const CHEAP_BYTES = 256 * 1024 * 1024;
/** Seconds that a clock may be ahead. */
const CLOCK_TOLERANCE = 300;

/** One thing that was looked at. */
export interface Observation {
  readonly ok: boolean;
  readonly text: string;
}

/** Rows of the database: counted where that is cheap, and else known from statistics. */
export interface RowCount {
  readonly counted: number;
  readonly estimated: number;
  readonly countedTables: number;
  readonly estimatedTables: number;
  /** Tables that the validator may not read, which therefore count nothing. */
  readonly hiddenTables: number;
}

/** Small tables, and those of which nobody knows anything. */
export function isCounted({ estimate, bytes }: RestoredTable): boolean {
  return estimate === undefined || bytes <= CHEAP_BYTES;
}

export function judgeRows(rows: RowCount, { minimumRows }: Checks): Observation {
  const total = rows.counted + rows.estimated;
  const tables = rows.countedTables + rows.estimatedTables;
  const about = rows.estimated > 0 ? ` (about ${rows.estimated} of them by statistics)` : '';
  const hidden = rows.hiddenTables > 0 ? `, ${plural(rows.hiddenTables, 'table')} not readable for the validator` : '';
  const text = `${plural(total, 'row')} in ${plural(tables, 'table')}${about}${hidden}`;
  if (total >= minimumRows) return { ok: true, text };
  return { ok: false, text: `${text}, at least ${minimumRows} expected` };
}

/** @param complete whether the whole table was seen */
export function judgeItems(items: number, complete: boolean, { minimumRows }: Checks): Observation {
  const text = `${complete ? '' : 'at least '}${plural(items, 'item')}`;
  return items >= minimumRows ? { ok: true, text } : { ok: false, text: `${text}, at least ${minimumRows} expected` };
}

/** The newest row tells what a restore at that moment would have lost. */
export function judgeNewest(value: string | undefined, place: string, maxAge: number, lostAt: Date): Observation {
  if (value === undefined) return { ok: false, text: `${place} has no value at all` };
  const instant = instantOf(value);
  if (instant === undefined) return { ok: false, text: `${place} is no date and no time: ${shortened(value)}` };
  const age = (lostAt.getTime() - instant.getTime()) / 1000;
  if (age < -CLOCK_TOLERANCE) {
    return {
      ok: false,
      text: `newest ${place} is ${instant.toISOString()}, after the restore test began: it does not say when a row was written`,
    };
  }
  const seconds = Math.max(0, Math.round(age));
  if (seconds <= maxAge) return { ok: true, text: `newest ${place} is ${duration(seconds)} old` };
  return {
    ok: false,
    text: `newest ${place} is ${duration(seconds)} old, more than the recovery point objective of ${duration(maxAge)}`,
  };
}

/** Fresh enough to stop looking. */
export function isFresh(value: string, maxAge: number, lostAt: Date): boolean {
  return judgeNewest(value, '', maxAge, lostAt).ok;
}

const TRUE = new Set(['true', 't', '1']);

export function judgeAnswer(
  rows: readonly (readonly (string | undefined)[])[],
  { expect }: NonNullable<Checks['query']>,
): Observation {
  const [row] = rows;
  if (rows.length !== 1 || row?.length !== 1) {
    const shape = rows.length > 1 ? 'several rows' : rows.length === 0 ? 'no row' : `${row?.length ?? 0} values`;
    return { ok: false, text: `the query answered with ${shape}, one value expected` };
  }
  const value = row[0] ?? 'null';
  const ok = expect === undefined ? TRUE.has(value.toLowerCase()) : value === expect;
  if (ok) return { ok, text: `the query answered ${shortened(value)}` };
  return { ok, text: `the query answered ${shortened(value)}, ${shortened(expect ?? 'true')} expected` };
}

/** Failures first: they are what somebody reads. */
export function verdictOf(observations: readonly Observation[]): Verdict {
  const failed = observations.filter(({ ok }) => !ok);
  const texts = [...failed, ...observations.filter(({ ok }) => ok)].map(({ text }) => text);
  return { status: failed.length === 0 ? 'SUCCESSFUL' : 'FAILED', message: message(texts.join('; ')) };
}

export function failed(text: string): Verdict {
  return { status: 'FAILED', message: message(text) };
}

function message(text: string): string {
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE - 3)}...`;
}

function shortened(value: string): string {
  return value.length <= LONGEST_VALUE ? value : `${value.slice(0, LONGEST_VALUE - 3)}...`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function duration(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
  ] as const;
  for (const [size, unit] of units) if (seconds >= 2 * size) return `${Number((seconds / size).toFixed(1))} ${unit}`;
  return `${seconds} s`;
}
