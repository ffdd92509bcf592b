/**
 * The known word that was most probably meant, or undefined when none is close: at most a third of the letters may differ.
 * Transposed neighbours count as one slip, because they are the most common one.
 */
function suggest(word: string, known: Iterable<string>): string | undefined {
  // A word this long is no slip of the keyboard, and the distance costs time in proportion to its length.
  if (word.length > 64) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  const words = [...known];
  for (const candidate of words) {
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  if (best !== undefined && bestDistance <= Math.max(1, Math.floor(Math.max(word.length, best.length) / 3))) return best;
  // Half a word: `arm` for `arm64`.
  const started = lower.length < 3 ? [] : words.filter((candidate) => candidate.toLowerCase().startsWith(lower));
  return started.length === 1 ? started[0] : undefined;
}

/** `did you mean "x"? ` for the start of a fix, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const suggestion = suggest(word, known);
  return suggestion === undefined ? '' : `did you mean "${suggestion}"? `;
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min((last[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1);
      current.push(distance);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length] ?? 0;
}
