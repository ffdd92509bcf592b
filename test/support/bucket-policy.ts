/**
 * What S3 decides about a request by a bucket policy, for the operators that the kit's policies use. Must match exactly: an explicit
 * Deny wins; then an Allow; otherwise denied. Conditions are ANDed; a key that the request does not carry matches only `Null: true`.
 */
export interface S3Request {
  readonly action: string;
  readonly key: string;
  readonly sourceIp?: string;
  /** Default: TLS. */
  readonly plainHttp?: boolean;
  /** Condition keys such as `s3:if-match`, present in the request. */
  readonly keys?: Readonly<Record<string, string>>;
  /** The caller's own identity policy allows it; anonymous callers have none. */
  readonly allowedByIdentity?: boolean;
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

export function isAllowed(statements: readonly Statement[], request: S3Request): boolean {
  const matching = statements.filter((statement) => matches(statement, request));
  if (matching.some(({ Effect }) => Effect === 'Deny')) return false;
  return request.allowedByIdentity === true || matching.length > 0;
}

function matches(statement: Statement, request: S3Request): boolean {
  const actions = [statement.Action].flat();
  const resources = (Array.isArray(statement.Resource) ? statement.Resource : [statement.Resource]).map((resource) =>
    JSON.stringify(resource),
  );
  return (
    actions.some((action) => wildcard(action, request.action)) &&
    resources.some((resource) => keyMatches(resource, request.key)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => conditionHolds(operator, valueOf(request, key), [wanted].flat())),
    )
  );
}

/** Resources are joins of the bucket's ARN and a pattern of keys; the bare ARN is the bucket itself. */
function keyMatches(resource: string, key: string): boolean {
  const pattern = /"\/([^"]*)"/.exec(resource)?.[1];
  return pattern === undefined ? key === '' : wildcard(pattern, key);
}

function valueOf(request: S3Request, key: string): string | undefined {
  if (key === 'aws:SourceIp') return request.sourceIp;
  if (key === 'aws:SecureTransport') return request.plainHttp === true ? 'false' : 'true';
  return request.keys?.[key];
}

function conditionHolds(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case 'Null':
      return wanted.includes(String(value === undefined));
    case 'Bool':
      return value !== undefined && wanted.includes(value);
    case 'StringLike':
      return value !== undefined && wanted.some((pattern) => wildcard(pattern, value));
    case 'IpAddress':
      return value !== undefined && wanted.some((cidr) => inCidr(value, cidr));
    default:
      throw new Error(`the evaluator does not know ${operator}`);
  }
}

function wildcard(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
}

function inCidr(address: string, cidr: string): boolean {
  const [network, bits] = cidr.split('/') as [string, string];
  const size = 2 ** (32 - Number(bits));
  return Math.floor(toNumber(address) / size) === Math.floor(toNumber(network) / size);
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
