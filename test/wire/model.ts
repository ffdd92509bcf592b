import * as applicationAutoScaling from '@aws-sdk/client-application-auto-scaling';
import * as autoScaling from '@aws-sdk/client-auto-scaling';
import * as backup from '@aws-sdk/client-backup';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ecs from '@aws-sdk/client-ecs';
import * as loadBalancing from '@aws-sdk/client-elastic-load-balancing-v2';
import * as lambda from '@aws-sdk/client-lambda';
import * as rds from '@aws-sdk/client-rds';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import { NormalizedSchema } from '@smithy/core/schema';

/** How a service's requests and answers look on the wire. `json` and `rest-json` are told apart by where the operation's name is. */
export type Protocol = 'query' | 'json' | 'rest-json';

/** AWS's own model of an operation, as the SDK ships it. */
export interface Operation {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Method, path and status of a REST operation. */
  readonly http?: readonly [method: string, path: string, status: number];
}

export interface Service {
  /** As the credential scope of a request calls it. */
  readonly signingName: string;
  readonly protocol: Protocol;
  readonly operations: ReadonlyMap<string, Operation>;
  /** HTTP status and code of the errors that the model knows, by the name of their shape. */
  readonly errors: ReadonlyMap<string, { readonly code: string; readonly status: number }>;
}

type Exports = Readonly<Record<string, unknown>>;
type Ref = Parameters<typeof NormalizedSchema.of>[0];

function service(signingName: string, protocol: Protocol, module: Exports): Service {
  const operations = new Map<string, Operation>();
  const errors = new Map<string, { code: string; status: number }>();
  for (const [key, value] of Object.entries(module)) {
    if (!key.endsWith('$') || !Array.isArray(value)) continue;
    const [kind, , name, traits, input, output] = value as [number, string, string, unknown, unknown, unknown];
    if (kind === 9) {
      const http = (traits as { http?: [string, string, number] } | 0 | undefined) || undefined;
      operations.set(name, {
        name,
        input: schema(input),
        output: schema(output),
        ...(http?.http !== undefined && { http: http.http }),
      });
    } else if (kind === -3) {
      const { awsQueryError, httpError } = (traits || {}) as { awsQueryError?: [string, number]; httpError?: number };
      errors.set(name, { code: awsQueryError?.[0] ?? name, status: awsQueryError?.[1] ?? httpError ?? 400 });
    }
  }
  return { signingName, protocol, operations, errors };
}

function schema(ref: unknown): NormalizedSchema {
  return NormalizedSchema.of((typeof ref === 'function' ? (ref as () => unknown)() : ref) as Ref);
}

/** The members of a structure or union by their names in the model. */
export function membersOf(schema: NormalizedSchema): ReadonlyMap<string, NormalizedSchema> {
  return new Map(schema.structIterator());
}

/** The services that the fake answers for, by the name in the credential scope. Read when the first server starts: the models are large. */
export function services(): ReadonlyMap<string, Service> {
  known ??= new Map(
    [
      service('rds', 'query', rds),
      service('autoscaling', 'query', autoScaling),
      service('cloudformation', 'query', cloudformation),
      service('elasticloadbalancing', 'query', loadBalancing),
      service('application-autoscaling', 'json', applicationAutoScaling),
      service('ecs', 'json', ecs),
      service('ssm', 'json', ssm),
      service('sqs', 'json', sqs),
      service('dynamodb', 'json', dynamodb),
      service('monitoring', 'json', cloudwatch),
      service('backup', 'rest-json', backup),
      service('lambda', 'rest-json', lambda),
    ].map((each) => [each.signingName, each]),
  );
  return known;
}

let known: ReadonlyMap<string, Service> | undefined;
