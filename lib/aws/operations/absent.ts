import { isPortError } from '../../ports';

/** What is not there is no error for who asks whether it is. */
export async function orAbsent<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isPortError(error) && error.kind === 'not-found') return undefined;
    throw error;
  }
}
