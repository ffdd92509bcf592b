import { describe, expect, test } from 'vitest';
import { factsOfTemplates } from '../../support/template-stacks';

const ZONE = { HostedZoneId: 'Z1' };
const balancer = { Balancer: ['AWS::ElasticLoadBalancingV2::LoadBalancer', {}] } as const;
const toBalancer = {
  DNSName: { 'Fn::GetAtt': ['Balancer', 'DNSName'] },
  HostedZoneId: { 'Fn::GetAtt': ['Balancer', 'CanonicalHostedZoneID'] },
};

describe('records', () => {
  test('every routing policy, in the words of the API', () => {
    const base = { ...ZONE, Name: 'www.example.com.', Type: 'A', TTL: '60', ResourceRecords: ['192.0.2.1'] };
    const { records, findings } = factsOfTemplates({
      resources: {
        Failover: [
          'AWS::Route53::RecordSet',
          { ...base, SetIdentifier: 'a', Failover: 'PRIMARY', HealthCheckId: { Ref: 'Check' } },
        ],
        Geo: [
          'AWS::Route53::RecordSet',
          { ...base, SetIdentifier: 'b', GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } },
        ],
        Latency: ['AWS::Route53::RecordSet', { ...base, SetIdentifier: 'c', Region: { Ref: 'AWS::Region' } }],
        Multi: ['AWS::Route53::RecordSet', { ...base, SetIdentifier: 'd', MultiValueAnswer: true }],
        Weighted: ['AWS::Route53::RecordSet', { ...base, SetIdentifier: 'e', Weight: '0' }],
        Check: ['AWS::Route53::HealthCheck', { HealthCheckConfig: { Type: 'TCP', IPAddress: '192.0.2.1', Port: 443 } }],
      },
    });
    expect(findings).toEqual([]);
    const plain = { Name: 'www.example.com.', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }], hostedZoneId: 'Z1' };
    expect(records).toMatchObject([
      { ...plain, SetIdentifier: 'a', Failover: 'PRIMARY', HealthCheckId: 'app/Check' },
      { ...plain, SetIdentifier: 'b', GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } },
      { ...plain, SetIdentifier: 'c', Region: 'us-east-1' },
      { ...plain, SetIdentifier: 'd', MultiValueAnswer: true },
      { ...plain, SetIdentifier: 'e', Weight: 0 },
    ]);
  });

  test('a RecordSetGroup, with the zone of the group and of the record', () => {
    const { records } = factsOfTemplates({
      resources: {
        Group: [
          'AWS::Route53::RecordSetGroup',
          {
            HostedZoneName: 'example.com.',
            RecordSets: [
              { Name: 'a.example.com', Type: 'CNAME', TTL: '900', ResourceRecords: ['b.example.com'] },
              { Name: 'c.example.net', Type: 'A', HostedZoneId: 'Z2', TTL: '60', ResourceRecords: ['192.0.2.1'] },
            ],
          },
        ],
        Zone: ['AWS::Route53::HostedZone', { Name: 'example.com' }],
      },
    });
    expect(records.map(({ id, Name, TTL, hostedZoneId }) => [id, Name, TTL, hostedZoneId])).toEqual([
      ['app/Group#0', 'a.example.com', 900, '[app.Zone.Id]'],
      ['app/Group#1', 'c.example.net', 60, 'Z2'],
    ]);
  });

  test('a zone that is known by name only is a symbol, the same for all its records', () => {
    const record = { HostedZoneName: 'example.com.', Type: 'A', TTL: '60', ResourceRecords: ['192.0.2.1'] };
    const { zones, records } = factsOfTemplates({
      resources: {
        A: ['AWS::Route53::RecordSet', { ...record, Name: 'a.example.com' }],
        B: ['AWS::Route53::RecordSet', { ...record, Name: 'b.example.com' }],
      },
    });
    expect(zones).toMatchObject([{ name: 'example.com', account: '111111111111' }]);
    expect(records.map(({ hostedZoneId }) => hostedZoneId)).toEqual([zones[0]?.hostedZoneId, zones[0]?.hostedZoneId]);
  });

  test('aliases lead through names to load balancers; EvaluateTargetHealth is off unless said', () => {
    const { records } = factsOfTemplates({
      resources: {
        ...balancer,
        Own: [
          'AWS::Route53::RecordSet',
          { ...ZONE, Name: 'lb.example.com', Type: 'A', AliasTarget: { ...toBalancer, EvaluateTargetHealth: true } },
        ],
        Upper: [
          'AWS::Route53::RecordSet',
          { ...ZONE, Name: 'WWW.example.com.', Type: 'A', AliasTarget: { DNSName: 'LB.example.com.', HostedZoneId: 'Z1' } },
        ],
        Name: [
          'AWS::Route53::RecordSet',
          { ...ZONE, Name: 'c.example.com', Type: 'CNAME', TTL: '60', ResourceRecords: ['www.example.com'] },
        ],
        Else: [
          'AWS::Route53::RecordSet',
          {
            ...ZONE,
            Name: 's.example.com',
            Type: 'A',
            AliasTarget: { DNSName: 'd1.cloudfront.net', HostedZoneId: 'Z2FDTNDATAQYW2' },
          },
        ],
      },
    });
    const unit = '111111111111/us-east-1';
    expect(
      Object.fromEntries(
        records.map(({ origin, alias, leadsTo, AliasTarget }) => [
          origin.logicalId,
          { alias, leadsTo, eth: AliasTarget?.EvaluateTargetHealth },
        ]),
      ),
    ).toEqual({
      Own: { alias: { kind: 'load-balancer', loadBalancerId: 'app/Balancer' }, leadsTo: [unit], eth: true },
      Upper: { alias: { kind: 'records', name: 'lb.example.com' }, leadsTo: [unit], eth: false },
      Name: { alias: undefined, leadsTo: [unit], eth: undefined },
      Else: { alias: { kind: 'other' }, leadsTo: [], eth: false },
    });
  });

  test('a circle of aliases leads nowhere', () => {
    const alias = (name: string, target: string) =>
      [
        'AWS::Route53::RecordSet',
        { ...ZONE, Name: name, Type: 'A', AliasTarget: { DNSName: target, HostedZoneId: 'Z1' } },
      ] as const;
    const { records } = factsOfTemplates({
      resources: { A: alias('a.example.com', 'b.example.com'), B: alias('b.example.com', 'a.example.com') },
    });
    expect(records.map(({ leadsTo }) => leadsTo)).toEqual([[], []]);
  });

  test('says what it cannot know: an open value, a target or a check that nobody makes, a policy that is not modelled', () => {
    const { records, findings } = factsOfTemplates({
      sections: { Parameters: { Ttl: { Type: 'Number' } } },
      resources: {
        Open: [
          'AWS::Route53::RecordSet',
          { ...ZONE, Name: 'a.example.com', Type: 'A', TTL: { Ref: 'Ttl' }, ResourceRecords: ['192.0.2.1'] },
        ],
        Lost: [
          'AWS::Route53::RecordSet',
          { ...ZONE, Name: 'b.example.com', Type: 'A', AliasTarget: { DNSName: 'gone.example.com', HostedZoneId: 'Z1' } },
        ],
        Foreign: [
          'AWS::Route53::RecordSet',
          { ...ZONE, Name: 'c.example.com', Type: 'A', TTL: '60', ResourceRecords: ['192.0.2.1'], HealthCheckId: '1234-abcd' },
        ],
        Near: [
          'AWS::Route53::RecordSet',
          {
            ...ZONE,
            Name: 'd.example.com',
            Type: 'A',
            TTL: '60',
            ResourceRecords: ['192.0.2.1'],
            GeoProximityLocation: { AWSRegion: 'us-east-1' },
          },
        ],
      },
    });
    expect(records.find(({ origin }) => origin.logicalId === 'Open')).toMatchObject({ unresolved: ['TTL'] });
    expect(records.find(({ origin }) => origin.logicalId === 'Open')).not.toHaveProperty('TTL');
    expect(findings.map(({ code, where }) => [code, where.path])).toEqual([
      ['template-feature-not-understood', ['Near', 'Properties', 'GeoProximityLocation']],
      ['template-reference-dangling', ['Foreign', 'Properties', 'HealthCheckId']],
      ['template-reference-dangling', ['Lost', 'Properties', 'AliasTarget', 'DNSName']],
      ['template-value-unresolved', ['Open', 'Properties', 'TTL']],
    ]);
    expect(findings.at(-1)?.message).toBe(
      'AWS::Route53::RecordSet app/Open: TTL cannot be resolved: parameter Ttl has no default',
    );
  });
});

