import { describe, expect, test } from 'vitest';
import type { Assembly, TemplateResource } from '../../lib/assembly/read-assembly';
import { checkQuotas, knownQuotaNames } from '../../lib/preflight/check-quotas';
import { countUsage } from '../../lib/preflight/count-usage';

const ACCOUNT = '111111111111';

function assembly(
  stacks: Record<string, { region?: string; account?: string; resources: TemplateResource[]; bytes?: number }>,
): Assembly {
  return {
    directory: 'test',
    stacks: Object.entries(stacks).map(([stackName, { region, account, resources, bytes }]) => ({
      stackName,
      account: account ?? ACCOUNT,
      region: region ?? 'us-east-1',
      terminationProtection: true,
      templateBytes: bytes ?? 1000,
      template: { Resources: Object.fromEntries(resources.map((resource, index) => [`R${index}`, resource])) },
    })),
  };
}

function times(count: number, Type: string, Properties: Record<string, unknown> = {}): TemplateResource[] {
  return Array.from({ length: count }, () => ({ Type, Properties }));
}

function used(of: Assembly, quota: string): [string | undefined, string | undefined, number][] {
  return countUsage(of)
    .filter((usage) => usage.quota === quota)
    .map((usage) => [usage.region, usage.resource, usage.used]);
}

describe('countUsage', () => {
  test.each([
    ['AWS::EC2::EIP', 'elasticIps'],
    ['AWS::EC2::VPC', 'vpcs'],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'loadBalancers'],
    ['AWS::Backup::BackupVault', 'backupVaults'],
    ['AWS::RDS::DBInstance', 'databaseInstances'],
  ])('adds up %s over the stacks of one Region, apart for each Region', (type, quota) => {
    const fleet = assembly({
      a: { resources: times(3, type) },
      b: { resources: times(2, type) },
      c: { region: 'us-west-2', resources: times(1, type) },
    });
    expect(used(fleet, quota)).toEqual([
      ['us-east-1', undefined, 5],
      ['us-west-2', undefined, 1],
    ]);
  });

  test('health checks count per account, whatever the stack’s Region', () => {
    const fleet = assembly({
      a: { resources: times(4, 'AWS::Route53::HealthCheck') },
      b: { region: 'us-west-2', resources: times(3, 'AWS::Route53::HealthCheck') },
      c: { account: '222222222222', resources: times(1, 'AWS::Route53::HealthCheck') },
    });
    expect(
      countUsage(fleet)
        .filter(({ quota }) => quota === 'healthChecks')
        .map(({ account, used: count }) => [account, count]),
    ).toEqual([
      [ACCOUNT, 7],
      ['222222222222', 1],
    ]);
  });

  test('records count per hosted zone', () => {
    const fleet = assembly({
      a: {
        resources: [
          ...times(2, 'AWS::Route53::RecordSet', { HostedZoneId: 'Z1' }),
          ...times(1, 'AWS::Route53::RecordSet', { HostedZoneId: 'Z2' }),
        ],
      },
    });
    expect(used(fleet, 'recordsPerZone')).toEqual([
      [undefined, 'Z1', 2],
      [undefined, 'Z2', 1],
    ]);
  });

  test('NAT gateways count per zone of their subnet', () => {
    const subnet = (zone: string): TemplateResource => ({ Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: zone } });
    const nat = (logicalId: string): TemplateResource => ({
      Type: 'AWS::EC2::NatGateway',
      Properties: { SubnetId: { Ref: logicalId } },
    });
    const fleet = assembly({ a: { resources: [subnet('us-east-1a'), subnet('us-east-1b'), nat('R0'), nat('R1'), nat('R1')] } });
    expect(used(fleet, 'natGatewaysPerZone')).toEqual([
      ['us-east-1', 'us-east-1a', 1],
      ['us-east-1', 'us-east-1b', 2],
    ]);
  });

  test('a global table counts once in each Region of its replicas', () => {
    const table = {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: { Replicas: [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }] },
    };
    expect(used(assembly({ a: { resources: [table] } }), 'tables')).toEqual([
      ['eu-west-1', undefined, 1],
      ['us-east-1', undefined, 1],
    ]);
  });

  test('reserved concurrency adds up', () => {
    const fleet = assembly({ a: { resources: times(2, 'AWS::Lambda::Function', { ReservedConcurrentExecutions: 20 }) } });
    expect(used(fleet, 'lambdaConcurrency')).toEqual([['us-east-1', undefined, 40]]);
  });
});

describe('checkQuotas', () => {
  const five = countUsage(assembly({ a: { resources: times(5, 'AWS::EC2::EIP') } }));
  const six = countUsage(assembly({ a: { resources: times(6, 'AWS::EC2::EIP') } }));

  test('the default quota itself still fits', () => {
    expect(checkQuotas(five).findings).toEqual([]);
  });

  test('fails one above the default, and says which quota to raise to how much', () => {
    const { findings } = checkQuotas(six);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code: 'quota-exceeded', severity: 'error' });
    expect(findings[0]!.message).toContain('us-east-1');
    expect(findings[0]!.message).toContain('L-0263D0A3');
    expect(findings[0]!.fix).toContain('--quota L-0263D0A3=6');
  });

  test.each([['L-0263D0A3'], ['elasticIps']])('a raised quota given as %s is believed', (name) => {
    const { lines, findings } = checkQuotas(six, { [name]: 6 });
    expect(findings).toEqual([]);
    expect(lines.find((line) => line.quota === 'elasticIps')).toMatchObject({ limit: 6, limitFrom: 'given', ok: true });
  });

  test.each([
    [900, true],
    [901, false],
  ])('of 1,000 concurrent executions 100 cannot be reserved: %i fit: %s', (reserved, ok) => {
    const usage = countUsage(
      assembly({ a: { resources: times(1, 'AWS::Lambda::Function', { ReservedConcurrentExecutions: reserved }) } }),
    );
    const { findings } = checkQuotas(usage);
    expect(findings.length === 0).toBe(ok);
    if (!ok) expect(findings[0]!.fix).toContain('--quota L-B99A9384=1001');
  });

  test('fails for a hard limit, which no given value lifts', () => {
    const big = countUsage(assembly({ a: { resources: times(501, 'AWS::SNS::Topic') } }));
    expect(checkQuotas(big, { resourcesPerTemplate: 1000 }).findings).toMatchObject([{ code: 'limit-exceeded' }]);
    expect(knownQuotaNames()).not.toContain('resourcesPerTemplate');
  });

  test('fails for a template above 1 MiB', () => {
    const big = countUsage(assembly({ a: { resources: [], bytes: 1_048_577 } }));
    expect(checkQuotas(big).findings).toMatchObject([{ code: 'limit-exceeded' }]);
  });
});
