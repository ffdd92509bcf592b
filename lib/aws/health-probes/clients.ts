import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SSMClient } from '@aws-sdk/client-ssm';

/** One attempt and short timeouts: a retry inside a probe would only hide a slow answer until the deadline. Milliseconds. */
const IMPATIENT = { maxAttempts: 1, requestHandler: { connectionTimeout: 500, requestTimeout: 900 } } as const;

export function parameterClient(region: string): SSMClient {
  return new SSMClient({ region, ...IMPATIENT });
}

export function tableClient(region: string): DynamoDBClient {
  return new DynamoDBClient({ region, ...IMPATIENT });
}

export function loadBalancingClient(region: string): ElasticLoadBalancingV2Client {
  return new ElasticLoadBalancingV2Client({ region, ...IMPATIENT });
}
