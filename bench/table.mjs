/** Columns in plain text: the first to the left, numbers to the right. */
export function table(header, rows) {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  return [header, ...rows]
    .map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '))
    .join('\n');
}

/** One line for each aim: wall clock, with CPU time in brackets. On a busy machine only the second says something. */
export function aimLines(rows) {
  return rows
    .filter(([, value]) => value)
    .map(([what, { seconds, cpuSeconds }, aim]) => {
      const cpu = cpuSeconds === undefined ? '' : ` (CPU ${cpuSeconds.toFixed(2)})`;
      return `${seconds <= aim ? 'ok  ' : 'OVER'} ${what}: ${seconds.toFixed(2)}${cpu}, aim ${aim}`;
    });
}
