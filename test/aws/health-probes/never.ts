/** For probes that nobody hurries. */
export const never = (): AbortSignal => new AbortController().signal;
