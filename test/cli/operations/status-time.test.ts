import { describe, expect, test } from 'vitest';
import type { OperationPorts } from '../../../lib/ports';
import { exampleFleet } from '../../support/loaded-fleets';
import { FakeAws } from '../../fakes/fake-aws';
import { OnCall, wellBackedUp } from './on-call';

/** What every call takes, in milliseconds of the fakes' time. */
const CALL_MS = 1_000;
/** Calls that have to follow each other: stamps with their pointers, the cluster and its lag, the global cluster; and some room. */
const DEEP = 5;

describe('status', () => {
  test.each(['enterprise', 'pool'])('of %s reads at once: its time is that of a few calls, not of all', async (group) => {
    const aws = wellBackedUp(new FakeAws(exampleFleet().fleet));
    let calls = 0;
    let running = 0;
    let most = 0;
    const slow = (ports: OperationPorts): OperationPorts => {
      const port = <T extends object>(target: T): T =>
        new Proxy(target, {
          get: (of, name): unknown => {
            const member: unknown = Reflect.get(of, name);
            if (typeof member !== 'function') return member;
            return async (...args: unknown[]): Promise<unknown> => {
              calls += 1;
              running += 1;
              most = Math.max(most, running);
              await aws.world.wait(CALL_MS);
              running -= 1;
              return Reflect.apply(member, of, args) as Promise<unknown>;
            };
          },
        });
      const { clock: _clock, sha256: _sha, reporter: _reporter, localJournal: _disk, ...rest } = ports;
      const slowed = Object.fromEntries(Object.entries(rest).map(([name, each]) => [name, port(each)]));
      return { ...ports, ...slowed };
    };
    const before = aws.world.time;
    await new OnCall(aws, { wrap: slow }).run('status', group, '--no-proof');
    expect(calls).toBeGreaterThan(25);
    expect((aws.world.time - before) / CALL_MS).toBeLessThanOrEqual(DEEP);
    expect(most).toBeGreaterThan(10);
  });
});
