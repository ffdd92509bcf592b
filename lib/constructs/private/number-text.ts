import { Fn, Tokenization } from 'aws-cdk-lib';

/** The number as text, also when it is a token: a bare token would become a number in the template once its value is known. */
export function numberText(value: number): string {
  return Fn.join('', [Tokenization.stringifyNumber(value), '']);
}
