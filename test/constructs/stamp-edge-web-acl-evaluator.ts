import type { Template } from 'aws-cdk-lib/assertions';

/**
 * A small model of how AWS WAF evaluates a web ACL, for tests.
 *
 * Must match AWS WAF exactly in: rules by priority; `Allow` and `Block` end the evaluation, `Count` does not; no match means the default
 * action; text transformations are applied in the order of their priority, each to the result of the one before. What cannot be computed
 * from one request (rates, managed rule groups) matches as the test says, so that the worst case can be played.
 */
export interface WebRequest {
  /** IPv4 address of the client. */
  readonly ip: string;
  /** Path as sent, without the query. */
  readonly path: string;
}

export interface EvaluatorOptions {
  /** Names of rules whose rate or managed group matches this request. Default: none. */
  readonly matching?: readonly string[];
  /** Addresses of an IP set, by logical id, instead of those in the template. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
}

export interface Verdict {
  readonly action: 'allow' | 'block';
  /** The rule that ended the evaluation; undefined for the default action. */
  readonly rule?: string;
}

export function evaluateWebAcl(template: Template, request: WebRequest, options: EvaluatorOptions = {}): Verdict {
  const sets = Object.fromEntries(
    Object.entries(template.findResources('AWS::WAFv2::IPSet')).map(([id, { Properties }]) => [
      id,
      options.addresses?.[id] ?? (Properties.Addresses as string[]),
    ]),
  );
  const webAcl = Object.values(template.findResources('AWS::WAFv2::WebACL'))[0]!.Properties;
  const rules = [...(webAcl.Rules as any[])].sort((a, b) => a.Priority - b.Priority);
  for (const rule of rules) {
    if (!matches(rule.Statement, request, sets, options.matching?.includes(rule.Name) ?? false)) continue;
    if (rule.OverrideAction?.None !== undefined || rule.Action?.Block !== undefined) return { action: 'block', rule: rule.Name };
    if (rule.Action?.Allow !== undefined) return { action: 'allow', rule: rule.Name };
  }
  return { action: webAcl.DefaultAction.Allow !== undefined ? 'allow' : 'block' };
}

function matches(statement: any, request: WebRequest, sets: Record<string, readonly string[]>, told: boolean): boolean {
  const [[kind, body]] = Object.entries<any>(statement) as [[string, any]];
  switch (kind) {
    case 'AndStatement':
      return body.Statements.every((inner: any) => matches(inner, request, sets, told));
    case 'OrStatement':
      return body.Statements.some((inner: any) => matches(inner, request, sets, told));
    case 'IPSetReferenceStatement':
      return sets[body.Arn['Fn::GetAtt'][0]]!.some((cidr) => inCidr(request.ip, cidr));
    case 'ByteMatchStatement':
      return byteMatches(body, request.path);
    case 'RateBasedStatement':
    case 'ManagedRuleGroupStatement':
      return told;
    default:
      throw new Error(`the evaluator does not know ${kind}`);
  }
}

function byteMatches(body: any, path: string): boolean {
  if (body.FieldToMatch.UriPath === undefined) throw new Error('the evaluator knows the URI path only');
  const text = [...body.TextTransformations]
    .sort((a: any, b: any) => a.Priority - b.Priority)
    .reduce((value: string, { Type }: { Type: string }) => transform(Type, value), path);
  switch (body.PositionalConstraint) {
    case 'EXACTLY':
      return text === body.SearchString;
    case 'CONTAINS':
      return text.includes(body.SearchString);
    case 'ENDS_WITH':
      return text.endsWith(body.SearchString);
    default:
      throw new Error(`the evaluator does not know ${body.PositionalConstraint}`);
  }
}

function transform(type: string, value: string): string {
  switch (type) {
    case 'NONE':
      return value;
    case 'LOWERCASE':
      return value.toLowerCase();
    case 'URL_DECODE':
      return urlDecode(value);
    default:
      throw new Error(`the evaluator does not know ${type}`);
  }
}

/** One pass; what is not a valid escape stays. */
export function urlDecode(value: string): string {
  return value.replace(/%([0-9a-f]{2})/gi, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function inCidr(ip: string, cidr: string): boolean {
  const [base, prefix] = cidr.split('/') as [string, string];
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(toNumber(ip) / size) === Math.floor(toNumber(base) / size);
}

function toNumber(ip: string): number {
  return ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
