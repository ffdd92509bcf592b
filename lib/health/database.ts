import type { DatabaseRole, FailReason, HealthStatus } from './document';
import type { HealthMemory } from './memory';
import { readDatabase, type DatabaseAnswer, type Reading } from './observation';

/** How the stamp's database is judged. */
export interface DatabaseSettings {
  /** `none`: no database. `multi-active`: writable wherever it answers (DynamoDB). `single-writer`: one writer, the others replicate. */
  readonly topology: 'none' | 'multi-active' | 'single-writer';
  /** Seconds an unreachable writer only warns; longer than a writer failover inside the Region. */
  readonly writerGraceSeconds: number;
  /** Seconds a silent replica only warns. @default 0 - fails at once */
  readonly replicaGraceSeconds?: number;
  /** Lag in seconds above which a replica warns. It never fails on lag: see {@link judgeDatabase}. @default - never */
  readonly warnLagSeconds?: number;
  /** Other stamps use the same database: its failure only warns. @default false */
  readonly shared?: boolean;
  /** What users of a standby get. Does not change the verdict: a standby that failed would open Route 53 toward the dead primary. */
  readonly standbyServes: 'reads' | 'none';
}

export interface CheckVerdict {
  readonly status: HealthStatus;
  readonly observed?: string | number | boolean;
  readonly message: string;
}

export interface DatabaseVerdict {
  readonly role: DatabaseRole;
  readonly writable: boolean;
  readonly lagSeconds?: number;
  readonly reasons: readonly FailReason[];
  readonly checks: Readonly<Record<'writer' | 'reader', CheckVerdict | undefined>>;
  readonly memory: Pick<HealthMemory, 'lastRole' | 'writerFailingSince' | 'replicaFailingSince'>;
}

/**
 * The database rows of the truth table (design 6).
 *
 * A replica never fails for its lag: when the Region of the writer dies, lag is exactly what grows, and a standby that failed
 * then would make Route 53 fall open onto the dead primary (aws-facts 1.3). It fails when it is silent or says that it cannot be promoted.
 */
export function judgeDatabase(
  settings: DatabaseSettings,
  outcomes: { readonly writer: unknown; readonly reader: unknown },
  memory: HealthMemory,
  now: number,
): DatabaseVerdict {
  if (settings.topology === 'none') {
    return { role: 'none', writable: false, reasons: [], checks: { writer: undefined, reader: undefined }, memory: {} };
  }
  const writer = readDatabase(outcomes.writer);
  if (settings.topology === 'multi-active') return judgeMultiActive(settings, writer, memory, now);
  const reader = readDatabase(outcomes.reader);

  if (writer.kind === 'answer' && writer.answer.readOnly === false) return judgeWriter(writer.answer, reader);
  if (writer.kind === 'answer' && writer.answer.readOnly === undefined) return judgeConnection(writer.answer, memory);
  // What answers as a replica: the reader endpoint, or a writer endpoint that points at an instance which is none.
  const replica = [reader, writer].map(answerOf).find((answer) => answer?.readOnly === true);
  if (replica !== undefined && standsBy(replica, writer, memory)) return judgeStandby(settings, replica, writer, memory);
  if (writer.kind === 'unknown' || (replica === undefined && reader.kind === 'unknown')) {
    return judgeUnseen(writer, reader, memory);
  }
  if (replica === undefined && memory.lastRole === 'reader') return judgeSilentReplica(settings, writer, reader, memory, now);
  return judgeLostWriter(settings, writer, reader, memory, now);
}

/**
 * Is this stamp's database the standby, or the writer's with its writer gone and a reader left? First what the database itself says
 * about where the writer is; then what an endpoint called the writer's says by being read-only; then what was true last time; and with
 * no evidence at all, standby: a standby that fails by mistake costs the failover, a writer's stamp that warns costs an alarm.
 */
function standsBy(replica: DatabaseAnswer, writer: Reading<DatabaseAnswer>, memory: HealthMemory): boolean {
  if (replica.writerIsLocal !== undefined) return !replica.writerIsLocal;
  if (writer.kind === 'answer') return true;
  return memory.lastRole !== 'writer';
}

function judgeWriter(writer: DatabaseAnswer, reader: Reading<DatabaseAnswer>): DatabaseVerdict {
  return {
    role: 'writer',
    writable: true,
    reasons: [],
    checks: {
      writer: { status: 'pass', observed: 'writer', message: `accepts writes: ${writer.detail}` },
      // The stamp still reads and writes through its writer: a lost reader is capacity, not health.
      reader:
        reader.kind === 'answer' ? { status: 'pass', message: reader.answer.detail } : { status: 'warn', message: reader.cause },
    },
    memory: { lastRole: 'writer' },
  };
}

/** Only a connection was probed: it answers, and what it would do with a write nobody knows. */
function judgeConnection(writer: DatabaseAnswer, memory: HealthMemory): DatabaseVerdict {
  return {
    role: 'unknown',
    writable: false,
    reasons: [],
    checks: { writer: { status: 'pass', message: `answers: ${writer.detail}` }, reader: undefined },
    memory: role(memory.lastRole),
  };
}

