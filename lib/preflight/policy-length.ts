import { isRecord } from './template-reader';

/**
 * Length of a policy once CloudFormation has filled it in: JSON without white space, which is how IAM counts. What is known only then is
 * counted as long as it usually is at most, so the result errs to the safe side.
 */
export function policyLength(document: unknown): number {
  if (Array.isArray(document)) {
    const items = document.map((item) => policyLength(item));
    return 2 + Math.max(items.length - 1, 0) + items.reduce((total, length) => total + length, 0);
  }
  if (!isRecord(document)) return document === undefined ? 0 : JSON.stringify(document).length;
  const entries = Object.entries(document);
  const [only] = entries;
  if (only !== undefined && entries.length === 1 && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
    return 2 + resolvedLength(document);
  }
  const members = entries.map(([key, value]) => JSON.stringify(key).length + 1 + policyLength(value));
  return 2 + Math.max(members.length - 1, 0) + members.reduce((total, length) => total + length, 0);
}

/** Characters of what an intrinsic function becomes. */
function resolvedLength(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (!isRecord(value)) return JSON.stringify(value).length;
  const [name = '', argument] = Object.entries(value)[0] ?? [];
  if (name === 'Ref') return PSEUDO_PARAMETERS[String(argument)] ?? LONG_NAME;
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    const [separator, parts] = argument as [unknown, unknown[]];
    const between = typeof separator === 'string' ? separator.length * Math.max(parts.length - 1, 0) : 0;
    return parts.reduce<number>((total, part) => total + resolvedLength(part), between);
  }
  if (name === 'Fn::Sub' && typeof argument === 'string') {
    return argument.replace(/\$\{([^}]+)\}/g, (_all, variable: string) => 'x'.repeat(PSEUDO_PARAMETERS[variable] ?? LONG_NAME))
      .length;
  }
  return LONG_ARN;
}

/** Characters of an ARN with a long name, such as those of load balancers and keys. */
const LONG_ARN = 128;
/** Characters of a physical name that CloudFormation makes up, or of an ARN that `Ref` gives. */
const LONG_NAME = 96;

const PSEUDO_PARAMETERS: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 10,
  'AWS::Region': 14,
  'AWS::StackName': 128,
  'AWS::StackId': 200,
  'AWS::URLSuffix': 16,
  'AWS::NoValue': 0,
};
