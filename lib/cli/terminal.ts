/** Where a command writes: results on `out`, messages and progress on `err`. Injected, so that tests capture both. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** True when a person watches: progress is shown, and colour may be used. */
  readonly interactive: boolean;
}

/** Exit codes of every command (contract). */
export const EXIT_OK = 0;
export const EXIT_FINDINGS = 1;
export const EXIT_USAGE = 2;
export const EXIT_STOPPED = 3;

/** Columns padded to their widest cell; the last one is left ragged so that no line ends in spaces. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[], longestRule = Infinity): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return (
    [line(header), line(widths.map((width) => '-'.repeat(Math.min(width, longestRule)))), ...rows.map(line)].join('\n') + '\n'
  );
}

/** `1 stamp`, `2 stamps`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
