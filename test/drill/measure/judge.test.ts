import { describe, expect, test } from 'vitest';
import { distribution } from '../../../lib/drill/measure/distribution';
import { looseness } from '../../../lib/drill/measure/compare';
import { judgeMeasurement, seconds } from '../../../lib/drill/measure/judge';
import { type Evidence, measure } from '../../../lib/drill/measure/measurement';
import type { Bound } from '../../../lib/resilience/bounds/types';
import type { TimelineEvent } from '../../../lib/ports';
import { attempt, series } from './attempts';

const term = (name: string, pessimistic: number, lab: 'emulated' | 'real') => ({
  ...{ name, kind: 'detection' as const, typical: 0, pessimistic, because: '', source: '', assumptions: [], lab, critical: true },
});
const RTO: Bound = { typical: 1, pessimistic: 8, terms: [term('detection', 3, 'emulated'), term('promote', 5, 'real')] };
const RPO: Bound = { typical: 1, pessimistic: 2, terms: [term('replication-lag', 2, 'real')] };
const EXPECT = {
  objective: 'availability',
  consecutive: 3,
  oneWriter: true,
  messages: true,
  damagedRows: 0,
  stays: false,
  settle: 0,
} as const;

/** Good for two seconds, away for four, good again; one row short. */
const attempts = series('..xxxx......');
const rows = attempts.filter(({ outcome }) => outcome === 'ok').map(({ number }) => number!);
const EVIDENCE: Evidence = {
  attempts,
  all: attempts,
  faultAt: 2000,
  from: 1000,
  to: 20_000,
  consecutive: 3,
  rpo: 60,
  data: { rows, damaged: [], messages: {}, queued: [] },
  counts: [{ rows, damaged: [], messages: {}, queued: [] }],
  events: [],
  lost: ['web-use1'],
  writerMoves: 1,
  oneWriter: true,
  answered: [['web-use1']],
  rtoBound: RTO,
  rpoBound: RPO,
};

function states(given: Partial<Evidence> = {}, expectation: object = {}, limits = { rto: 60, rpo: 60 }): Record<string, string> {
  const judged = judgeMeasurement(
    measure({ ...EVIDENCE, ...given, ...(given.attempts && { all: given.attempts }) }),
    { ...EXPECT, ...expectation },
    limits,
  );
  return Object.fromEntries(judged.map(({ name, state }) => [name, state]));
}

describe('what was measured against what was expected', () => {
  test('holds when everything is inside', () => {
    expect(states()).toMatchObject({ rto: 'held', 'rto-bound': 'held', rpo: 'held', 'rpo-bound': 'held', 'one-writer': 'held' });
  });

  test.each([
    ['an RTO of a millisecond', {}, {}, { rto: 0.001, rpo: 60 }, ['rto']],
    [
      'an RPO of nothing with a row missing',
      { data: { ...EVIDENCE.data!, rows: rows.slice(1) } },
      {},
      { rto: 60, rpo: 0 },
      ['rpo'],
    ],
    [
      'a time above the bound whatever the objective',
      { rtoBound: { ...RTO, pessimistic: 4 } },
      {},
      { rto: 60, rpo: 60 },
      ['rto-bound'],
    ],
    [
      'a loss above the bound',
      { data: { ...EVIDENCE.data!, rows: rows.slice(1) }, faultAt: 5000 },
      {},
      { rto: 60, rpo: 60 },
      ['rpo-bound'],
    ],
    [
      'nothing left of the load at all',
      { data: { ...EVIDENCE.data!, rows: [] } },
      {},
      { rto: 60, rpo: 60 },
      ['rpo', 'rpo-bound'],
    ],
    ['a population that never writes again', { attempts: series('..xxxx') }, {}, { rto: 60, rpo: 60 }, ['rto', 'rto-bound']],
    ['an error budget that is used up', {}, { errorBudget: 20 }, { rto: 60, rpo: 60 }, ['error-budget']],
    ['no reads at all where some have to succeed', {}, { readAvailability: 90 }, { rto: 60, rpo: 60 }, ['read-availability']],
    [
      'damaged data that nobody replaced, however well writes went',
      { attempts: series('........'), restoredAt: Infinity },
      {},
      { rto: 60, rpo: 60 },
      ['rto', 'rto-bound'],
    ],
    ['damaged rows', { data: { ...EVIDENCE.data!, damaged: [1000] } }, {}, { rto: 60, rpo: 60 }, ['damaged-rows']],
    ['DNS that changes', { answered: [['a'], ['b']] }, { stays: true }, { rto: 60, rpo: 60 }, ['stays']],
    ['data that nobody could read', { data: undefined as never }, {}, { rto: 60, rpo: 60 }, ['rpo', 'rpo-bound', 'damaged-rows']],
    [
      'two writers',
      { writerMoves: 0, attempts: [...attempts, attempt(13_500, { stamp: 'b' })] },
      {},
      { rto: 60, rpo: 60 },
      ['one-writer'],
    ],
    ['a lost message', { attempts: [...attempts, attempt(8000, { kind: 'message' })] }, {}, { rto: 60, rpo: 60 }, ['messages']],
  ] as const)('fails with %s', (_name, given, expectation, limits, broken) => {
    const found = Object.entries(states(given as Partial<Evidence>, expectation, limits)).filter(
      ([, state]) => state === 'broken',
    );
    expect(found.map(([name]) => name)).toEqual(broken.filter((name) => found.some(([each]) => each === name)));
    expect(found.length).toBe(broken.length);
  });

  test('without a failure of the proof there is no bound to hold', () => {
    const { rtoBound: _rto, rpoBound: _rpo, ...rest } = EVIDENCE;
    const measured = measure(rest);
    expect(measured.rtoComparison).toMatchObject({ state: 'no-bound', measured: 5 });
    expect(judgeMeasurement(measured, EXPECT, { rto: 60, rpo: 60 }).find(({ name }) => name === 'rto-bound')?.state).toBe(
      'not-applicable',
    );
  });

  test('says how much of a bound is only played', () => {
    expect(measure(EVIDENCE).rtoComparison).toMatchObject({ bound: 8, emulated: 3, real: 5, state: 'within' });
    // The intervals of a check are played, its time-outs are not.
    const detection = { ...term('detection', 7, 'real'), labEmulated: 3 };
    const bound = { ...RTO, pessimistic: 12, terms: [detection, term('promote', 5, 'real')] };
    expect(measure({ ...EVIDENCE, rtoBound: bound }).rtoComparison).toMatchObject({ emulated: 3, real: 9 });
  });
});

