import { describe, expect, test } from 'vitest';
import { type PointerTemplate, judgePointer } from '../../../lib/cli/deploy/pointer-guard';

const NAME = '/stampkit/shop/enterprise-use1/database';
const tags = { 'cost-center': 'shop' };

function aurora(name = 'app'): PointerTemplate {
  return {
    Resources: {
      Cluster: { Type: 'AWS::RDS::DBCluster', Properties: { DBClusterIdentifier: 'shop-enterprise-use1' } },
      Pointer: {
        Type: 'AWS::SSM::Parameter',
        Properties: {
          Name: NAME,
          Value: {
            'Fn::Join': [
              '',
              [
                '{"engine":"aurora-postgresql","writer":"',
                { 'Fn::GetAtt': ['Cluster', 'Endpoint.Address'] },
                `","port":5432,"name":"${name}"}`,
              ],
            ],
          },
        },
      },
    },
  };
}

const live = (cluster: string): string =>
  `{"engine":"aurora-postgresql","writer":"${cluster}.cluster-c1.us-east-1.rds.amazonaws.com","port":5432,"name":"app"}`;
const state = { deployed: aurora(), next: aurora(), deployedTags: tags, nextTags: tags, parameterName: NAME };
const own = live('shop-enterprise-use1');
const restored = live('shop-enterprise-use1-restored-20261121');

describe('a pointer to the database of the template', () => {
  test.each([
    ['nothing changes', {}],
    ['tags change', { nextTags: { ...tags, owner: 'ops' } }],
    ['the parameter changes', { next: aurora('other') }],
  ])('may be written again: %s', (_name, change) => {
    expect(judgePointer({ ...state, live: own, ...change })).toBe('untouched');
  });

  test('there is none before the first deployment, or none any more', () => {
    expect(judgePointer({ ...state, deployed: {}, live: own })).toBe('untouched');
    expect(judgePointer({ ...state, live: undefined })).toBe('untouched');
  });
});

describe('a pointer that was cut over to a restored database', () => {
  test('is left alone while neither tags nor parameter change', () => {
    expect(judgePointer({ ...state, live: restored })).toBe('cut-over-kept');
  });

  test('is left alone when it leaves the template, because it is retained', () => {
    expect(judgePointer({ ...state, live: restored, next: {} })).toBe('cut-over-kept');
  });

  test.each([
    ['a tag is added', { nextTags: { ...tags, owner: 'ops' } }],
    ['a tag has another value', { nextTags: { 'cost-center': 'other' } }],
    ['a tag goes away', { nextTags: {} }],
    ['the parameter changes', { next: aurora('other') }],
  ])('fails: would be reset when %s', (_name, change) => {
    expect(judgePointer({ ...state, live: restored, ...change })).toBe('would-be-reset');
  });

  test('fails: would be reset when its logical id changes', () => {
    const { Pointer, ...rest } = aurora().Resources!;
    const next = { Resources: { ...rest, Other: Pointer! } };
    expect(judgePointer({ ...state, live: restored, next })).toBe('would-be-reset');
  });

  test('is told from the original by a table’s name, too', () => {
    const table = {
      Resources: {
        P: { Type: 'AWS::SSM::Parameter', Properties: { Name: NAME, Value: '{"engine":"dynamodb","table":"shop-pool.table"}' } },
      },
    };
    const nextTags = {};
    expect(
      judgePointer({ ...state, deployed: table, next: table, nextTags, live: '{"engine":"dynamodb","table":"shop-pool.table"}' }),
    ).toBe('untouched');
    expect(
      judgePointer({ ...state, deployed: table, next: table, nextTags, live: '{"engine":"dynamodb","table":"shop-pool.r1"}' }),
    ).toBe('would-be-reset');
  });
});
