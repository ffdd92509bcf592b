import { describe, expect, test } from 'vitest';
import { webAclCapacity } from '../../lib/preflight/web-acl-capacity';

const acl = (...statements: Record<string, unknown>[]) => ({ Rules: statements.map((Statement) => ({ Statement })) });
const match = (PositionalConstraint: string, ...types: string[]) => ({
  ByteMatchStatement: {
    PositionalConstraint,
    FieldToMatch: { UriPath: {} },
    TextTransformations: types.map((Type) => ({ Type })),
  },
});

describe('webAclCapacity', () => {
  test.each<[string, Record<string, unknown>, number]>([
    ['an IP set', { IPSetReferenceStatement: {} }, 1],
    ['an exact match', match('EXACTLY', 'NONE'), 2],
    ['a match anywhere, after two transformations', match('CONTAINS', 'URL_DECODE', 'LOWERCASE'), 30],
    ['a match in a JSON body', { ByteMatchStatement: { PositionalConstraint: 'EXACTLY', FieldToMatch: { JsonBody: {} } } }, 4],
    ['a rate limit', { RateBasedStatement: { Limit: 100 } }, 2],
    [
      'a rate limit with an own key and a scope',
      { RateBasedStatement: { CustomKeys: [{}], ScopeDownStatement: { GeoMatchStatement: {} } } },
      33,
    ],
    ['a managed group', { ManagedRuleGroupStatement: { Name: 'AWSManagedRulesKnownBadInputsRuleSet' } }, 200],
    ['all of several', { AndStatement: { Statements: [{ GeoMatchStatement: {} }, match('STARTS_WITH')] } }, 3],
    ['none of it', { NotStatement: { Statement: { OrStatement: { Statements: [{ XssMatchStatement: {} }] } } } }, 40],
  ])('%s', (_what, statement, capacity) => {
    expect(webAclCapacity(acl(statement))).toEqual({ capacity, unknown: [] });
  });

  test('rules add up, and what nobody knows the capacity of is named', () => {
    expect(
      webAclCapacity(acl({ GeoMatchStatement: {} }, { ManagedRuleGroupStatement: { Name: 'Theirs' } }, { NewStatement: {} })),
    ).toEqual({
      capacity: 1,
      unknown: ['Theirs', 'NewStatement'],
    });
  });
});
