import type { DatabaseRole, FailReason, HealthStatus } from '../../lib/health/document';
import type { HealthMemory } from '../../lib/health/memory';
import { NOW, REPLICA, SERVING, answer, error, late, type input } from './support';

const GRACE = 90_000;

/** What the probes said, what was remembered, and the verdict. */
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

/** Every row is one situation of a stamp; what is not given is that of a healthy stamp with a writer. */
export const TRUTH_TABLE: Row[] = [
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
