import type { DataCount } from '../../ports';

/** What several stamps that replicate to one another have between them; undefined of none. Effects of messages are replicated, so the highest count is the truth. */
export function mergedCount(counts: readonly DataCount[]): DataCount | undefined {
  const [first, ...others] = counts;
  if (first === undefined || others.length === 0) return first;
  const messages: Record<number, number> = {};
  for (const count of counts) {
    for (const [number, times] of Object.entries(count.messages)) {
      messages[Number(number)] = Math.max(messages[Number(number)] ?? 0, times);
    }
  }
  return {
    rows: union(counts.map(({ rows }) => rows)),
    damaged: union(counts.map(({ damaged }) => damaged)),
    messages,
    queued: union(counts.map(({ queued }) => queued)),
  };
}

function union(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}
