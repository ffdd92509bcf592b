import type { Clock, LocalJournal } from '../../ports';
import { compareText } from '../../order';
import { canonicalJson } from '../canonical';
import type { ControlReplicas } from '../lease/control-replicas';
import type { JournalEntry } from './journal-entry';

/** Members that the journal fills in itself. */
type Filled = 'operation' | 'token' | 'seq' | 'at';
type DistributiveOmit<T, K extends keyof never> = T extends unknown ? Omit<T, K> : never;
/** An entry as its writer gives it. */
export type NewEntry = DistributiveOmit<JournalEntry, Filled>;

/** Key of an entry in the control table: sorted by token, then by number. */
export function entryKey(entry: Pick<JournalEntry, 'operation' | 'token' | 'seq'>): { pk: string; sk: string } {
  return {
    pk: `journal#${entry.operation}`,
    sk: `${String(entry.token).padStart(12, '0')}#${String(entry.seq).padStart(6, '0')}`,
  };
}

export interface JournalWriter {
  readonly operation: string;
  readonly token: number;
  /** Absent after break-glass: entries stay on this machine until they are reconciled. */
  readonly replicas?: ControlReplicas;
  /** Number of the first entry. Default: 0, for a new token. */
  readonly from?: number;
}

/**
 * Writes every entry to two places: first to this machine's disk, then to the control table. The disk has to take it, or nothing may
 * be done; the table may be silent for a while, then the entry follows with a later one.
 */
export class Journal {
  private seq: number;
  private waiting: JournalEntry[] = [];
  private queue: Promise<void> = Promise.resolve();

  public constructor(
    private readonly local: LocalJournal,
    private readonly clock: Clock,
    private readonly writer: JournalWriter,
  ) {
    this.seq = writer.from ?? 0;
  }

  /** Entries that only this machine has. */
  public get unreplicated(): number {
    return this.waiting.length;
  }

  /**
   * Ends when the entry is on disk, and in the control table if that answers.
   *
   * @param mustReplicate fail unless the control table has it too: the first entry, without which nobody else would know
   * @throws when the disk refuses, or with `mustReplicate` a PortError
   */
  public async append(entry: NewEntry, mustReplicate = false): Promise<void> {
    // Steps run at the same time; their entries are written one after the other.
    const turn = this.queue.then(() => this.write(entry, mustReplicate));
    this.queue = turn.catch(() => undefined);
    await turn;
  }

  private async write(entry: NewEntry, mustReplicate: boolean): Promise<void> {
    const { operation, token } = this.writer;
    const whole = { operation, token, seq: this.seq, at: new Date(this.clock.now()).toISOString(), ...entry } as JournalEntry;
    this.seq += 1;
    await this.local.append(operation, canonicalJson(whole));
    this.waiting.push(whole);
    const { replicas } = this.writer;
    if (replicas === undefined) return;
    try {
      while (this.waiting[0] !== undefined) {
        await replicas.put({ ...entryKey(this.waiting[0]), version: 1, body: this.waiting[0] }, 'absent');
        this.waiting.shift();
      }
    } catch (error) {
      if (mustReplicate) throw error;
    }
  }
}

/** Everything both places know of an operation, in order, each entry once. */
export async function readJournal(
  local: LocalJournal,
  replicas: ControlReplicas | undefined,
  operation: string,
): Promise<JournalEntry[]> {
  const lines = (await local.read(operation)).map((line) => JSON.parse(line) as JournalEntry);
  const items = replicas === undefined ? [] : await replicas.query(entryKey({ operation, token: 0, seq: 0 }).pk);
  const entries = new Map<string, JournalEntry>();
  for (const entry of [...lines, ...items.map((item) => item.body as JournalEntry)]) entries.set(entryKey(entry).sk, entry);
  return [...entries].sort(([a], [b]) => compareText(a, b)).map(([, entry]) => entry);
}

/**
 * Brings what only this machine knows of an operation into the control table, after break-glass or a crash.
 *
 * @returns how many entries the table did not have
 * @throws PortError when no replica answers
 */
export async function reconcileJournal(local: LocalJournal, replicas: ControlReplicas, operation: string): Promise<number> {
  let added = 0;
  for (const line of await local.read(operation)) {
    const entry = JSON.parse(line) as JournalEntry;
    if ((await replicas.put({ ...entryKey(entry), version: 1, body: entry }, 'absent')) === 'written') added += 1;
  }
  return added;
}
