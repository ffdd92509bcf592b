import { describe, expect, test } from 'vitest';
import type { DatabaseRole, FailReason, HealthStatus } from '../../lib/health/document';
import { evaluateHealth } from '../../lib/health/evaluate';
import { EMPTY_MEMORY, type HealthMemory } from '../../lib/health/memory';
import { NOW, REPLICA, SERVING, WRITER, answer, error, input, late } from './support';

const GRACE = 90_000;

interface Row {
  readonly name: string;
  readonly database?: Parameters<typeof input>[0]['database'];
  readonly compute?: unknown;
  readonly writer?: unknown;
  readonly reader?: unknown;
  readonly dependencies?: Parameters<typeof input>[0]['dependencies'];
  readonly memory?: Partial<HealthMemory>;
  readonly status: HealthStatus;
  readonly reasons?: FailReason[];
  readonly role?: DatabaseRole;
  readonly writable?: boolean;
}

const SILENT = late();
const NOT_SERVING = answer({ serving: false, detail: '0 of 6 targets healthy' });
const writerMemory = (failingFor?: number): Partial<HealthMemory> => ({
  evaluatedAt: NOW - 1000,
  lastRole: 'writer',
  ...(failingFor !== undefined && { writerFailingSince: NOW - failingFor }),
});

const ROWS: Row[] = [
  { name: 'everything of a writer stamp answers', status: 'pass', role: 'writer', writable: true },
  { name: 'fails: own compute does not serve', compute: NOT_SERVING, status: 'fail', reasons: ['compute-down'] },
  { name: 'fails: own compute does not answer', compute: SILENT, status: 'fail', reasons: ['compute-down'] },
  { name: 'compute cannot be looked at', compute: answer({ unknown: 'AccessDenied' }), status: 'warn' },
  { name: 'a reader beside a good writer is lost', reader: SILENT, status: 'warn', role: 'writer', writable: true },

  { name: 'writer just lost', writer: SILENT, reader: SILENT, memory: writerMemory(), status: 'warn', role: 'writer' },
  {
    name: 'writer lost for less than the grace',
    writer: SILENT,
    reader: SILENT,
    memory: writerMemory(GRACE - 1),
    status: 'warn',
  },
  {
    name: 'fails: writer lost for the grace',
    writer: SILENT,
    reader: SILENT,
    memory: writerMemory(GRACE),
    status: 'fail',
    reasons: ['writer-unreachable'],
    role: 'writer',
  },
  {
    name: 'fails: writer lost for the grace, though a reader of the same cluster answers',
    writer: SILENT,
    reader: answer({ readOnly: true, writerIsLocal: true, detail: 'reader' }),
    memory: { evaluatedAt: NOW - 1000, writerFailingSince: NOW - GRACE },
    status: 'fail',
    reasons: ['writer-unreachable'],
    role: 'writer',
  },
  {
    name: 'fails: writer endpoint reaches a reader for the grace, in the Region of the writer',
    writer: answer({ readOnly: true, writerIsLocal: true, detail: 'reader' }),
    reader: answer({ readOnly: true, writerIsLocal: true, detail: 'reader' }),
    memory: writerMemory(GRACE),
    status: 'fail',
    reasons: ['writer-unreachable'],
  },
  {
    name: 'writer lost, a reader answers, the database says nothing: what was true last time',
    writer: SILENT,
    reader: answer({ readOnly: true, detail: 'reader' }),
    memory: writerMemory(GRACE - 1),
    status: 'warn',
    role: 'writer',
  },
  {
    name: 'fails: only the reader endpoint still reaches the writer, for the grace',
    writer: SILENT,
    reader: answer({ readOnly: false, detail: 'writer' }),
    memory: { evaluatedAt: NOW - 1000, writerFailingSince: NOW - GRACE },
    status: 'fail',
    reasons: ['writer-unreachable'],
    role: 'writer',
    writable: false,
  },
  {
    name: 'a shared writer lost for long',
    database: { shared: true },
    writer: SILENT,
    reader: SILENT,
    memory: writerMemory(10 * GRACE),
    status: 'warn',
  },
  {
    name: 'fails: no grace at all',
    database: { writerGraceSeconds: 0 },
    writer: SILENT,
    reader: SILENT,
    status: 'fail',
    reasons: ['writer-unreachable'],
  },

  { name: 'cold start, nothing answers', writer: SILENT, reader: SILENT, status: 'warn', role: 'unknown' },
  {
    name: 'fails: nothing known and nothing answers for the grace',
    writer: SILENT,
    reader: SILENT,
    memory: { evaluatedAt: NOW - 1000, writerFailingSince: NOW - GRACE },
    status: 'fail',
    reasons: ['writer-unreachable'],
    role: 'unknown',
  },
  {
    name: 'the pointer cannot be read: nothing is known, nothing fails',
    writer: answer({ unknown: 'SSM timed out' }),
    reader: answer({ unknown: 'SSM timed out' }),
    memory: writerMemory(10 * GRACE),
    status: 'warn',
    role: 'writer',
  },

  { name: 'standby that serves reads', writer: SILENT, reader: REPLICA, status: 'pass', role: 'reader' },
  {
    name: 'standby that serves nobody',
    database: { standbyServes: 'none' },
    writer: SILENT,
    reader: REPLICA,
    status: 'pass',
    role: 'reader',
  },
  {
    name: 'standby whose writer endpoint is its replica (plain PostgreSQL)',
    writer: answer({ readOnly: true, lagSeconds: 2, detail: 'in recovery' }),
    reader: SILENT,
    status: 'pass',
    role: 'reader',
  },
  {
    name: 'standby while the Region of the writer is dead: lag grows, and must not fail it',
    database: { warnLagSeconds: 30 },
    writer: SILENT,
    reader: answer({ readOnly: true, lagSeconds: 7200, writerIsLocal: false, detail: 'reader' }),
    status: 'warn',
    role: 'reader',
  },
  {
    name: 'lag at its limit',
    database: { warnLagSeconds: 30 },
    writer: SILENT,
    reader: answer({ readOnly: true, lagSeconds: 30, writerIsLocal: false, detail: '' }),
    status: 'pass',
  },
  {
    name: 'an answer read-only at cold start, and nobody says where the writer is',
    writer: SILENT,
    reader: answer({ readOnly: true, detail: 'reader' }),
    status: 'warn',
    role: 'unknown',
  },
  {
    name: 'demoted: the database says so, against memory',
    writer: SILENT,
    reader: REPLICA,
    memory: writerMemory(GRACE),
    status: 'pass',
    role: 'reader',
  },
  {
    name: 'promoted: writable, against memory',
    memory: { evaluatedAt: NOW - 1000, lastRole: 'reader' },
    status: 'pass',
    role: 'writer',
    writable: true,
  },
  {
    name: 'fails: replica cannot be promoted',
    writer: SILENT,
    reader: answer({ readOnly: true, writerIsLocal: false, promotable: false, detail: 'replication stopped: error 1062' }),
    status: 'fail',
    reasons: ['replica-not-promotable'],
    role: 'reader',
  },
  {
    name: 'fails: replica silent',
    writer: SILENT,
    reader: SILENT,
    memory: { evaluatedAt: NOW - 1000, lastRole: 'reader' },
    status: 'fail',
    reasons: ['replica-silent'],
    role: 'reader',
  },
  {
    name: 'replica silent within its own grace',
    database: { replicaGraceSeconds: 60 },
    writer: SILENT,
    reader: SILENT,
    memory: { evaluatedAt: NOW - 1000, lastRole: 'reader', replicaFailingSince: NOW - 59_999 },
    status: 'warn',
    role: 'reader',
  },

  {
    name: 'shared dependency down',
    dependencies: [{ name: 'payments', shared: true, outcome: error('ECONNREFUSED') }],
    status: 'warn',
  },
  {
    name: 'fails: own dependency down',
    dependencies: [{ name: 'cache', shared: false, outcome: error('ECONNREFUSED') }],
    status: 'fail',
    reasons: ['dependency-down'],
  },
  { name: 'dependencies up', dependencies: [{ name: 'payments', shared: true, outcome: SERVING }], status: 'pass' },

  { name: 'no database', database: { topology: 'none' }, writer: undefined, reader: undefined, status: 'pass', role: 'none' },
  {
    name: 'fails: no database, no compute',
    database: { topology: 'none' },
    compute: SILENT,
    status: 'fail',
    reasons: ['compute-down'],
    role: 'none',
  },
  {
    name: 'table answers',
    database: { topology: 'multi-active' },
    writer: answer({ answers: true, detail: 'item read' }),
    reader: undefined,
    status: 'pass',
    role: 'writer',
    writable: true,
  },
  {
    name: 'table just lost',
    database: { topology: 'multi-active' },
    writer: SILENT,
    memory: writerMemory(),
    status: 'warn',
    writable: false,
  },
  {
    name: 'fails: table lost for the grace',
    database: { topology: 'multi-active' },
    writer: SILENT,
    memory: writerMemory(GRACE),
    status: 'fail',
    reasons: ['writer-unreachable'],
  },
  {
    name: 'table cannot be looked at',
    database: { topology: 'multi-active' },
    writer: answer({ unknown: 'no permission' }),
    status: 'warn',
  },
  {
    name: 'only a connection is probed',
    writer: answer({ answers: true, detail: 'connected' }),
    reader: undefined,
    status: 'pass',
    role: 'unknown',
    writable: false,
  },
];

describe('the truth table', () => {
  test.each(ROWS)('$name -> $status', ({ status, reasons, role, writable, memory, ...row }) => {
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
