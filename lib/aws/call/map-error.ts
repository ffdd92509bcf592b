import { type CallPlace, isPortError, PortError } from '../../ports';
import { actionOf, type CallKind } from './actions';

/** What of an SDK's or Node's error says what happened. */
interface Failure {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  /** HTTP status; undefined when nothing came back. */
  readonly status: number | undefined;
  /** True when it never came to a connection. */
  readonly connecting: boolean;
}

const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired|ExpiredTokenError)$/;
const MISSING = /^(CredentialsProviderError|TokenProviderError|ProviderError|MissingAuthenticationToken.*)$/;
const INVALID_CREDENTIALS =
  /^(UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature.*|AuthFailure|InvalidSecurity|NotSignedUp|OptInRequired)$/;
const CLOCK = /^(RequestTimeTooSkewed|RequestInTheFuture)$/;
const DENIED =
  /^(AccessDenied\w*|UnauthorizedOperation|UnauthorizedException|AuthorizationError\w*|NotAuthorized\w*|Forbidden\w*|KMSAccessDenied\w*|KMS\.AccessDenied\w*|403|AllAccessDisabled)$/;
const THROTTLED =
  /^(Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|RequestThrottled\w*|ProvisionedThroughputExceeded\w*|SlowDown|BandwidthLimitExceeded|PriorRequestNotComplete|EC2ThrottledException|KMS\.ThrottlingException|LimitExceededException\.Throttled)$/;
const CONFLICT =
  /^(ConditionalCheckFailedException|ReplicatedWriteConflictException|TransactionConflictException|TransactionInProgressException|PreconditionFailed|ConditionalRequestConflict|OperationAborted|ConflictException|ResourceInUseException|ConcurrentModification\w*|OptimisticLock\w*|\w*AlreadyExists(Fault|Exception)?|ParameterAlreadyExists|TooManyUpdates)$/;
const NOT_FOUND =
  /(NotFound(Fault|Exception)?|NotFoundFault|DoesNotExist|NonExistentQueue|QueueDoesNotExist|NoSuch(Key|Bucket|HostedZone|Entity)|TableNotFoundException)$/;
/** Nothing left this machine, or nobody took it: there is no doubt about what happened. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_FAIL|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|CERT_\w+|DEPTH_\w+|SELF_SIGNED\w*|UNABLE_TO_\w+|ERR_TLS_\w+)$/;
/** What the SDK calls an answer without a code, or one that it cannot read. */
const NAMELESS = /^(|Error|UnknownError|SyntaxError|\d+)$/;
/** The connection broke: the request may have arrived. */
const BROKEN = /^(ECONNRESET|ECONNABORTED|EPIPE|EPROTO|ERR_SOCKET\w*|ERR_STREAM\w*|HPE_\w+)$/;

/**
 * The SDK's error as the ports know errors. What is neither an answer of AWS nor a failure of the network is a mistake in our own code, and
 * comes back as it is.
 */
export function mapError(place: CallPlace, error: unknown, kind: CallKind): unknown {
  if (isPortError(error) || !(error instanceof Error)) return error;
  const failure = failureOf(error);
  const { name, code, status } = failure;
  const text = oneLine(failure);
  const doubtful = kind === 'change';

  if (MISSING.test(name) && status === undefined)
    return new PortError('denied', place, `there are no AWS credentials that work (${text}). Sign in, or set AWS_PROFILE`);
  if (EXPIRED.test(name)) return new PortError('denied', place, `the AWS credentials have expired (${text}). Sign in again`);
  if (CLOCK.test(name))
    return new PortError('denied', place, `the clock of this machine differs from that of AWS (${text}). Set the clock`);
  if (INVALID_CREDENTIALS.test(name))
    return new PortError('denied', place, `AWS does not take these credentials here (${text}). Sign in to the fleet's account`);
  if (DENIED.test(name) || (status === 403 && !NOT_FOUND.test(name))) return new PortError('denied', place, denial(place, text));
  if (THROTTLED.test(name) || status === 429) return new PortError('throttled', place, text);
  if (CONFLICT.test(name) || status === 412) return new PortError('conflict', place, text);
  // A 404 without a name is not AWS's, but that of a proxy: nothing follows from it.
  if (NOT_FOUND.test(name) || (status === 404 && !NAMELESS.test(name))) return new PortError('not-found', place, text);

  if (NEVER_SENT.test(code) || failure.connecting) return new PortError('unreachable', place, text);
  // The SDK calls a connection that broke a time-out.
  if (BROKEN.test(code) || /socket hang up/i.test(failure.message)) return new PortError('unreachable', place, text, doubtful);
  if (/^(TimeoutError|AbortError|RequestTimeout\w*)$/.test(name) || /TIMEDOUT$/.test(code))
    return new PortError('timeout', place, text, doubtful);
  if (status !== undefined && status >= 500)
    return new PortError('unreachable', place, `AWS answered ${status} (${text})`, doubtful);
  if (status === 409) return new PortError('conflict', place, text);
  if (status !== undefined && status >= 400 && !NAMELESS.test(name)) return new PortError('invalid', place, text);
  // An answer that cannot be read: a proxy's page, a body that was cut off, one that is not what was sent (the SDK compares sums for SQS).
  if (status !== undefined || /checksum/i.test(failure.message))
    return new PortError('unreachable', place, `the answer cannot be read (${text})`, doubtful);
  return error;
}

/** What is missing and where it is written down. */
function denial(place: CallPlace, text: string): string {
  const action = actionOf(place);
  const policy = action?.kind === 'read' && action.operatorOnly !== true ? 'reader.json' : 'operator.json';
  return `${action?.action ?? place.call} is not allowed (${text}). Use a role with the policy docs/iam/${policy}`;
}

function failureOf(error: Error): Failure {
  const { code, Code, $metadata, $response } = error as {
    code?: unknown;
    Code?: unknown;
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  const cause = error.cause as { code?: unknown } | undefined;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    // S3 errors without a shape of their own are called by their code.
    name: error.name === 'Error' || error.name === 'UnknownError' ? text(Code) || error.name : error.name,
    code: text(code) || text(cause?.code),
    message: error.message,
    status: $metadata?.httpStatusCode ?? $response?.statusCode,
    connecting: connecting(error),
  };
}

/** The system says so, for each address that was tried; the SDK's own time-out of the connection says so in its text only. */
function connecting(error: Error): boolean {
  const { errors = [error] } = error as { errors?: readonly unknown[] };
  return (
    (errors.length > 0 && errors.every((each) => (each as { syscall?: unknown }).syscall === 'connect')) ||
    error.message.includes('did not establish a connection')
  );
}

/** Longest part of an answer that is shown. */
const LONGEST = 300;

function oneLine({ name, code, message }: Failure): string {
  const text = message.replace(/\s+/g, ' ').trim();
  const label = name === 'Error' ? code : name;
  const whole = text === '' || text === label ? label : label === '' || text.startsWith(label) ? text : `${label}: ${text}`;
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
}
