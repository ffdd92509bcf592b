import { describe, expect, test, vi } from 'vitest';
import { processHost } from '../../../lib/cli/operations/process-host';

describe('the process as a host', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s is a wish to stop, until nobody listens any more', (signal) => {
    const listener = vi.fn();
    const before = process.listenerCount(signal);
    const off = processHost({}).onInterrupt(listener);
    process.emit(signal, signal);
    process.emit(signal, signal);
    off();
    expect(listener).toHaveBeenCalledTimes(2);
    expect(process.listenerCount(signal)).toBe(before);
  });

  test('names a person, and a holder that no other process has', () => {
    const jo = processHost({ STAMPKIT_OPERATOR: 'jo doe' });
    expect(jo.identity().operator).toBe('jo-doe');
    expect(jo.identity()).toBe(jo.identity());
    expect(jo.identity().holder).not.toBe(processHost({ STAMPKIT_OPERATOR: 'jo doe' }).identity().holder);
    expect(processHost({}).identity().operator).not.toBe('');
  });
});
