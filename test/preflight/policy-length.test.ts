import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { policyLength } from '../../lib/preflight/policy-length';

describe('policyLength', () => {
  test('of a policy without references is its JSON without white space', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // Objects of one key that reads like a function are functions.
        fc.pre(!JSON.stringify(value).includes('Fn::') && !JSON.stringify(value).includes('"Ref"'));
        expect(policyLength(value)).toBe(JSON.stringify(value).length);
      }),
    );
  });

  test.each([
    [{ Ref: 'AWS::AccountId' }, 14],
    [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'AWS::AccountId' }]] }, 2 + 4 + 10 + 6 + 12],
    [{ 'Fn::Join': [',', ['a', 'b', 'c']] }, 7],
    [{ 'Fn::Sub': 'arn:${AWS::Partition}:x' }, 2 + 'arn:'.length + 10 + ':x'.length],
    [{ 'Fn::GetAtt': ['Key', 'Arn'] }, 130],
    [{ Ref: 'Topic' }, 98],
  ])('of %j is what it becomes, with quotes, at its longest', (value, length) => {
    expect(policyLength(value)).toBe(length);
  });
});
