import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { worse, type HealthStatus } from '../../lib/health/document';
import { evaluateHealth, type DependencyOutcome, type HealthInput } from '../../lib/health/evaluate';
import type { HealthMemory } from '../../lib/health/memory';
import { NOW, SERVING, WRITER } from './support';

const noise = fc.oneof(
  fc.anything(),
  fc.record({ kind: fc.constantFrom('answer', 'error', 'late'), answer: fc.anything(), cause: fc.anything() }),
);
const serviceAnswer = fc.record({
  kind: fc.constant('answer'),
  answer: fc.record({ serving: fc.boolean(), detail: fc.string() }),
});
const unknown = fc.record({ kind: fc.constant('answer'), answer: fc.record({ unknown: fc.string() }) });
const lateness = fc.record({ kind: fc.constant('late'), milliseconds: fc.nat() });
const databaseAnswer = fc.record({
  kind: fc.constant('answer'),
  answer: fc.record(
    {
      readOnly: fc.boolean(),
      lagSeconds: fc.double(),
      writerIsLocal: fc.boolean(),
      promotable: fc.boolean(),
      answers: fc.constant(true),
      detail: fc.string(),
    },
    { requiredKeys: ['detail'] },
  ),
});
const service: fc.Arbitrary<unknown> = fc.oneof(serviceAnswer, unknown, lateness, noise);
const endpoint: fc.Arbitrary<unknown> = fc.oneof(databaseAnswer, unknown, lateness, noise);
const dependencies = fc.array(fc.record({ name: fc.string(), shared: fc.boolean(), outcome: service }), { maxLength: 4 });
const time = fc.oneof(fc.integer({ min: NOW - 300_000, max: NOW + 1000 }), fc.double());
const memory = fc.record(
  {
    evaluatedAt: time,
    lastRole: fc.constantFrom('writer' as const, 'reader' as const),
    writerFailingSince: time,
    replicaFailingSince: time,
    checks: fc.dictionary(fc.string(), fc.record({ status: fc.constantFrom<HealthStatus>('pass', 'warn', 'fail'), since: time })),
  },
  { requiredKeys: ['checks'] },
) as fc.Arbitrary<HealthMemory>;

const anyInput: fc.Arbitrary<HealthInput> = fc.record({
  stampId: fc.string(),
  now: fc.oneof(fc.constant(NOW), fc.double()),
  database: fc.record({
    topology: fc.constantFrom('none' as const, 'multi-active' as const, 'single-writer' as const),
    writerGraceSeconds: fc.nat({ max: 600 }),
    replicaGraceSeconds: fc.nat({ max: 600 }),
    warnLagSeconds: fc.nat({ max: 600 }),
    shared: fc.boolean(),
    standbyServes: fc.constantFrom('reads' as const, 'none' as const),
  }),
  outcomes: fc.record({ compute: service, writer: endpoint, reader: endpoint, dependencies }),
  memory,
});

const statusOf = (input: HealthInput): HealthStatus => evaluateHealth(input).document.status;
const atMost = (a: HealthStatus, b: HealthStatus): boolean => worse(a, b) === b;
const withDependencies = (input: HealthInput, list: readonly DependencyOutcome[]): HealthInput => ({
  ...input,
  outcomes: { ...input.outcomes, dependencies: list },
});

describe('the evaluation, whatever probes hand in', () => {
  test('is total: garbage gives a document, never an exception', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { document } = evaluateHealth(input);
        expect(['pass', 'warn', 'fail']).toContain(document.status);
        expect(Number.isNaN(Date.parse(document.time))).toBe(false);
        for (const check of Object.values(document.checks)) expect(typeof check.message).toBe('string');
      }),
      { numRuns: 500 },
    );
  });

  test('fails exactly when a listed reason exists', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { document } = evaluateHealth(input);
        expect(document.status === 'fail').toBe(document.reasons.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  test('is a function: the same input, the same answer, and its input unchanged', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const before = fc.stringify(input);
        expect(evaluateHealth(input)).toEqual(evaluateHealth(input));
        expect(fc.stringify(input)).toBe(before);
      }),
    );
  });

  test('an added healthy dependency never worsens the status', () => {
    fc.assert(
      fc.property(anyInput, fc.string(), fc.boolean(), (input, name, shared) => {
        const more = withDependencies(input, [...input.outcomes.dependencies, { name, shared, outcome: SERVING }]);
        expect(atMost(statusOf(more), statusOf(input))).toBe(true);
      }),
    );
  });

  test.each([
    ['compute', SERVING],
    ['writer', WRITER],
  ])('a %s that becomes healthy never worsens the status', (key, healthy) => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const better = { ...input, outcomes: { ...input.outcomes, [key]: healthy } };
        expect(atMost(statusOf(better), statusOf(input))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('shared dependencies never turn pass or warn into fail', () => {
    fc.assert(
      fc.property(anyInput, fc.array(service), (input, outcomes) => {
        const shared = outcomes.map((outcome, index) => ({ name: `shared-${index}`, shared: true, outcome }));
        const more = withDependencies(input, [...input.outcomes.dependencies, ...shared]);
        expect(statusOf(more) === 'fail').toBe(statusOf(input) === 'fail');
      }),
    );
  });

  test('a shared database never fails a stamp', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const shared = {
          ...withDependencies(input, []),
          database: { ...input.database, shared: true },
          outcomes: { compute: SERVING, writer: input.outcomes.writer, reader: input.outcomes.reader, dependencies: [] },
        };
        expect(statusOf(shared)).not.toBe('fail');
      }),
    );
  });

  test('a replica is never failed for its lag alone', () => {
    fc.assert(
      fc.property(anyInput, fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (input, lagSeconds) => {
        const reader = { kind: 'answer', answer: { readOnly: true, writerIsLocal: false, lagSeconds, detail: 'reader' } };
        const lagging: HealthInput = {
          ...withDependencies(input, []),
          database: { ...input.database, topology: 'single-writer' },
          outcomes: { compute: SERVING, writer: { kind: 'late', milliseconds: 1000 }, reader, dependencies: [] },
        };
        expect(statusOf(lagging)).not.toBe('fail');
      }),
    );
  });

  test('fails no sooner than the grace after a writer was seen', () => {
    fc.assert(
      fc.property(fc.nat({ max: 89_999 }), (elapsed) => {
        const base = {
          stampId: 's',
          database: { topology: 'single-writer' as const, writerGraceSeconds: 90, standbyServes: 'reads' as const },
        };
        const outcomes = { compute: SERVING, writer: WRITER, reader: undefined, dependencies: [] };
        const seen = evaluateHealth({ ...base, now: NOW, outcomes, memory: { checks: {} } });
        const lost = evaluateHealth({ ...base, now: NOW + 1, outcomes: { ...outcomes, writer: undefined }, memory: seen.memory });
        const later = evaluateHealth({
          ...base,
          now: NOW + 1 + elapsed,
          outcomes: { ...outcomes, writer: undefined },
          memory: lost.memory,
        });
        expect(later.document.status).toBe('warn');
      }),
    );
  });
});
