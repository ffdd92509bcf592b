import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { FoundItems, ItemSearch } from './restored-data';

/** Parts of the table that are read side by side. */
const SEGMENTS = 4;

/**
 * Reads a restored table until there is enough, in segments side by side: a good table is recognised by its first pages, a bad one is read
 * to its end. The table's own count of items is not asked: DynamoDB refreshes it about every six hours (API reference, TableDescription).
 * Rejects when the signal aborts.
 */
export async function searchItems(
  client: Pick<DynamoDBClient, 'send'>,
  table: string,
  { attribute, enough }: ItemSearch,
  signal: AbortSignal,
  segments: number = SEGMENTS,
): Promise<FoundItems> {
  let items = 0;
  let satisfied = false;
  let greatest: string[] = [];
  const readSegment = async (segment: number): Promise<boolean> => {
    let next: Record<string, AttributeValue> | undefined;
    do {
      signal.throwIfAborted();
      const page = await client.send(
        new ScanCommand({
          TableName: table,
          Segment: segment,
          TotalSegments: segments,
          ConsistentRead: false,
          ...(next !== undefined && { ExclusiveStartKey: next }),
          ...(attribute === undefined
            ? { Select: 'COUNT' as const }
            : { ProjectionExpression: '#newest', ExpressionAttributeNames: { '#newest': attribute } }),
        }),
        { abortSignal: signal },
      );
      items += page.Count ?? 0;
      if (attribute !== undefined)
        greatest = keepGreatest(
          greatest,
          (page.Items ?? []).map((item) => textOf(item[attribute])),
        );
      next = page.LastEvaluatedKey;
      satisfied ||= enough({ items, values: greatest, complete: false });
    } while (next !== undefined && !satisfied);
    return next === undefined;
  };
  const ended = await Promise.all(Array.from({ length: segments }, (_, segment) => readSegment(segment)));
  return { items, values: greatest, complete: ended.every(Boolean) };
}

/** The greatest number and the greatest text: which of them is an instant is not decided here. */
function keepGreatest(known: readonly string[], values: readonly (string | undefined)[]): string[] {
  let number: string | undefined;
  let text: string | undefined;
  for (const value of [...known, ...values]) {
    if (value === undefined) continue;
    if (/^-?\d+(\.\d+)?$/.test(value)) {
      if (number === undefined || Number(value) > Number(number)) number = value;
    } else if (text === undefined || value > text) text = value;
  }
  return [number, text].filter((value) => value !== undefined);
}

function textOf(value: AttributeValue | undefined): string | undefined {
  return value?.N ?? value?.S;
}
