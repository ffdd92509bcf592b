import type { DatabaseSettings } from '../../lib/health/database';
import type { DependencyOutcome, HealthInput } from '../../lib/health/evaluate';
import { EMPTY_MEMORY, type HealthMemory } from '../../lib/health/memory';

export const NOW = Date.UTC(2026, 10, 21, 12);

export const answer = (value: unknown): unknown => ({ kind: 'answer', answer: value });
export const error = (cause: string): unknown => ({ kind: 'error', cause });
export const late = (milliseconds = 1000): unknown => ({ kind: 'late', milliseconds });

export const SERVING = answer({ serving: true, detail: 'HTTP 200' });
export const WRITER = answer({ readOnly: false, detail: 'writer' });
export const REPLICA = answer({ readOnly: true, lagSeconds: 1.5, writerIsLocal: false, detail: 'reader' });

/** A healthy stamp with a PostgreSQL writer and a grace of 90 s, but for what is given. */
export function input(parts: {
  database?: Partial<DatabaseSettings> | undefined;
  compute?: unknown;
  writer?: unknown;
  reader?: unknown;
  dependencies?: readonly DependencyOutcome[] | undefined;
  memory?: HealthMemory;
}): HealthInput {
  return {
    stampId: 'enterprise-use1',
    now: NOW,
    database: { topology: 'single-writer', writerGraceSeconds: 90, standbyServes: 'reads', ...parts.database },
    outcomes: {
      compute: 'compute' in parts ? parts.compute : SERVING,
      writer: 'writer' in parts ? parts.writer : WRITER,
      reader: 'reader' in parts ? parts.reader : answer({ readOnly: true, writerIsLocal: true, detail: 'reader' }),
      dependencies: parts.dependencies ?? [],
    },
    memory: parts.memory ?? EMPTY_MEMORY,
  };
}
