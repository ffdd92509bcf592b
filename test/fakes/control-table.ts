import { type ControlItem, type ControlTableStore, type LocalJournal, PortError } from '../../lib/ports';
import type { FakeProcess, FakeWorld } from './world';

/** See control-table.md. */
export class FakeControlTable {
  public readonly items = new Map<string, ControlItem>();
  /** Answers to the next writes that take effect are lost. */
  public loseAnswers = 0;

  public constructor(
    private readonly world: FakeWorld,
    private readonly replicas: readonly string[],
  ) {}

  public body(pk: string, sk: string): unknown {
    return this.items.get(`${pk}|${sk}`)?.body;
  }

  public port(): ControlTableStore {
    const call = async (region: string, name: string): Promise<void> => {
      await Promise.resolve();
      const place = { service: 'dynamodb', region, call: name };
      if (!this.replicas.includes(region)) throw new PortError('not-found', place, 'no replica there');
      this.world.reach(place);
    };
    return {
      get: async (region, pk, sk) => {
        await call(region, 'GetItem');
        return this.items.get(`${pk}|${sk}`);
      },
      put: async (region, item, condition) => {
        await call(region, 'PutItem');
        const key = `${item.pk}|${item.sk}`;
        const live = this.items.get(key);
        if (condition === 'absent' ? live !== undefined : live?.version !== condition) return 'refused';
        // What comes back from DynamoDB is data, not the object that was sent.
        this.items.set(key, JSON.parse(JSON.stringify(item)) as ControlItem);
        if (this.loseAnswers > 0) {
          this.loseAnswers -= 1;
          throw new PortError('timeout', { service: 'dynamodb', region, call: 'PutItem' }, 'the answer was lost', true);
        }
        return 'written';
      },
      query: async (region, pk) => {
        await call(region, 'Query');
        return [...this.items.values()].filter((item) => item.pk === pk).sort((a, b) => (a.sk < b.sk ? -1 : 1));
      },
    };
  }
}

/** The disk of one machine. */
export function localJournal(process: FakeProcess): LocalJournal {
  return {
    append: async (operation, line) => {
      await Promise.resolve();
      process.disk.set(operation, [...(process.disk.get(operation) ?? []), line]);
    },
    read: (operation) => Promise.resolve(process.disk.get(operation) ?? []),
    list: () => Promise.resolve([...process.disk.keys()].sort()),
  };
}
