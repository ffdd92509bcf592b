import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { resourcesOf, synthesizeTypeScript, type SynthesizedTemplate, templatesOf } from './support/synthesize';

const project = inject('project');

interface ApiType {
  readonly name: string;
  readonly kind: string;
  readonly abstract?: boolean;
}

/** Every class of the API that can be constructed. */
function constructsOfApi(): string[] {
  const assembly = gunzipSync(readFileSync(join(project, 'node_modules', 'stampkit', '.jsii.gz'))).toString();
  const { types } = JSON.parse(assembly) as { types: Record<string, ApiType> };
  return Object.values(types)
    .filter(({ kind, abstract }) => kind === 'class' && abstract !== true)
    .map(({ name }) => name)
    .sort();
}

describe('one stamp in a network, zone and certificate of the app', () => {
  let template: SynthesizedTemplate | undefined;
  beforeAll(async () => {
    template = templatesOf(await synthesizeTypeScript('stamp'))['Shop'];
  });

  test('has what it was asked for, once', () => {
    for (const [type, count] of [
      ['AWS::EC2::VPC', 1],
      ['AWS::Route53::HostedZone', 1],
      ['AWS::CertificateManager::Certificate', 1],
      ['AWS::ElasticLoadBalancingV2::LoadBalancer', 1],
      ['AWS::ECS::Service', 2],
      ['AWS::RDS::DBCluster', 1],
      ['AWS::RDS::GlobalCluster', 0],
      ['AWS::Backup::BackupVault', 1],
    ] as const) {
      expect([type, resourcesOf(template, type).length]).toEqual([type, count]);
    }
  });

  test('uses the certificate of the app', () => {
    const listeners = resourcesOf(template, 'AWS::ElasticLoadBalancingV2::Listener');
    expect(JSON.stringify(listeners)).toMatch(/"CertificateArn":\{"Ref":"Certificate[0-9A-F]{8}"\}/);
  });
});

describe('a fleet in two Regions from props', () => {
  let templates: Record<string, SynthesizedTemplate> = {};
  beforeAll(async () => {
    templates = templatesOf(await synthesizeTypeScript('fleet'));
  });

  test('is control, data, two stamps and routing, and no stack imports from another', () => {
    expect(Object.keys(templates).sort()).toEqual([
      'shop-control-use2',
      'shop-control-usw2',
      'shop-enterprise-data',
      'shop-enterprise-routing',
      'shop-enterprise-use1',
      'shop-enterprise-usw2',
    ]);
    for (const template of Object.values(templates)) {
      expect(JSON.stringify(template)).not.toContain('Fn::ImportValue');
      expect(template.Outputs).toBeUndefined();
    }
  });

  test('the members join the global cluster by its name; only the home member knows the master user', () => {
    const [global] = resourcesOf(templates['shop-enterprise-data'], 'AWS::RDS::GlobalCluster');
    const members = ['use1', 'usw2'].map((code) => resourcesOf(templates[`shop-enterprise-${code}`], 'AWS::RDS::DBCluster')[0]!);
    for (const member of members) expect(member['GlobalClusterIdentifier']).toBe(global!['GlobalClusterIdentifier']);
    expect(members.map((member) => 'MasterUsername' in member)).toEqual([true, false]);
  });

  test('the group’s name fails over between the stamps’ own names, under switches in the control Regions', () => {
    const routing = templates['shop-enterprise-routing'];
    const failover = resourcesOf(routing, 'AWS::Route53::RecordSet').filter((record) => 'Failover' in record);
    expect(failover.map(({ Failover, AliasTarget }) => [Failover, (AliasTarget as { DNSName: string }).DNSName])).toEqual(
      expect.arrayContaining([
        ['PRIMARY', 'use1.enterprise.shop.example.com'],
        ['SECONDARY', 'usw2.enterprise.shop.example.com'],
      ]),
    );
    const buckets = ['use2', 'usw2'].map((code) =>
      resourcesOf(templates[`shop-control-${code}`], 'AWS::S3::Bucket').map(({ BucketName }) => BucketName),
    );
    for (const name of buckets.flat().filter((bucket) => typeof bucket === 'string')) {
      expect(JSON.stringify(resourcesOf(routing, 'AWS::Route53::HealthCheck'))).toContain(`${name}.s3.`);
    }
  });
});

describe('each part alone', () => {
  let templates: Record<string, SynthesizedTemplate> = {};
  beforeAll(async () => {
    templates = templatesOf(await synthesizeTypeScript('parts'));
  });

  test('the program makes every construct of the API but the whole stamp', () => {
    expect([...Object.keys(templates), 'Stamp'].sort()).toEqual(constructsOfApi());
  });

  test('every one synthesizes into resources of its own', () => {
    for (const [name, { Resources }] of Object.entries(templates)) {
      expect([name, Object.keys(Resources).some((id) => id.startsWith('Part'))]).toEqual([name, true]);
    }
  });
});
