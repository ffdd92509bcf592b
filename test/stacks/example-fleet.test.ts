import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { addFleetStacks } from '../../lib/stacks/fleet-app';
import { exampleFleet, variantFleet } from '../support/loaded-fleets';
import { once } from '../support/once';
import { synthesizeAppChecked } from '../support/nag';

/** The rule packs and the validation, once per fleet: they take most of the time. */
const FLEETS = [
  ['the example fleet', exampleFleet, once(() => checked(exampleFleet))],
  ['the variant fleet', variantFleet, once(() => checked(variantFleet))],
] as const;

/** CloudFormation's limits; the template body counts as it is uploaded (aws-facts 8). */
const MAX_RESOURCES = 500;
const MAX_BYTES = 1_000_000;

describe.each(FLEETS)('%s', { timeout: 120_000 }, (_name, load, synthesis) => {
  let output: MockInstance[] = [];

  beforeEach(() => {
    output = [vi.spyOn(process.stdout, 'write').mockReturnValue(true), vi.spyOn(process.stderr, 'write').mockReturnValue(true)];
  });

  afterEach(() => {
    for (const spy of output) spy.mockRestore();
  });

  test('is read without errors', () => {
    expect(load().findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('passes cdk-nag and the CloudFormation validation, and prints nothing', () => {
    const { violations } = synthesis();
    const printed = output.flatMap((spy) => spy.mock.calls.map(([text]) => String(text)));
    for (const spy of output) spy.mockRestore();
    expect(violations).toEqual([]);
    expect(printed).toEqual([]);
  });

  test('keeps every template far below the limits of CloudFormation', () => {
    for (const [name, template] of Object.entries(synthesis().templates)) {
      const json = template.toJSON();
      const resources = Object.keys(json['Resources'] as object).length;
      expect([name, resources, resources < MAX_RESOURCES]).toEqual([name, resources, true]);
      expect([name, Buffer.byteLength(JSON.stringify(json, undefined, 1)) < MAX_BYTES]).toEqual([name, true]);
    }
  });
});

describe('together, the two fleets use', () => {
  const templates = once(() => FLEETS.flatMap(([, , synthesis]) => Object.values(synthesis().templates)));

  /** Each row is a branch of configuration that nothing else sends through the rule packs. */
  test.each<[what: string, type: string, properties: object]>([
    ['Aurora PostgreSQL', 'AWS::RDS::DBCluster', { Engine: 'aurora-postgresql' }],
    ['Aurora MySQL', 'AWS::RDS::DBCluster', { Engine: 'aurora-mysql' }],
    ['provisioned instances', 'AWS::RDS::DBInstance', { DBInstanceClass: 'db.r8g.large' }],
    ['Serverless v2', 'AWS::RDS::DBInstance', { DBInstanceClass: 'db.serverless' }],
    ['a cluster without deletion protection', 'AWS::RDS::DBCluster', { DeletionProtection: false }],
    ['an eventually consistent table', 'AWS::DynamoDB::GlobalTable', { TableName: 'shop-pool.table' }],
    ['a strongly consistent table', 'AWS::DynamoDB::GlobalTable', { MultiRegionConsistency: 'STRONG' }],
    ['a witness', 'AWS::DynamoDB::GlobalTable', { GlobalTableWitnesses: [{ Region: 'us-east-2' }] }],
    ['an external database', 'AWS::SSM::Parameter', { Name: '/stampkit/lab/legacy-use1/database' }],
    ['instances', 'AWS::AutoScaling::AutoScalingGroup', {}],
    ['a transit gateway', 'AWS::EC2::TransitGatewayAttachment', { TransitGatewayId: 'tgw-0123456789abcdef0' }],
    ['weights', 'AWS::Route53::RecordSet', { Weight: 200 }],
    ['areas', 'AWS::Route53::RecordSet', { GeoLocation: { ContinentCode: 'EU' } }],
    ['latency', 'AWS::Route53::RecordSet', { Name: 'pool.shop.example.com', Region: 'eu-west-1' }],
    ['failover', 'AWS::Route53::RecordSet', { Failover: 'SECONDARY' }],
    ['a record that ignores its target’s health', 'AWS::Route53::RecordSet', { AliasTarget: { EvaluateTargetHealth: false } }],
    ['a compliance lock', 'AWS::Backup::BackupVault', { LockConfiguration: { ChangeableForDays: 3 } }],
    ['restore tests', 'AWS::Backup::RestoreTestingPlan', {}],
  ])('%s', (_what, type, properties) => {
    const found = templates().flatMap((template) => Object.values(template.findResources(type, { Properties: properties })));
    expect(found.length).toBeGreaterThan(0);
  });

  test('a way out, and none', () => {
    const gateways = templates().filter((template) => Object.keys(template.findResources('AWS::EC2::VPC')).length > 0);
    const closed = gateways.filter((template) => Object.keys(template.findResources('AWS::EC2::NatGateway')).length === 0);
    expect([closed.length, gateways.length - closed.length]).toEqual([3, 12]);
  });

  test('sign-in', () => {
    const listeners = templates().flatMap((template) =>
      Object.values(template.findResources('AWS::ElasticLoadBalancingV2::Listener')),
    );
    expect(JSON.stringify(listeners)).toContain('authenticate-oidc');
  });
});

function checked(load: typeof exampleFleet): ReturnType<typeof synthesizeAppChecked> {
  return synthesizeAppChecked((app) => void addFleetStacks(app, load().fleet));
}
