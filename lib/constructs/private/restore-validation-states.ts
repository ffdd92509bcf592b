import { Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';

/** States of the Amazon States Language (JSONPath), as far as restore validation uses them. */
export interface AslTask {
  readonly Type: 'Task';
  readonly Comment?: string;
  readonly Resource: string;
  readonly Parameters: Record<string, unknown>;
  readonly ResultSelector?: Record<string, string>;
  readonly ResultPath: string | null;
  /** Seconds for one attempt. */
  readonly TimeoutSeconds: number;
  readonly Retry: readonly AslRetrier[];
  readonly Catch: readonly AslCatcher[];
  readonly Next: string;
}

export interface AslRetrier {
  readonly ErrorEquals: readonly string[];
  /** Seconds before the first new attempt; half of it on average, because of the jitter. */
  readonly IntervalSeconds?: number;
  readonly MaxAttempts: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL';
}

export interface AslCatcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string;
  readonly Next: string;
}

export interface AslChoice {
  readonly Type: 'Choice';
  readonly Comment?: string;
  readonly Choices: readonly (AslRule & { readonly Next: string })[];
  readonly Default: string;
}

export interface AslRule {
  readonly And?: readonly AslRule[];
  readonly Variable?: string;
  readonly IsPresent?: boolean;
  readonly StringEquals?: string;
  readonly StringEqualsPath?: string;
  readonly StringMatches?: string;
  readonly NumericLessThan?: number;
}

export interface AslPass {
  readonly Type: 'Pass';
  readonly Comment?: string;
  readonly Parameters: Record<string, unknown>;
  readonly ResultPath: string;
  readonly Next: string;
}

export interface AslWait {
  readonly Type: 'Wait';
  readonly Seconds: number;
  readonly Next: string;
}

export interface AslEnd {
  readonly Type: 'Succeed' | 'Fail';
  readonly Comment?: string;
  readonly Error?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

export type AslState = AslTask | AslChoice | AslPass | AslWait | AslEnd;

export interface AslDefinition {
  readonly Comment: string;
  readonly StartAt: string;
  /** Seconds for the whole execution: the last resort, because it ends without cleaning up. */
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, AslState>>;
}

/** Seconds that one call of an AWS API may take. */
const CALL_TIMEOUT = 20;

/** Whatever else happens to a call: throttling, an outage of seconds, a permission that has not arrived everywhere yet. */
const TRANSIENT: AslRetrier = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 5,
  BackoffRate: 2,
  MaxAttempts: 4,
  MaxDelaySeconds: 40,
  JitterStrategy: 'FULL',
};

export interface CallProps {
  readonly comment?: string;
  /** `service:action`. */
  readonly call: string;
  readonly parameters: Record<string, unknown>;
  /** @default - the result is thrown away */
  readonly resultPath?: string;
  /** Errors that mean "not yet": asked again, at most so many times, about this many seconds apart. */
  readonly poll?: { readonly errors: readonly string[]; readonly seconds: number; readonly times: number };
  /** Errors that are an answer, and where they lead; never retried. */
  readonly answers?: Readonly<Record<string, string>>;
  /** Where every other error leads, as `$.failure`. */
  readonly onFailure: string;
  readonly next: string;
}

/** A call of an AWS API by Step Functions itself: it needs no way out of the stamp's network. */
export function apiCall(props: CallProps): AslTask {
  const answers = Object.entries(props.answers ?? {});
  return {
    Type: 'Task',
    ...(props.comment !== undefined && { Comment: props.comment }),
    Resource: `arn:aws:states:::${props.call}`,
    Parameters: props.parameters,
    ResultPath: props.resultPath ?? null,
    TimeoutSeconds: CALL_TIMEOUT,
    Retry: [
      ...(answers.length === 0 ? [] : [{ ErrorEquals: answers.map(([error]) => error), MaxAttempts: 0 }]),
      ...(props.poll === undefined ? [] : [polling(props.poll)]),
      TRANSIENT,
    ],
    Catch: [
      ...answers.map(([error, next]) => ({ ErrorEquals: [error], ResultPath: '$.failure', Next: next })),
      { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: props.onFailure },
    ],
    Next: props.next,
  };
}

export interface FunctionCallProps {
  readonly comment?: string;
  readonly payload: Record<string, unknown>;
  /** Seconds for one attempt. */
  readonly timeout: number;
  readonly poll: { readonly seconds: number; readonly times: number };
  /** How often it is tried when anything but "not yet" comes back. */
  readonly attempts: number;
  readonly onFailure: string;
  readonly next: string;
}

/** A question to the function; its verdict is `$.verdict`. The function gives a verdict instead of an error when it is asked for the last time. */
export function functionCall(props: FunctionCallProps): AslTask {
  return {
    Type: 'Task',
    ...(props.comment !== undefined && { Comment: props.comment }),
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: {
      FunctionName: '${FunctionArn}',
      Payload: { ...props.payload, 'attempt.$': '$$.State.RetryCount', lastAttempt: props.poll.times },
    },
    ResultSelector: { 'status.$': '$.Payload.status', 'message.$': '$.Payload.message' },
    ResultPath: '$.verdict',
    TimeoutSeconds: props.timeout,
    Retry: [polling({ errors: ['DatabaseNotReady'], ...props.poll }), { ...TRANSIENT, MaxAttempts: props.attempts - 1 }],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: props.onFailure }],
    Next: props.next,
  };
}

/** A verdict of the state machine's own, for when the function cannot give one. */
export function failedVerdict(what: string, next: string): AslPass {
  return {
    Type: 'Pass',
    Parameters: {
      status: 'FAILED',
      'message.$': `States.Format('${what}: {}. The execution has the cause: {}', $.failure.Error, $$.Execution.Id)`,
    },
    ResultPath: '$.verdict',
    Next: next,
  };
}

function polling(poll: { readonly errors: readonly string[]; readonly seconds: number; readonly times: number }): AslRetrier {
  return {
    ErrorEquals: poll.errors,
    IntervalSeconds: poll.seconds,
    BackoffRate: 1,
    MaxAttempts: poll.times,
    JitterStrategy: 'FULL',
  };
}

/** The text of a definition in the partition of a Region: outside `aws` the integrations of Step Functions have other ARNs. */
export function definitionText(definition: AslDefinition, region: string): string {
  const partition = Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
  return JSON.stringify(definition).replaceAll('arn:aws:states:::', `arn:${partition ?? 'aws'}:states:::`);
}
