/**
 * What probes hand in, and how it is believed. A probe is foreign code talking to foreign systems: it may be late, throw,
 * or answer nonsense. Reading an outcome never throws; whatever is not exactly a well-formed answer is a failed probe with its cause.
 */

/** How a probe ended, as the caller that set its deadline saw it. */
export type ProbeOutcome =
  | { readonly kind: 'answer'; readonly answer: unknown }
  /** The probe threw; `cause` is the message. */
  | { readonly kind: 'error'; readonly cause: string }
  /** No answer within `milliseconds`. */
  | { readonly kind: 'late'; readonly milliseconds: number };

/** The compute probe and dependencies: does it serve? */
export interface ServiceAnswer {
  readonly serving: boolean;
  /** Such as `HTTP 200` or `3 of 6 targets healthy`. */
  readonly detail: string;
}

/** A database endpoint answered. */
export interface DatabaseAnswer {
  /** The endpoint refuses writes. Absent when only a connection, or the answer of a multi-active table, was looked for. */
  readonly readOnly?: boolean;
  /** Says that `readOnly` is left out on purpose; without either the answer is malformed. */
  readonly answers?: true;
  /** Seconds behind the writer, measured by the database itself. */
  readonly lagSeconds?: number;
  /** The member that holds the writer lives in this stamp's Region. Absent when the database does not say. */
  readonly writerIsLocal?: boolean;
  /** False when the replica says that it cannot become the writer. Absent: nothing speaks against it. */
  readonly promotable?: boolean;
  readonly detail: string;
}

/** The probe could not look, and knows that it could not: this says nothing about what it wanted to look at. */
export interface Unknown {
  readonly unknown: string;
}

export type Reading<T> =
  | { readonly kind: 'answer'; readonly answer: T }
  | { readonly kind: 'unknown'; readonly cause: string }
  | { readonly kind: 'failed'; readonly cause: string };

/** Reads the outcome of a compute or dependency probe. */
export function readService(outcome: unknown): Reading<ServiceAnswer> {
  return read(outcome, (answer) => {
    if (typeof answer['serving'] !== 'boolean') return malformed('serving', answer['serving']);
    if (typeof answer['detail'] !== 'string') return malformed('detail', answer['detail']);
    return { kind: 'answer', answer: { serving: answer['serving'], detail: shorten(answer['detail']) } };
  });
}

/** Reads the outcome of a probe of a database endpoint. */
export function readDatabase(outcome: unknown): Reading<DatabaseAnswer> {
  return read(outcome, (answer) => {
    for (const key of ['readOnly', 'writerIsLocal', 'promotable']) {
      if (answer[key] !== undefined && typeof answer[key] !== 'boolean') return malformed(key, answer[key]);
    }
    if (answer['readOnly'] === undefined && answer['answers'] !== true) return malformed('readOnly', undefined);
    const lag = answer['lagSeconds'];
    if (lag !== undefined && !(typeof lag === 'number' && Number.isFinite(lag) && lag >= 0)) return malformed('lagSeconds', lag);
    if (typeof answer['detail'] !== 'string') return malformed('detail', answer['detail']);
    const { readOnly, writerIsLocal, promotable } = answer as { [key: string]: boolean | undefined };
    return {
      kind: 'answer',
      answer: {
        detail: shorten(answer['detail']),
        ...(readOnly !== undefined && { readOnly }),
        ...(lag !== undefined && { lagSeconds: lag }),
        ...(writerIsLocal !== undefined && { writerIsLocal }),
        ...(promotable !== undefined && { promotable }),
      },
    };
  });
}

function read<T>(outcome: unknown, readAnswer: (answer: Record<string, unknown>) => Reading<T>): Reading<T> {
  try {
    if (!isRecord(outcome)) return { kind: 'failed', cause: 'the probe did not run' };
    if (outcome['kind'] === 'late') return { kind: 'failed', cause: `no answer within ${printable(outcome['milliseconds'])} ms` };
    if (outcome['kind'] === 'error') return { kind: 'failed', cause: shorten(printable(outcome['cause'])) };
    if (outcome['kind'] !== 'answer') return { kind: 'failed', cause: 'the probe did not run' };
    const answer = outcome['answer'];
    if (!isRecord(answer)) return { kind: 'failed', cause: `malformed answer: ${printable(answer)}` };
    if (typeof answer['unknown'] === 'string') return { kind: 'unknown', cause: shorten(answer['unknown']) };
    return readAnswer(answer);
  } catch {
    // An object with throwing getters or a broken toString: a lie like any other.
    return { kind: 'failed', cause: 'malformed answer: it cannot be read' };
  }
}

function malformed(key: string, value: unknown): { kind: 'failed'; cause: string } {
  return { kind: 'failed', cause: `malformed answer: ${key} is ${printable(value)}` };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function printable(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value === '' ? 'an empty text' : shorten(value);
    case 'number':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return String(value);
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
    default:
      return `a ${typeof value}`;
  }
}

/** Causes come from foreign systems: one line, and short enough to keep the document small. */
function shorten(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`;
}
