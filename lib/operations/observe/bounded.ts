import { isPortError, type PortError } from '../../ports';

/** Runs tasks with at most `limit` at a time; the results are in the order of the tasks. */
export async function inParallel<T>(limit: number, tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < tasks.length) {
      const at = next;
      next += 1;
      const task = tasks[at];
      if (task !== undefined) results[at] = await task();
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, worker));
  return results;
}

/** What a read gave, or why it gave nothing. A port that fails is an observation, not an error; anything else is. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: PortError };

export async function attempt<T>(read: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    if (isPortError(error)) return { ok: false, error };
    throw error;
  }
}
