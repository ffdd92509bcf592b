import { describe, expect, test } from 'vitest';
import { foldConstants } from '../../lib/stacks/stamping/fold';

/** Both sides of the equality tests are folded by the same function: here it is judged by what CloudFormation would compute. */
const join = (separator: string, ...parts: unknown[]): unknown => ({ 'Fn::Join': [separator, parts] });
const REFERENCE = { Ref: 'AWS::Partition' };

describe('Fn::Join', () => {
  test.each([
    ['no separator', join('', 'a', 'b', 'c'), 'abc'],
    ['a separator', join(':', 'arn', 'aws', 'sqs'), 'arn:aws:sqs'],
    ['one part', join('-', 'a'), 'a'],
    ['no part', join(''), ''],
    ['empty parts with a separator', join(',', '', 'a', ''), ',a,'],
    ['a number', join('', 'port ', 5432), 'port 5432'],
    ['a join in a join', join('/', 'a', join('/', 'b', 'c')), 'a/b/c'],
    ['a join with another separator in a join', join('/', 'a', join('-', 'b', 'c')), 'a/b-c'],
    ['a selection in a join', join('', 'x', { 'Fn::Select': [1, ['a', 'b']] }), 'xb'],
  ])('of constants with %s becomes text', (_what, node, text) => {
    expect(foldConstants(node)).toBe(text);
  });

  test.each([
    ['constants beside it are joined', join(':', 'arn', REFERENCE, 's3', '', ''), join(':', 'arn', REFERENCE, 's3::')],
    ['empty texts go without a separator', join('', '', REFERENCE, ''), REFERENCE],
    ['an inner join is spliced in', join('', 'a', join('', 'b', REFERENCE)), join('', 'ab', REFERENCE)],
    ['an inner join with a separator stays', join('', 'a', join('-', 'b', REFERENCE)), join('', 'a', join('-', 'b', REFERENCE))],
    ['its separator is kept for one part', join(',', REFERENCE), join(',', REFERENCE)],
  ])('with a reference: %s', (_what, node, folded) => {
    expect(foldConstants(node)).toEqual(folded);
  });

  test('the mark of a number becomes the mark of a text', () => {
    expect(foldConstants(join('', 'port ', { Ref: '⟦databasePort⟧' }))).toBe('port ⟦databasePort⟧');
    expect(foldConstants({ Port: { Ref: '⟦databasePort⟧' } })).toEqual({ Port: '⟪databasePort⟫' });
  });
});

describe('Fn::Select', () => {
  test('takes what is at the index', () => {
    expect(foldConstants({ 'Fn::Select': ['2', ['a', 'b', 'c']] })).toBe('c');
  });

  test('stays when the list is not known, or too short', () => {
    const zones = { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] };
    expect(foldConstants(zones)).toEqual(zones);
    expect(foldConstants({ 'Fn::Select': [3, ['a']] })).toEqual({ 'Fn::Select': [3, ['a']] });
  });
});

describe('Fn::Sub', () => {
  const bucket = { 'Fn::Sub': 'cdk-assets-${AWS::AccountId}-eu-west-1' };

  test('becomes text when the account is all that is open, and it is known', () => {
    expect(foldConstants(bucket, '111111111111')).toBe('cdk-assets-111111111111-eu-west-1');
    expect(foldConstants(bucket)).toEqual(bucket);
  });

  test('stays when it holds something else', () => {
    const key = { 'Fn::Sub': '${AWS::AccountId}-${AWS::StackName}' };
    expect(foldConstants(key, '111111111111')).toEqual(key);
  });
});
