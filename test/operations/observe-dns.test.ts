import { describe, expect, test } from 'vitest';
import { viewOf } from '../../lib/operations/group-view';
import { observeDns } from '../../lib/operations/observe/observe-dns';
import type { DnsAnswer } from '../../lib/ports';
import { FLEET } from './support';

const view = viewOf(FLEET, 'enterprise');
const [first, second] = view.group.stamps.map((stamp) => stamp.values.recordName) as [string, string];
const NAME = view.group.recordName;

/** What one resolver says: addresses, or why there are none. */
function seen(answers: Readonly<Record<string, readonly string[] | string>>): ReturnType<typeof observeDns> {
  return observeDns(
    {
      dns: {
        answers: (name) => {
          const said = answers[name] ?? [];
          const base = { vantage: 'r', authoritative: true };
          const answer: DnsAnswer =
            typeof said === 'string' ? { ...base, addresses: [], error: said } : { ...base, addresses: [...said] };
          return Promise.resolve([answer]);
        },
      },
    },
    view,
  );
}

describe('what resolvers lead to', () => {
  test('is the stamp whose own name has that address', async () => {
    expect(await seen({ [NAME]: ['192.0.2.2'], [first]: ['192.0.2.1'], [second]: ['192.0.2.2'] })).toMatchObject([
      { stamps: [view.group.stamps[1]!.id], foreign: false },
    ]);
  });

  test('is foreign when every stamp’s own name was resolved and none has the address', async () => {
    expect(await seen({ [NAME]: ['203.0.113.9'], [first]: ['192.0.2.1'], [second]: ['192.0.2.2'] })).toMatchObject([
      { stamps: [], foreign: true },
    ]);
  });

  test('is unknown, not foreign, when a stamp’s own name could not be resolved', async () => {
    const [answer] = await seen({ [NAME]: ['192.0.2.1'], [first]: 'ETIMEOUT', [second]: ['192.0.2.2'] });
    expect(answer).toEqual({
      vantage: 'r',
      authoritative: true,
      stamps: [],
      foreign: false,
      error: `${first} could not be resolved to compare with`,
    });
  });

  test('is known all the same when the address belongs to a stamp that was resolved', async () => {
    expect(await seen({ [NAME]: ['192.0.2.2'], [first]: 'ETIMEOUT', [second]: ['192.0.2.2'] })).toMatchObject([
      { stamps: [view.group.stamps[1]!.id], foreign: false },
    ]);
  });
});
