import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A log of JSON lines on disk: a process that is killed finds what it had acknowledged, as a Region does when it returns. Written before an answer
 * goes out; the page cache outlives the process, so no fsync is needed for a `SIGKILL`.
 */
export class Log<T> {
  public constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
  }

  /** Everything that was appended; a line that was cut off is left out. */
  public read(): T[] {
    if (!existsSync(this.file)) return [];
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          return line === '' ? [] : [JSON.parse(line) as T];
        } catch {
          return [];
        }
      });
  }

  public append(entry: T): void {
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
  }

  /** Replaces everything. */
  public rewrite(entries: readonly T[]): void {
    writeFileSync(this.file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  }
}
