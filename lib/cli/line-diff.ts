/** Lines that are shown around a change. */
const CONTEXT = 2;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/**
 * What changes from one text to another, line by line with two lines around each change; empty when they are equal.
 * For files of some hundred lines: time and memory grow with the product of their lengths.
 */
export function diffLines(before: string, after: string): string {
  if (before === after) return '';
  const lines = compare(before.split('\n'), after.split('\n'));
  const shown = lines.map((_, at) => lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ sign }) => sign !== ' '));
  return lines
    .flatMap(({ sign, text }, at) => {
      if (shown[at] === true) return [`${sign}${text}`.trimEnd()];
      return shown[at + 1] === true ? ['...'] : [];
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** Longest common subsequence, walked from the start. */
function compare(a: readonly string[], b: readonly string[]): Line[] {
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row = common[i];
    if (row === undefined) continue;
    for (let j = b.length - 1; j >= 0; j -= 1)
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push({ sign: ' ', text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: left });
      i += 1;
    } else {
      lines.push({ sign: '+', text: right ?? '' });
      j += 1;
    }
  }
  return lines;
}
