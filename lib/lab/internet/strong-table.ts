import { PortError } from '../../ports';
import { type AttributeValue, type Item, holds, keyOf } from '../region/item';

export interface StrongPut {
  readonly region: string;
  readonly table: string;
  readonly item: Item;
  readonly condition?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

/** Milliseconds that a write is under way between Regions: whoever writes the same item elsewhere meanwhile is refused. */
const IN_FLIGHT = 3;

/**
 * Items of the strongly consistent tables. The lab builds no consensus: one process that no fault ends keeps them, and a Region may only ask while it
 * hears one other Region of the table (aws-facts 4.2). Emulated, therefore, and no evidence about DynamoDB.
 */
export class StrongTables {
  private readonly items = new Map<string, Item>();
  private readonly inFlight = new Map<string, string>();

  public get(table: string, key: string): Item | undefined {
    return this.items.get(`${table} ${key}`);
  }

  public all(table: string): Item[] {
    return [...this.items].filter(([key]) => key.startsWith(`${table} `)).map(([, item]) => item);
  }

  /** @throws PortError `conflict` while another Region writes the same item (`ReplicatedWriteConflictException`) */
  public async put({ region, table, item, condition, names, values }: StrongPut): Promise<'written' | 'refused'> {
    const key = `${table} ${keyOf(item)}`;
    const other = this.inFlight.get(key);
    if (other !== undefined) {
      const why = other === region ? 'another write of the item is under way' : `${other} writes the item at the same time`;
      throw new PortError('conflict', { service: 'dynamodb', region, call: 'PutItem' }, why);
    }
    this.inFlight.set(key, region);
    try {
      await new Promise((resolve) => {
        setTimeout(resolve, IN_FLIGHT);
      });
      if (!holds(condition, this.items.get(key), names, values)) return 'refused';
      this.items.set(key, item);
      return 'written';
    } finally {
      this.inFlight.delete(key);
    }
  }

  public delete(table: string, key: string): void {
    this.items.delete(`${table} ${key}`);
  }

  public drop(table: string): void {
    for (const key of [...this.items.keys()]) if (key.startsWith(`${table} `)) this.items.delete(key);
  }
}