describe('health checks', () => {
  test('defaults of the API are filled in, children and alarms are found', () => {
    const { healthChecks, findings } = factsOfTemplates({
      resources: {
        Deep: [
          'AWS::Route53::HealthCheck',
          {
            HealthCheckConfig: { Type: 'HTTPS', FullyQualifiedDomainName: 'x.example.org' },
            HealthCheckTags: [{ Key: 'Name', Value: 'deep' }],
          },
        ],
        Both: [
          'AWS::Route53::HealthCheck',
          { HealthCheckConfig: { Type: 'CALCULATED', HealthThreshold: 1, ChildHealthChecks: [{ Ref: 'Deep' }] } },
        ],
        Alarm: ['AWS::CloudWatch::Alarm', { AlarmName: 'lag', Namespace: 'App', MetricName: 'Lag' }],
        Lag: [
          'AWS::Route53::HealthCheck',
          { HealthCheckConfig: { Type: 'CLOUDWATCH_METRIC', AlarmIdentifier: { Name: { Ref: 'Alarm' }, Region: 'us-east-1' } } },
        ],
      },
    });
    expect(findings).toEqual([]);
    expect(healthChecks).toMatchObject([
      { Id: 'app/Both', HealthCheckConfig: { HealthThreshold: 1, ChildHealthChecks: ['app/Deep'] } },
      { Id: 'app/Deep', name: 'deep', HealthCheckConfig: { RequestInterval: 30, FailureThreshold: 3 } },
      { Id: 'app/Lag', watches: { kind: 'alarm', alarmId: 'app/Alarm', region: 'us-east-1' } },
    ]);
    expect(healthChecks[0]?.HealthCheckConfig).not.toHaveProperty('RequestInterval');
  });

  test('an interval that cannot be resolved stays open instead of becoming the default', () => {
    const { healthChecks } = factsOfTemplates({
      sections: { Parameters: { Interval: { Type: 'Number' } } },
      resources: {
        Deep: ['AWS::Route53::HealthCheck', { HealthCheckConfig: { Type: 'TCP', RequestInterval: { Ref: 'Interval' } } }],
      },
    });
    expect(healthChecks[0]).toMatchObject({ unresolved: ['HealthCheckConfig.RequestInterval'] });
    expect(healthChecks[0]?.HealthCheckConfig).not.toHaveProperty('RequestInterval');
  });
});
