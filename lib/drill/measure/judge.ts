import type { DrillExpectations } from '../../config/drill/types';
import type { Measurement } from './measurement';
import { everythingIsGone } from './loss';
import { percentOf } from './outages';

export type ExpectationName =
  | 'rto'
  | 'rto-bound'
  | 'rpo'
  | 'rpo-bound'
  | 'phases'
  | 'error-budget'
  | 'read-availability'
  | 'one-writer'
  | 'messages'
  | 'damaged-rows'
  | 'stays';

/** One expectation and what became of it. */
export interface Judged {
  readonly name: ExpectationName;
  readonly title: string;
  readonly state: 'held' | 'broken' | 'not-applicable';
  /** What was wanted and what was measured, for people. */
  readonly wanted: string;
  readonly measured: string;
}

/** Objectives that hold where the drill gives no number of its own, in seconds. */
export interface Limits {
  readonly rto: number;
  readonly rpo: number;
}

export function limitsOf(expect: DrillExpectations, objective: Limits): Limits {
  return { rto: expect.rto ?? objective.rto, rpo: expect.rpo ?? objective.rpo };
}

/** Every expectation of a drill against what was measured. A time above the proof's bound is broken whatever the objective says. */
export function judgeMeasurement(measurement: Measurement, expect: DrillExpectations, limits: Limits): Judged[] {
  return [
    rto(measurement, limits),
    bound('rto-bound', 'RTO inside the bound of the proof', measurement.rtoComparison),
    rpo(measurement, limits),
    bound('rpo-bound', 'RPO inside the bound of the proof', measurement.rpoComparison),
    phaseBounds(measurement),
    errorBudget(measurement, expect),
    readAvailability(measurement, expect),
    oneWriter(measurement, expect),
    messages(measurement, expect),
    damagedRows(measurement, expect),
    stays(measurement, expect),
  ];
}

function judged(name: ExpectationName, title: string, holds: boolean | undefined, wanted: string, measured: string): Judged {
  return { name, title, state: holds === undefined ? 'not-applicable' : holds ? 'held' : 'broken', wanted, measured };
}

function rto({ rto: measured, populations }: Measurement, limits: Limits): Judged {
  const slow = populations.filter((each) => each.rto === undefined || each.rto > limits.rto).map(({ population }) => population);
  const text =
    populations.length === 0
      ? 'no client asked'
      : measured === undefined
        ? `never: ${slow.join(', ')} did not write again`
        : `${seconds(measured)}${slow.length > 0 ? ` (${slow.join(', ')})` : ''}`;
  return judged(
    'rto',
    'RTO: every population writes again',
    measured !== undefined && measured <= limits.rto,
    `at most ${seconds(limits.rto)}`,
    text,
  );
}

function bound(
  name: 'rto-bound' | 'rpo-bound',
  title: string,
  { state, measured, bound: most, because }: Measurement['rtoComparison'],
): Judged {
  const shown = measured === undefined ? 'without end, or not measured' : seconds(measured);
  if (state === 'no-bound') return judged(name, title, undefined, `no bound: ${because ?? ''}`, shown);
  return judged(name, title, state === 'within', `at most ${seconds(most ?? 0)}`, shown);
}

function rpo({ rows, writes }: Measurement, limits: Limits): Judged {
  const title = 'RPO: acknowledged rows that are gone';
  const wanted = limits.rpo === 0 ? 'none' : `at most ${seconds(limits.rpo)}`;
  if (!writes) return judged('rpo', title, undefined, wanted, 'nothing was written');
  if (rows === undefined) return judged('rpo', title, false, wanted, 'the data could not be read');
  if (everythingIsGone(rows)) {
    return judged(
      'rpo',
      title,
      false,
      wanted,
      `all ${rows.acknowledged} rows: nothing of the load is in the data, and nobody can say how far back it goes`,
    );
  }
  const holds = rows.seconds <= limits.rpo && (limits.rpo > 0 || rows.missing.length === 0);
  return judged(
    'rpo',
    title,
    holds,
    wanted,
    `${counted(rows.missing.length, 'row')} of ${rows.acknowledged}, ${seconds(rows.seconds)}${rows.since === undefined ? '' : `; ${rows.since} more from the damage to the cut-over`}`,
  );
}

