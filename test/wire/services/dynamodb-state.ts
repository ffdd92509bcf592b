import type { Place, WireWorld } from '../world';

/** Milliseconds that things take (aws-facts 4.2, 13.3; typical values). */
export const TABLE_TIMES = { create: 10_000, stream: 5_000, replica: 600_000, restore: 1_200_000, remove: 10_000 };

export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

export interface Replica {
  readonly region: string;
  readyAt: number;
  goneAt?: number;
  /** A replica has tags (`AWS::DynamoDB::GlobalTable`) and a continuous backup (aws-facts 5.4) of its own. */
  readonly tags: Map<string, string>;
  pointInTime: boolean;
}

/** One table with all its replicas; a replica that is cut off keeps what it took to itself. */
export interface Table {
  readonly account: string;
  readonly name: string;
  /** `KeySchema`, `AttributeDefinitions` and `GlobalSecondaryIndexes`, as they were given. */
  readonly definition: Readonly<Record<string, unknown>>;
  strong: boolean;
  witness?: string;
  /** By Region, the first one included. */
  readonly replicas: Map<string, Replica>;
  stream: boolean;
  deletionProtection: boolean;
  busyUntil: number;
  readonly items: Map<string, Item>;
  /** Items that only one Region has, by Region. */
  readonly unreplicated: Map<string, Map<string, Item>>;
  readonly createdAt: number;
  restoredFrom?: string;
}

/** Everything that DynamoDB holds. */
export class DynamoDbState {
  public readonly tables = new Map<string, Table>();
  /** Seconds, by `from>to`. */
  public readonly lagSeconds = new Map<string, number>();

  public constructor(
    public readonly world: WireWorld,
    public readonly times: typeof TABLE_TIMES = TABLE_TIMES,
  ) {}

  public add(
    account: string,
    name: string,
    regions: readonly string[],
    options: Partial<Pick<Table, 'definition' | 'strong' | 'witness' | 'stream' | 'deletionProtection' | 'restoredFrom'>> & {
      readonly readyAt?: number;
      /** Of the replica in each Region. */
      readonly tags?: (region: string) => Map<string, string>;
    } = {},
  ): Table {
    const table: Table = {
      account,
      name,
      definition: options.definition ?? {
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
      },
      strong: options.strong ?? false,
      ...(options.witness !== undefined && { witness: options.witness }),
      replicas: new Map(
        regions.map((region) => [
          region,
          {
            region,
            readyAt: options.readyAt ?? 0,
            tags: options.tags?.(region) ?? new Map<string, string>(),
            pointInTime: options.readyAt === undefined,
          },
        ]),
      ),
      stream: options.stream ?? regions.length > 1,
      deletionProtection: options.deletionProtection ?? false,
      busyUntil: options.readyAt ?? 0,
      items: new Map(),
      unreplicated: new Map(),
      createdAt: this.world.now,
      ...(options.restoredFrom !== undefined && { restoredFrom: options.restoredFrom }),
    };
    this.tables.set(`${account}/${name}/${regions[0] ?? ''}`, table);
    return table;
  }

  /** The table of which a Region has a replica. */
  public table({ account, region }: Place, nameOrArn: string): Table | undefined {
    const name = nameOrArn.split(':table/').at(-1)?.split('/')[0] ?? nameOrArn;
    this.settle();
    return [...this.tables.values()].find(
      (table) => table.account === account && table.name === name && table.replicas.has(region),
    );
  }

  public keyOf(table: Table, item: Item): string {
    const schema = table.definition.KeySchema as readonly { readonly AttributeName: string }[];
    return JSON.stringify(schema.map(({ AttributeName }) => item[AttributeName]));
  }

  /** What a Region reads. */
  public itemsIn(table: Table, region: string): Map<string, Item> {
    return new Map([...table.items, ...(table.unreplicated.get(region) ?? [])]);
  }

  private settle(): void {
    for (const [key, table] of this.tables) {
      for (const [region, replica] of table.replicas) {
        if (replica.goneAt !== undefined && replica.goneAt <= this.world.now) table.replicas.delete(region);
      }
      if (table.replicas.size === 0) this.tables.delete(key);
    }
  }
}
