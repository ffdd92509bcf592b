import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Patient, unlike a health check: a table that was restored a minute ago may throttle. Milliseconds. */
export function restoredTableClient(region: string): DynamoDBClient {
  return new DynamoDBClient({ region, maxAttempts: 8, requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000 } });
}