function phaseBounds({ phases }: Measurement): Judged {
  const compared = phases.filter(({ seconds: took, bound: most }) => took !== undefined && most !== undefined);
  const above = compared.filter((phase) => phase.above);
  const text = above.map((phase) => `${phase.title}: ${seconds(phase.seconds ?? 0)} > ${seconds(phase.bound ?? 0)}`).join('; ');
  return judged(
    'phases',
    'Every phase inside its terms',
    compared.length === 0 ? undefined : above.length === 0,
    compared.length === 0 ? 'no phase has a term' : `${counted(compared.length, 'phase')} inside`,
    above.length === 0 ? 'all inside' : text,
  );
}

function errorBudget({ attempts }: Measurement, { errorBudget: budget }: DrillExpectations): Judged {
  const failed = 100 - percentOf(attempts);
  const holds = budget === undefined ? undefined : attempts.total > 0 && failed <= budget;
  return judged(
    'error-budget',
    'Share of attempts that failed',
    holds,
    budget === undefined ? 'no budget' : `at most ${budget} %`,
    percent(failed),
  );
}

function readAvailability({ reads }: Measurement, { readAvailability: least }: DrillExpectations): Judged {
  const share = percentOf(reads);
  const holds = least === undefined ? undefined : reads.total > 0 && share >= least;
  return judged(
    'read-availability',
    'Share of reads that succeeded',
    holds,
    least === undefined ? 'no limit' : `at least ${least} %`,
    percent(share),
  );
}

function oneWriter({ writers }: Measurement, { oneWriter: wanted }: DrillExpectations): Judged {
  const title = 'One writer at a time';
  if (writers === undefined) return judged('one-writer', title, undefined, 'every stamp writes', '-');
  const text = `${counted(writers.turns, 'turn')} of the acknowledging stamp, ${writers.allowed} allowed`;
  return judged(
    'one-writer',
    title,
    wanted ? writers.turns <= writers.allowed : undefined,
    wanted ? 'no turns but those of the writer' : 'not looked at',
    writers.turns > writers.allowed ? `${text}: ${writers.order.join(' > ')}` : text,
  );
}

function messages({ messages: found }: Measurement, { messages: wanted }: DrillExpectations): Judged {
  const title = 'No acknowledged message lost beyond the RPO, none doubled';
  if (!wanted) return judged('messages', title, undefined, 'not looked at', '-');
  if (found === undefined) return judged('messages', title, undefined, 'none lost, none doubled', 'queues could not be read');
  const text = `${found.acknowledged} sent: ${found.lost.length} lost (${found.beyondRpo.length} beyond the RPO), ${found.doubled.length} doubled, ${found.waiting} waiting`;
  return judged('messages', title, found.beyondRpo.length === 0 && found.doubled.length === 0, 'none lost, none doubled', text);
}

function damagedRows({ damaged, writes }: Measurement, { damagedRows: most }: DrillExpectations): Judged {
  const title = 'Rows that say something else than what was written';
  const wanted = most === 0 ? 'none' : `at most ${most}`;
  if (!writes) return judged('damaged-rows', title, undefined, wanted, 'nothing was written');
  if (damaged === undefined) return judged('damaged-rows', title, false, wanted, 'the data could not be read');
  return judged('damaged-rows', title, damaged.length <= most, wanted, counted(damaged.length, 'row'));
}

function stays({ answered }: Measurement, { stays: wanted }: DrillExpectations): Judged {
  const title = 'DNS leads to the same stamps all the time';
  const text = answered.map((stamps) => (stamps.length === 0 ? 'nobody' : stamps.join(' + '))).join(', then ');
  return judged(
    'stays',
    title,
    wanted ? answered.length === 1 : undefined,
    wanted ? 'no change' : 'not looked at',
    text === '' ? 'never seen' : text,
  );
}

/** Seconds for people: milliseconds below ten seconds, tenths below two minutes; whole minutes and hours as such. */
export function seconds(value: number): string {
  if (value < 10) return `${Number(value.toFixed(3))} s`;
  if (value < 60 || (value < 120 && value !== 60)) return `${Number(value.toFixed(1))} s`;
  const whole = Math.round(value);
  const parts = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'min'],
    [whole % 60, 's'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

export function percent(value: number): string {
  return `${Number(value.toFixed(2))} %`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