function judgeMultiActive(
  settings: DatabaseSettings,
  writer: Reading<DatabaseAnswer>,
  memory: HealthMemory,
  now: number,
): DatabaseVerdict {
  if (writer.kind === 'answer') {
    return {
      role: 'writer',
      writable: true,
      reasons: [],
      checks: { writer: { status: 'pass', observed: 'multi-active', message: writer.answer.detail }, reader: undefined },
      memory: { lastRole: 'writer' },
    };
  }
  if (writer.kind === 'unknown') return judgeUnseen(writer, undefined, memory);
  return judgeLostWriter(settings, writer, undefined, memory, now);
}

function judgeStandby(
  settings: DatabaseSettings,
  replica: DatabaseAnswer,
  writer: Reading<DatabaseAnswer>,
  memory: HealthMemory,
): DatabaseVerdict {
  const lag = replica.lagSeconds;
  const lagging = lag !== undefined && settings.warnLagSeconds !== undefined && lag > settings.warnLagSeconds;
  const broken = replica.promotable === false;
  const failing = broken && settings.shared !== true;
  const unsure = replica.writerIsLocal === undefined && writer.kind !== 'answer' && memory.lastRole === undefined;
  const message = broken
    ? `cannot be promoted: ${replica.detail}`
    : lagging
      ? `${lag} s behind the writer, more than ${settings.warnLagSeconds} s: ${replica.detail}`
      : unsure
        ? `answers read-only, and nothing says where the writer is: ${replica.detail}`
        : `could be promoted, users get ${settings.standbyServes === 'reads' ? 'reads' : '503'}: ${replica.detail}`;
  return {
    role: unsure ? 'unknown' : 'reader',
    writable: false,
    ...(lag !== undefined && { lagSeconds: lag }),
    reasons: failing ? ['replica-not-promotable'] : [],
    checks: {
      // Of a replicated cluster the writer endpoint is inactive: its silence is normal here.
      writer: undefined,
      reader: {
        status: failing ? 'fail' : broken || lagging || unsure ? 'warn' : 'pass',
        ...(lag !== undefined && { observed: lag }),
        message,
      },
    },
    memory: unsure ? {} : { lastRole: 'reader' },
  };
}

/** The probe knows that it could not look (its pointer cannot be read): nothing is known, so nothing fails. */
function judgeUnseen(
  writer: Reading<DatabaseAnswer>,
  reader: Reading<DatabaseAnswer> | undefined,
  memory: HealthMemory,
): DatabaseVerdict {
  return {
    role: memory.lastRole ?? 'unknown',
    writable: false,
    reasons: [],
    checks: { writer: { status: 'warn', message: `not known: ${causeOf(writer)}` }, reader: warning(reader) },
    memory: {
      ...role(memory.lastRole),
      ...(memory.writerFailingSince !== undefined && { writerFailingSince: memory.writerFailingSince }),
      ...(memory.replicaFailingSince !== undefined && { replicaFailingSince: memory.replicaFailingSince }),
    },
  };
}

function judgeSilentReplica(
  settings: DatabaseSettings,
  writer: Reading<DatabaseAnswer>,
  reader: Reading<DatabaseAnswer>,
  memory: HealthMemory,
  now: number,
): DatabaseVerdict {
  const since = Math.min(memory.replicaFailingSince ?? now, now);
  const failing = settings.shared !== true && now - since >= (settings.replicaGraceSeconds ?? 0) * 1000;
  return {
    role: 'reader',
    writable: false,
    reasons: failing ? ['replica-silent'] : [],
    checks: {
      writer: undefined,
      reader: {
        status: failing ? 'fail' : 'warn',
        message: `the replica does not answer: ${causeOf(reader)}; writer endpoint: ${causeOf(writer)}`,
      },
    },
    memory: { lastRole: 'reader', replicaFailingSince: since },
  };
}

function judgeLostWriter(
  settings: DatabaseSettings,
  writer: Reading<DatabaseAnswer>,
  reader: Reading<DatabaseAnswer> | undefined,
  memory: HealthMemory,
  now: number,
): DatabaseVerdict {
  const since = Math.min(memory.writerFailingSince ?? now, now);
  const failing = settings.shared !== true && now - since >= settings.writerGraceSeconds * 1000;
  // A reader of the writer's own cluster, or the writer itself reached through the reader endpoint.
  const seen = [reader, writer].map(answerOf);
  const provenWriter = seen.some((answer) => answer?.writerIsLocal === true || answer?.readOnly === false);
  return {
    role: provenWriter ? 'writer' : (memory.lastRole ?? 'unknown'),
    writable: false,
    reasons: failing ? ['writer-unreachable'] : [],
    checks: {
      writer: { status: failing ? 'fail' : 'warn', message: `the writer is unreachable: ${causeOf(writer)}` },
      reader: warning(reader),
    },
    memory: { ...role(provenWriter ? 'writer' : memory.lastRole), writerFailingSince: since },
  };
}

function role(lastRole: 'writer' | 'reader' | undefined): { lastRole?: 'writer' | 'reader' } {
  return lastRole === undefined ? {} : { lastRole };
}

function answerOf(reading: Reading<DatabaseAnswer> | undefined): DatabaseAnswer | undefined {
  return reading?.kind === 'answer' ? reading.answer : undefined;
}

function causeOf(reading: Reading<DatabaseAnswer>): string {
  return reading.kind === 'answer' ? `answers read-only (${reading.answer.detail})` : reading.cause;
}

function warning(reading: Reading<DatabaseAnswer> | undefined): CheckVerdict | undefined {
  if (reading === undefined) return undefined;
  return reading.kind === 'answer'
    ? { status: 'pass', message: reading.answer.detail }
    : { status: 'warn', message: reading.cause };
}
