import {
  DescribeTableCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  type TableDescription,
  type Tag,
} from '@aws-sdk/client-dynamodb';
import { type CallPlace, type Guard, PortError } from '../../../ports';
import type { AwsAccess } from '../../call/access';
import { orAbsent } from '../absent';

/** What every part of the table adapter asks DynamoDB. */
export class TableApi {
  public constructor(private readonly access: Pick<AwsAccess, 'caller' | 'clients' | 'owners'>) {}

  /** @throws PortError */
  public async describe(region: string, table: string): Promise<TableDescription | undefined> {
    const command = new DescribeTableCommand({ TableName: table });
    const found = await orAbsent(
      this.read(region, 'DescribeTable', table, (client, abortSignal) => client.send(command, { abortSignal })),
    );
    return found?.Table;
  }

  /** @throws PortError */
  public async tags(region: string, table: TableDescription): Promise<Tag[]> {
    const found: Tag[] = [];
    let NextToken: string | undefined;
    do {
      const command = new ListTagsOfResourceCommand({ ResourceArn: table.TableArn, NextToken });
      const page = await this.read(region, 'ListTagsOfResource', table.TableName ?? '', (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
      found.push(...(page.Tags ?? []));
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    return found;
  }

  /** @throws PortError */
  public read<T>(
    region: string,
    call: string,
    table: string,
    send: (client: DynamoDBClient, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.access.caller.read(place(region, call), (signal) => send(this.client(region, table), signal));
  }

  /** @throws PortError */
  public change<T>(
    region: string,
    call: string,
    { table, guard }: { readonly table: string; readonly guard: Guard },
    send: (client: DynamoDBClient, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.access.caller.change(place(region, call), guard, (signal) => send(this.client(region, table), signal));
  }

  private client(region: string, table: string): DynamoDBClient {
    return this.access.clients.of(DynamoDBClient, region, this.access.owners.resource(table));
  }
}

export function place(region: string, call: string): CallPlace {
  return { service: 'dynamodb', region, call };
}

export function problem(kind: 'invalid' | 'conflict' | 'not-found', region: string, call: string, message: string): PortError {
  return new PortError(kind, place(region, call), message);
}

/** True while DynamoDB takes no other change. */
export function isChanging({ TableStatus, Replicas = [] }: TableDescription): boolean {
  return TableStatus !== 'ACTIVE' || Replicas.some(({ ReplicaStatus: status }) => status !== undefined && status !== 'ACTIVE');
}
