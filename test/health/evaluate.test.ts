import { describe, expect, test } from 'vitest';
import type { HealthStatus } from '../../lib/health/document';
import { evaluateHealth } from '../../lib/health/evaluate';
import { EMPTY_MEMORY, type HealthMemory } from '../../lib/health/memory';
import { NOW, REPLICA, SERVING, WRITER, answer, error, input, late } from './support';
import { TRUTH_TABLE } from './truth-table';

describe('the truth table', () => {
  test.each(TRUTH_TABLE)('$name -> $status', ({ status, reasons, role, writable, memory, ...row }) => {
    const { document } = evaluateHealth(input({ ...row, memory: { ...EMPTY_MEMORY, ...memory } }));
    expect(document.status).toBe(status);
    expect(document.reasons).toEqual(reasons ?? []);
    if (role !== undefined) expect(document.role).toBe(role);
    if (writable !== undefined) expect(document.writable).toBe(writable);
    if (document.role === 'reader' || document.role === 'unknown') expect(document.writable).toBe(false);
  });
});

describe('probes that lie', () => {
  test.each([
    ['nothing', undefined, 'did not run'],
    ['not an outcome', 'pass', 'did not run'],
    ['a text', answer('OK'), 'malformed answer: OK'],
    ['a list', answer([{ serving: true }]), 'malformed answer: a list'],
    ['null', answer(null), 'malformed answer: null'],
    ['a status where a verdict belongs', answer({ serving: 200, detail: 'HTTP 200' }), 'malformed answer: serving is 200'],
    ['no detail', answer({ serving: true }), 'malformed answer: detail is undefined'],
    [
      'a lie with a getter',
      answer(
        Object.defineProperty({}, 'serving', {
          get: () => {
            throw new Error('boom');
          },
        }),
      ),
      'cannot be read',
    ],
    ['late', late(1000), 'no answer within 1000 ms'],
    ['thrown', error('connect ECONNREFUSED 10.0.0.1:443'), 'ECONNREFUSED'],
    ['thrown nothing', { kind: 'error' }, 'undefined'],
  ])('fails the compute probe with its cause: %s', (_name, outcome, cause) => {
    const { document } = evaluateHealth(input({ compute: outcome }));
    expect(document.checks['compute']).toMatchObject({ status: 'fail', message: expect.stringContaining(cause) });
  });

  test.each([
    ['lag that is no number', { readOnly: true, lagSeconds: Number.NaN, detail: '' }, 'lagSeconds is NaN'],
    ['lag without end', { readOnly: true, lagSeconds: Infinity, detail: '' }, 'lagSeconds is Infinity'],
    ['lag below zero', { readOnly: true, lagSeconds: -1, detail: '' }, 'lagSeconds is -1'],
    ['lag as text', { readOnly: true, lagSeconds: '3', detail: '' }, 'lagSeconds is 3'],
    ['nothing of what was asked', { detail: 'fine' }, 'readOnly is undefined'],
    ['read-only as text', { readOnly: 'f', detail: '' }, 'readOnly is f'],
    [
      'a region where a verdict belongs',
      { readOnly: true, writerIsLocal: 'us-east-1', detail: '' },
      'writerIsLocal is us-east-1',
    ],
  ])('fails the probe of a replica with its cause: %s', (_name, lie, cause) => {
    const { document } = evaluateHealth(
      input({ writer: late(), reader: answer(lie), memory: { checks: {}, lastRole: 'reader', evaluatedAt: NOW - 1000 } }),
    );
    expect(document.reasons).toEqual(['replica-silent']);
    expect(document.checks['reader']?.message).toContain(cause);
  });

  test('a cause becomes one short line', () => {
    const { document } = evaluateHealth(input({ compute: error(`line\n\u0000${'x'.repeat(5000)}`) }));
    expect(document.checks['compute']?.message).toMatch(/^line x{100,}…$/);
  });
});

describe('memory', () => {
  test('a writer that stays away turns from warn to fail exactly at the end of its grace, and starts again after coming back', () => {
    let memory: HealthMemory = EMPTY_MEMORY;
    const at = (seconds: number, writer: unknown): HealthStatus => {
      const result = evaluateHealth({ ...input({ writer, reader: late(), memory }), now: NOW + seconds * 1000 });
      memory = result.memory;
      return result.document.status;
    };
    expect(at(0, WRITER)).toBe('warn'); // its reader is gone
    expect(at(10, late())).toBe('warn');
    expect(at(60, late())).toBe('warn');
    expect(at(99, late())).toBe('warn');
    expect(at(100, late())).toBe('fail');
    expect(at(110, WRITER)).toBe('warn');
    expect(at(120, late())).toBe('warn');
  });

  test('a process that did not look for longer than the grace may not claim that the failure lasted', () => {
    const memory: HealthMemory = {
      checks: {},
      evaluatedAt: NOW - 3_600_000,
      lastRole: 'writer',
      writerFailingSince: NOW - 3_700_000,
    };
    const { document, memory: next } = evaluateHealth(input({ writer: late(), reader: late(), memory }));
    expect(document).toMatchObject({ status: 'warn', role: 'writer' });
    expect(next.writerFailingSince).toBe(NOW);
  });

  test('a clock that runs backwards never makes a failure older', () => {
    const memory: HealthMemory = { checks: {}, evaluatedAt: NOW + 5000, lastRole: 'writer', writerFailingSince: NOW + 4000 };
    expect(evaluateHealth(input({ writer: late(), reader: late(), memory })).document.status).toBe('warn');
  });

  test('since is when a check got its status, and is kept while the status stays', () => {
    const first = evaluateHealth(input({ compute: late() }));
    const second = evaluateHealth({ ...input({ compute: error('refused'), memory: first.memory }), now: NOW + 5000 });
    const third = evaluateHealth({ ...input({ memory: second.memory }), now: NOW + 9000 });
    expect(second.document.checks['compute']?.since).toBe(new Date(NOW).toISOString());
    expect(third.document.checks['compute']?.since).toBe(new Date(NOW + 9000).toISOString());
  });

  test('memory is plain data that survives JSON', () => {
    const { memory } = evaluateHealth(input({ writer: late(), reader: REPLICA }));
    expect(JSON.parse(JSON.stringify(memory))).toEqual(memory);
  });
});

describe('the document', () => {
  test('begins with the status, so that a string match finds it in the first bytes', () => {
    expect(JSON.stringify(evaluateHealth(input({})).document)).toMatch(/^\{"status":"pass"/);
  });

  test('tells role, lag and each check of a standby', () => {
    const { document } = evaluateHealth(
      input({ writer: late(), reader: REPLICA, dependencies: [{ name: '__proto__', shared: true, outcome: SERVING }] }),
    );
    expect(document).toMatchObject({
      stampId: 'enterprise-use1',
      role: 'reader',
      writable: false,
      replicationLagSeconds: 1.5,
      time: '2026-11-21T12:00:00.000Z',
    });
    expect(Object.keys(document.checks)).toEqual(['compute', 'reader', 'dependency:__proto__']);
  });

  test('two dependencies of one name are one check, the worse of them', () => {
    const dependencies = [error('down'), SERVING].map((outcome) => ({ name: 'twice', shared: false, outcome }));
    expect(evaluateHealth(input({ dependencies })).document.checks['dependency:twice']?.status).toBe('fail');
  });
});
