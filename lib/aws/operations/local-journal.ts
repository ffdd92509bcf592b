import { type FileHandle, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { StampError } from '../../errors';
import type { LocalJournal } from '../../ports';

const SUFFIX = '.jsonl';
/** Names of files come from ids of operations: nothing that leads out of the folder. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/;
const NEWLINE = 0x0a;

/**
 * Where a fleet's journals are on this machine: below STAMPKIT_STATE_DIR, otherwise where XDG keeps state
 * (`$XDG_STATE_HOME/stampkit`, `~/.local/state/stampkit`).
 */
export function journalFolder(fleet: string, environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment['STAMPKIT_STATE_DIR'] ?? '';
  if (given !== '') return join(given, fleet, 'journal');
  const state = environment['XDG_STATE_HOME'] ?? '';
  // Relative paths are to be ignored, says the specification.
  const base = state.startsWith('/') ? state : join(environment['HOME'] ?? homedir(), '.local', 'state');
  return join(base, 'stampkit', fleet, 'journal');
}

/**
 * One file for each operation, one line for each entry, readable by its owner only. A line counts when its newline is on disk: what a crash
 * cut off was never acknowledged, is left out by readers, and is cut away before the next line is written.
 */
export function localJournal(folder: string): LocalJournal {
  const files = new Map<string, Promise<unknown>>();
  const sound = new Set<string>();
  const pathOf = (operation: string): string => {
    if (!ID.test(operation))
      throw new StampError('OPERATION_ID', `${operation} is no id of an operation`, 'List them: stampkit journal list.');
    return join(folder, operation + SUFFIX);
  };
  return {
    async append(operation, line) {
      const path = pathOf(operation);
      if (line.includes('\n')) throw new Error('a journal entry is one line');
      // Lines of one file one after the other.
      const turn = (files.get(path) ?? Promise.resolve())
        .catch(() => undefined)
        .then(() => appendLine(path, line, sound.has(path)));
      files.set(path, turn);
      try {
        await turn;
        sound.add(path);
      } catch (error) {
        // Half a line may be there.
        sound.delete(path);
        throw journalError(folder, error);
      }
    },
    async read(operation) {
      const content = await readOrNothing(pathOf(operation));
      // The last piece is what follows the last newline: nothing, or a line that was cut off.
      return content.split('\n').slice(0, -1);
    },
    async list() {
      try {
        const names = await readdir(folder);
        return names
          .filter((name) => name.endsWith(SUFFIX))
          .map((name) => name.slice(0, -SUFFIX.length))
          .sort();
      } catch (error) {
        if (isMissing(error)) return [];
        throw journalError(folder, error);
      }
    },
  };
}

async function appendLine(path: string, line: string, sound: boolean): Promise<void> {
  let file: FileHandle;
  let made = false;
  try {
    file = await open(path, 'r+');
  } catch (error) {
    if (!isMissing(error)) throw error;
    await makeFolder(dirname(path));
    file = await open(path, 'w+', 0o600);
    made = true;
  }
  try {
    const { size } = await file.stat();
    const end = sound ? size : await endOfLines(file, size);
    if (end < size) await file.truncate(end);
    await writeAll(file, Buffer.from(`${line}\n`, 'utf8'), end);
    await file.sync();
  } finally {
    await file.close();
  }
  // A file is only there for good when its folder is on disk too.
  if (made) await syncFolder(dirname(path));
}

/** Makes what is missing of a path, private, and puts every new name on disk. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let at = folder; at.length >= first.length; at = dirname(at)) await syncFolder(dirname(at));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Just behind the last newline. */
async function endOfLines(file: FileHandle, size: number): Promise<number> {
  const chunk = Buffer.alloc(4096);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - chunk.length);
    const { bytesRead } = await file.read(chunk, 0, end - start, start);
    const at = chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function readOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw journalError(dirname(path), error);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function journalError(folder: string, error: unknown): StampError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StampError(
    'LOCAL_JOURNAL',
    `the journal of operations cannot be kept in ${folder} (${reason})`,
    'Nothing is done that is not journaled: make room or give a folder that can be written in STAMPKIT_STATE_DIR.',
  );
}
