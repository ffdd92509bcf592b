import type { Reading } from '../../ports';

/** What a call answers; when it fails, why, in one line. */
export async function reading<T>(call: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { read: true, value: await call() };
  } catch (error) {
    return { read: false, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.message.replace(/\s+/g, ' ').trim();
  return text === '' || text === error.name ? error.name : `${error.name}: ${text}`;
}
