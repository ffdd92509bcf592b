import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, test } from 'vitest';
import { ACTIONS } from '../../../lib/aws/call/actions';
import { EXAMPLE_SCOPE, iamPage, type PolicyDocument, policyCharacters, policyOf, roleOf } from '../../../lib/aws/call/policies';

const docs = join(__dirname, '..', '..', '..', 'docs', 'iam');
const read = (name: string): string => readFileSync(join(docs, name), 'utf8');
const policy = (kind: 'operator' | 'reader', fleet = 'shop'): PolicyDocument =>
  policyOf(kind, { ...EXAMPLE_SCOPE, fleet, role: roleOf(kind) });
const actionsOf = (document: PolicyDocument): string[] => document.Statement.flatMap(({ Action }) => Action);

describe('docs/iam is up to date (npm run generate:iam)', () => {
  test.each(['operator', 'reader'] as const)('%s.json', (kind) => {
    expect(JSON.parse(read(`${kind}.json`))).toEqual(policy(kind));
  });

  test('the tables of the page', async () => {
    const filepath = join(docs, 'README.md');
    const page = read('README.md');
    expect(await format(iamPage(page), { ...(await resolveConfig(filepath)), filepath })).toBe(page);
  });

  test('fails for a page without a place for its tables', () => {
    expect(() => iamPage('# IAM')).toThrow('no place');
  });
});

describe('the policies', () => {
  test('each fits into a managed policy, also for the longest name of a fleet', () => {
    for (const kind of ['operator', 'reader'] as const) {
      expect(policyCharacters(policy(kind, 'x'.repeat(20)))).toBeLessThanOrEqual(6_144);
    }
  });

  test('both together allow exactly what the table asks for', () => {
    const wanted = ACTIONS.flatMap(({ action, also = [] }) => [action, ...also.map((each) => each.action)]);
    const given = new Set([...actionsOf(policy('operator')), ...actionsOf(policy('reader'))]);
    expect([...given].sort()).toEqual(
      [...new Set(wanted)].filter((each) => each !== '-' && each !== 'sts:GetCallerIdentity').sort(),
    );
  });

  test('a reader changes nothing, reads no data of users, and becomes no operator', () => {
    const actions = actionsOf(policy('reader'));
    const verbs = /:(Get|List|Describe|Query|Decrypt|InvokeFunction|AssumeRole)/;
    expect(actions.filter((action) => !verbs.test(action))).toEqual([]);
    expect(actions.filter((action) => /dynamodb:(Scan|BatchGetItem)/.test(action))).toEqual([]);
    const assumed = policy('reader').Statement.find(({ Action }) => Action.includes('sts:AssumeRole'));
    expect(assumed?.Resource).toEqual(['arn:aws:iam::*:role/stampkit-reader']);
    const invoked = policy('reader').Statement.find(({ Action }) => Action.includes('lambda:InvokeFunction'));
    expect(invoked?.Resource).toEqual(['arn:aws:lambda:*:*:function:shop-*-health']);
  });

  test('nobody may change routing, templates or permissions, or delete a switch', () => {
    const forbidden =
      /^(route53:(Change|Create|Delete)|cloudformation:(Create|Update|Delete|Execute)|iam:(?!PassRole|CreateServiceLinkedRole)|s3:Delete)/;
    expect([...actionsOf(policy('operator')), ...actionsOf(policy('reader'))].filter((action) => forbidden.test(action))).toEqual(
      [],
    );
  });

  test('what deletes a database, takes its protection away or moves it between backup plans asks for the tag of a restore', () => {
    const risky = /^rds:(DeleteDBCluster|DeleteDBInstance|ModifyDBCluster)$/;
    const statements = policy('operator').Statement.filter(({ Action }) => Action.some((action) => risky.test(action)));
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'rds:AddTagsToResource',
      'rds:DeleteDBCluster',
      'rds:DeleteDBInstance',
      'rds:ModifyDBCluster',
    ]);
    for (const { Condition } of statements) expect(Condition).toEqual({ Null: { 'aws:ResourceTag/stampkit:restore': 'false' } });
  });

  test('tables are deleted only under the names that restores give', () => {
    const statements = policy('operator').Statement.filter(({ Action }) => Action.includes('dynamodb:DeleteTable'));
    expect(statements.flatMap(({ Resource }) => Resource)).toEqual(['arn:aws:dynamodb:*:*:table/shop-*.table-*']);
  });

  test('keys are used through a service only, and only those of the fleet', () => {
    for (const kind of ['operator', 'reader'] as const) {
      const keys = policy(kind).Statement.filter(({ Action }) => Action.some((action) => action.startsWith('kms:')));
      expect(keys.length).toBeGreaterThan(0);
      for (const { Condition } of keys) {
        expect(Condition).toMatchObject({
          StringLike: { 'kms:ViaService': expect.stringMatching(/^\w+\.\*\.amazonaws\.com$/) as string },
          'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/shop-*' },
        });
      }
    }
  });

  test('roles are passed to the service that needs them', () => {
    const passing = policy('operator').Statement.filter(({ Action }) => Action.includes('iam:PassRole'));
    for (const { Condition } of passing) expect(Object.keys(Condition?.['StringEquals'] ?? {})).toEqual(['iam:PassedToService']);
  });

  test('"*" stands only beside actions that AWS limits to nothing', () => {
    for (const kind of ['operator', 'reader'] as const) {
      const everything = policy(kind).Statement.filter(({ Resource }) => Resource.includes('*'));
      const unlimited =
        /^(application-autoscaling:Describe|autoscaling:Describe|backup:(ListRestoreJobs|GetRestoreJobMetadata)|cloudwatch:GetMetricData|ecs:DescribeCapacityProviders|elasticloadbalancing:Describe)/;
      expect(everything.flatMap(({ Action }) => Action).filter((action) => !unlimited.test(action))).toEqual([]);
    }
  });

  test('every name of one’s own fleet is in it, and none of the example', () => {
    expect(JSON.stringify(policy('operator', 'acme'))).not.toContain('shop');
  });
});