describe('phases', () => {
  const events: TimelineEvent[] = [
    { at: 1500, code: 'check-changed', subject: 'before the fault', detail: '' },
    { at: 2500, code: 'probe-failed', subject: 'c', detail: '' },
    { at: 4000, code: 'check-changed', subject: 'c', detail: '' },
    { at: 4500, code: 'answer-changed', subject: 'n', detail: '' },
    { at: 6500, code: 'promoted', subject: 'g', detail: '' },
  ];
  const phasesOf = (given: Partial<Evidence> = {}) =>
    measure({ ...EVIDENCE, events, operatedAt: 5000, ...given }).phases.map(({ name, seconds: took, bound, nature, above }) => ({
      ...{ name, took, bound, nature, above },
    }));

  test('follow each other, each against its terms', () => {
    expect(phasesOf()).toEqual([
      { name: 'fault', took: undefined, bound: undefined, nature: undefined, above: false },
      { name: 'first-bad-probe', took: 0.5, bound: undefined, nature: undefined, above: false },
      { name: 'check-flipped', took: 2, bound: 3, nature: 'emulated', above: false },
      { name: 'dns-changed', took: 0.5, bound: undefined, nature: undefined, above: false },
      { name: 'clients-moved', took: undefined, bound: undefined, nature: undefined, above: false },
      { name: 'promoted', took: 1.5, bound: 5, nature: 'real', above: false },
      { name: 'first-write', took: 0.5, bound: undefined, nature: undefined, above: false },
    ]);
  });

  test('fails when one is above its terms', () => {
    const slow = { ...RTO, terms: [term('detection', 1, 'emulated')] };
    expect(
      phasesOf({ rtoBound: slow })
        .filter(({ above }) => above)
        .map(({ name }) => name),
    ).toEqual(['check-flipped']);
    expect(states({ events, rtoBound: { ...slow, pessimistic: 60 } }).phases).toBe('broken');
  });

  test('a stall of the machine may fall into any one of them, and not into their sum', () => {
    const slow = { ...RTO, terms: [term('detection', 1, 'emulated')] };
    const machine = (stall: number) => ({ slowness: { factor: 1, took: 10, stall, samples: 20 } });
    const above = (stall: number) => phasesOf({ rtoBound: slow, ...machine(stall) }).find(({ name }) => name === 'check-flipped');
    expect(above(900)).toMatchObject({ bound: 1.9, above: true });
    expect(above(1100)).toMatchObject({ bound: 2.1, above: false });
    expect(measure({ ...EVIDENCE, ...machine(60_000) }).rtoComparison).toMatchObject({ bound: 8 });
  });

  test('the last client has moved when the slowest of those that were there got an answer elsewhere', () => {
    const client = (at: number, number: number, stamp: string) => attempt(at, { client: number, stamp });
    const moving = [client(1000, 1, 'web-use1'), client(1100, 2, 'web-use1'), client(1200, 3, 'web-usw2')];
    const moved = [client(5000, 1, 'web-usw2'), client(7000, 2, 'web-usw2'), client(9000, 3, 'web-usw2')];
    expect(phasesOf({ attempts: [...moving, ...moved] }).find(({ name }) => name === 'clients-moved')?.took).toBe(2.5);
  });
});

describe('repeats', () => {
  test.each([
    [[3, 1, 2], { runs: 3, endless: 0, least: 1, median: 2, p90: 3, worst: 3 }],
    [[1, undefined], { runs: 2, endless: 1, least: 1, median: 1, p90: 1, worst: 1 }],
    [[undefined], { runs: 1, endless: 1 }],
    [[], { runs: 0, endless: 0 }],
    [Array.from({ length: 20 }, (_, index) => index + 1), { runs: 20, endless: 0, least: 1, median: 10, p90: 18, worst: 20 }],
  ])('%j', (values, expected) => {
    expect(distribution(values)).toEqual(expected);
  });

  test('a bound of more than twice the worst is loose, and says where', () => {
    expect(looseness(3, RTO)).toMatchObject({ loose: true, terms: [{ name: 'promote', nature: 'real' }, { name: 'detection' }] });
    expect(looseness(4, RTO)).toMatchObject({ loose: false, factor: 2 });
    expect(looseness(0, RTO)).toBeUndefined();
    expect(looseness(3, undefined)).toBeUndefined();
  });

  test.each([
    [0.0012, '0.001 s'],
    [9.9994, '9.999 s'],
    [12.34, '12.3 s'],
    [120, '2 min'],
    [1205, '20 min 5 s'],
  ])('%d is written as %s', (value, text) => {
    expect(seconds(value)).toBe(text);
  });
});
