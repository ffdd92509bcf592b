/** What several runs of one drill measured, in seconds. */
export interface Distribution {
  readonly runs: number;
  /** Runs in which it never ended. */
  readonly endless: number;
  readonly least?: number;
  readonly median?: number;
  /** 90 of 100 runs were at most this; the worst of fewer than ten. */
  readonly p90?: number;
  readonly worst?: number;
}

export function distribution(values: readonly (number | undefined)[]): Distribution {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  const endless = values.length - sorted.length;
  const [least] = sorted;
  const worst = sorted.at(-1);
  if (least === undefined || worst === undefined) return { runs: values.length, endless };
  return {
    runs: values.length,
    endless,
    least,
    median: rank(sorted, 0.5) ?? least,
    p90: rank(sorted, 0.9) ?? worst,
    worst,
  };
}

/** The smallest value that so large a share of the others does not exceed. */
function rank(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
