import { App, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { RoutingPolicy, type RoutedStamp } from '../../lib/constructs/routed-stamp';
import { StampRouting, type StampRoutingProps } from '../../lib/constructs/stamp-routing';
import { synthesizeAppChecked } from '../support/nag';
import { synthesize } from '../support/synth';

const REGIONS: Record<string, string> = { use1: 'us-east-1', usw2: 'us-west-2', euw1: 'eu-west-1' };

function stamp(code: string, more: Partial<RoutedStamp> = {}): RoutedStamp {
  return { stampId: `shop-${code}`, region: REGIONS[code]!, recordName: `${code}.shop.example.com`, ...more };
}

function addRouting(stack: Stack, props: Partial<StampRoutingProps>): StampRouting {
  return new StampRouting(stack, 'Routing', {
    hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789', zoneName: 'example.com' }),
    recordName: 'shop.example.com',
    policy: RoutingPolicy.LATENCY,
    stamps: [stamp('use1'), stamp('usw2')],
    switches: [
      { regionCode: 'use2', region: 'us-east-2', bucketName: 'switches-use2' },
      { regionCode: 'usw2', region: 'us-west-2', bucketName: 'switches-usw2' },
    ],
    ...props,
  });
}

function routed(props: Partial<StampRoutingProps> = {}, region = 'us-east-1'): Template {
  return synthesize(
    (stack) => {
      addRouting(stack, props);
    },
    { region },
  );
}

/** Records of one name: logical id without CDK's hash, and properties. */
function recordsOf(template: Template, name = 'shop.example.com'): Record<string, Record<string, any>> {
  const records = Object.entries(template.findResources('AWS::Route53::RecordSet', { Properties: { Name: name } }));
  return Object.fromEntries(records.map(([id, { Properties }]) => [id.slice(0, -8), Properties as Record<string, any>]));
}

const PRIMARY_FIRST = [stamp('use1', { primary: true }), stamp('usw2')];

const EVERY_POLICY: [RoutingPolicy, RoutedStamp[]][] = [
  [RoutingPolicy.FAILOVER, PRIMARY_FIRST],
  [RoutingPolicy.LATENCY, [stamp('use1'), stamp('usw2')]],
  [RoutingPolicy.WEIGHTED, [stamp('use1', { weight: 0 }), stamp('usw2', { weight: 255 })]],
  [RoutingPolicy.GEOLOCATION, [stamp('use1', { defaultArea: true }), stamp('euw1', { areas: ['continent:EU'] })]],
  [RoutingPolicy.SIMPLE, [stamp('euw1')]],
];

describe('every policy', () => {
  test.each(EVERY_POLICY)('%s: aliases evaluate their target, and carry no TTL of their own', (policy, stamps) => {
    const template = routed({ policy, stamps, tenantRecordNames: ['acme.example.com'] });
    for (const { Properties } of Object.values(template.findResources('AWS::Route53::RecordSet'))) {
      expect(Properties.AliasTarget).toMatchObject({ EvaluateTargetHealth: true, HostedZoneId: 'Z0123456789' });
      expect(Properties).not.toHaveProperty('TTL');
      expect(Properties.Type).toBe('A');
    }
  });

  test.each(EVERY_POLICY.filter(([policy]) => policy !== RoutingPolicy.SIMPLE))(
    '%s: every record follows the verdict on the very stamp it points at, under an identifier of its own',
    (policy, stamps) => {
      const template = routed({ policy, stamps });
      const records = Object.values(recordsOf(template));
      const identifiers = records.map((record) => record['SetIdentifier'] as string);
      expect(new Set(identifiers).size).toBe(records.length);
      for (const record of records) {
        const verdict = template.findResources('AWS::Route53::HealthCheck')[record['HealthCheckId']['Fn::GetAtt'][0] as string]!;
        const target = stamps.find(({ recordName }) => recordName === record['AliasTarget'].DNSName)!;
        expect(verdict['Properties'].HealthCheckTags[0].Value).toBe(`${target.stampId} in service`);
        expect(verdict['Properties'].HealthCheckConfig.Type).toBe('CALCULATED');
      }
    },
  );

  // One synthesis for all: the validation engine takes its time to start.
  test('passes cdk-nag and the CloudFormation validation, with and without a topic', { timeout: 120_000 }, () => {
    const { templates, violations } = synthesizeAppChecked((app) => {
      const env = { account: '111111111111', region: 'us-east-1' };
      for (const [policy, stamps] of EVERY_POLICY) {
        addRouting(new Stack(app, policy, { env }), { policy, stamps, tenantRecordNames: ['acme.example.com'] });
        const notified = new Stack(app, `${policy}-notified`, { env });
        const alarmTopic = Topic.fromTopicArn(notified, 'Topic', 'arn:aws:sns:us-east-1:111111111111:alarms');
        addRouting(notified, { policy, stamps, alarmTopic });
      }
    });
    expect(violations).toEqual([]);
    expect(Object.keys(templates)).toHaveLength(2 * EVERY_POLICY.length);
  });
});

test('is the same in an app without any feature flag', () => {
  const stack = new Stack(new App({ analyticsReporting: false, builtinCloudFormationValidation: false }), 'Test', {
    env: { account: '111111111111', region: 'us-east-1' },
  });
  addRouting(stack, {});
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: object };
  expect(Resources).toEqual(routed().toJSON()['Resources']);
});

describe('failover', () => {
  test('role is identifier and logical id', () => {
    const records = recordsOf(routed({ policy: RoutingPolicy.FAILOVER, stamps: PRIMARY_FIRST }));
    expect(records['RoutingRecordsprimary']).toMatchObject({
      SetIdentifier: 'primary',
      Failover: 'PRIMARY',
      AliasTarget: { DNSName: 'use1.shop.example.com' },
    });
    expect(records['RoutingRecordssecondary']).toMatchObject({
      SetIdentifier: 'secondary',
      Failover: 'SECONDARY',
      AliasTarget: { DNSName: 'usw2.shop.example.com' },
    });
  });

  test.each([
    ['no primary', [stamp('use1'), stamp('usw2')]],
    ['two primaries', [stamp('use1', { primary: true }), stamp('usw2', { primary: true })]],
    ['one stamp', [stamp('use1', { primary: true })]],
    ['three stamps', [...PRIMARY_FIRST, stamp('euw1')]],
  ])('fails with %s', (_name, stamps) => {
    expect(() => routed({ policy: RoutingPolicy.FAILOVER, stamps })).toThrow(/ROUTING_FAILOVER/);
  });
});

describe('latency', () => {
  test('one record per Region under the stamp’s id', () => {
    expect(recordsOf(routed())['RoutingRecordsshopuse1']).toMatchObject({ SetIdentifier: 'shop-use1', Region: 'us-east-1' });
  });

  test('fails with two stamps in one Region', () => {
    const stamps = [stamp('use1'), stamp('usw2', { region: 'us-east-1' })];
    expect(() => routed({ stamps })).toThrow(/ROUTING_LATENCY/);
  });
});

describe('weighted', () => {
  const weighted = (...weights: (number | undefined)[]): RoutedStamp[] => [
    stamp('use1', { weight: weights[0] }),
    stamp('usw2', { weight: weights[1] }),
  ];

  test.each([
    [0, 255],
    [1, 0],
  ])('takes %i and %i', (...weights) => {
    const records = Object.values(recordsOf(routed({ policy: RoutingPolicy.WEIGHTED, stamps: weighted(...weights) })));
    expect(records.map((record) => record['Weight'] as number)).toEqual(weights);
  });

  test.each<[string, number, number | undefined]>([
    ['a missing weight', 1, undefined],
    ['256', 1, 256],
    ['-1', 1, -1],
    ['a fraction', 1, 0.5],
    ['nothing but zeros', 0, 0],
  ])('fails with %s', (_name, first, second) => {
    expect(() => routed({ policy: RoutingPolicy.WEIGHTED, stamps: weighted(first, second) })).toThrow(/ROUTING_WEIGHT/);
  });

  test('a new weight changes the record in place: identifier and logical id stay', () => {
    const before = recordsOf(routed({ policy: RoutingPolicy.WEIGHTED, stamps: weighted(10, 20) }));
    const after = recordsOf(routed({ policy: RoutingPolicy.WEIGHTED, stamps: weighted(30, 20) }));
    const { Weight: _before, ...kept } = before['RoutingRecordsshopuse1']!;
    expect(after['RoutingRecordsshopuse1']).toEqual({ ...kept, Weight: 30 });
    expect(Object.keys(after)).toEqual(Object.keys(before));
  });
});

describe('geolocation', () => {
  const geo = (...stamps: RoutedStamp[]): Template => routed({ policy: RoutingPolicy.GEOLOCATION, stamps });

  test('one record per area, and the default answers everybody else', () => {
    const records = recordsOf(
      geo(
        stamp('use1', { defaultArea: true, areas: ['country:US/state:NY'] }),
        stamp('euw1', { areas: ['continent:EU', 'country:GB'] }),
      ),
    );
    expect(
      Object.values(records).map((record) => [record['SetIdentifier'], record['GeoLocation'], record['AliasTarget'].DNSName]),
    ).toEqual([
      ['country:US/state:NY', { CountryCode: 'US', SubdivisionCode: 'NY' }, 'use1.shop.example.com'],
      ['default', { CountryCode: '*' }, 'use1.shop.example.com'],
      ['continent:EU', { ContinentCode: 'EU' }, 'euw1.shop.example.com'],
      ['country:GB', { CountryCode: 'GB' }, 'euw1.shop.example.com'],
    ]);
  });

  test('an area that moves to another stamp changes target and check of its record, in place', () => {
    const before = geo(stamp('use1', { defaultArea: true, areas: ['country:GB'] }), stamp('euw1', { areas: ['continent:EU'] }));
    const after = geo(stamp('use1', { defaultArea: true }), stamp('euw1', { areas: ['continent:EU', 'country:GB'] }));
    expect(Object.keys(recordsOf(after)).sort()).toEqual(Object.keys(recordsOf(before)).sort());
    const moved = ['AliasTarget', 'HealthCheckId'];
    for (const [id, record] of Object.entries(recordsOf(after))) {
      const old = recordsOf(before)[id]!;
      const changed = Object.keys(record).filter((key) => JSON.stringify(record[key]) !== JSON.stringify(old[key]));
      expect(changed).toEqual(record['SetIdentifier'] === 'country:GB' ? moved : []);
    }
  });

  test.each([
    ['no default', [stamp('use1', { areas: ['country:US'] })]],
    ['two defaults', [stamp('use1', { defaultArea: true }), stamp('euw1', { defaultArea: true })]],
    [
      'an area served twice',
      [stamp('use1', { defaultArea: true, areas: ['country:DE'] }), stamp('euw1', { areas: ['country:DE'] })],
    ],
    ['a stamp without areas', [stamp('use1', { defaultArea: true }), stamp('euw1')]],
    ['an area of another spelling', [stamp('use1', { defaultArea: true, areas: ['Europe'] })]],
    ['the default as an area', [stamp('use1', { areas: ['default'] })]],
    ['a state without its country', [stamp('use1', { defaultArea: true, areas: ['state:CA'] })]],
  ])('fails with %s', (_name, stamps) => {
    expect(() => geo(...stamps)).toThrow(/ROUTING_AREA/);
  });
});

describe('simple', () => {
  test('is one alias without identifier and check: Route 53 has nothing to choose from', () => {
    const [record] = Object.values(recordsOf(routed({ policy: RoutingPolicy.SIMPLE, stamps: [stamp('euw1')] })));
    expect(record).toEqual({
      HostedZoneId: 'Z0123456789',
      Name: 'shop.example.com',
      Type: 'A',
      AliasTarget: { DNSName: 'euw1.shop.example.com', HostedZoneId: 'Z0123456789', EvaluateTargetHealth: true },
    });
  });

  test('has the checks and alarms of any other stamp', () => {
    const template = routed({ policy: RoutingPolicy.SIMPLE, stamps: [stamp('euw1')] });
    template.resourceCountIs('AWS::Route53::HealthCheck', 4);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 3);
  });

  test('fails with two stamps', () => {
    expect(() => routed({ policy: RoutingPolicy.SIMPLE })).toThrow(/ROUTING_SIMPLE/);
  });
});

describe('tenants', () => {
  test('follow the group’s name, and wait for its records to exist', () => {
    const template = routed({ tenantRecordNames: ['acme.example.com'] });
    template.hasResource('AWS::Route53::RecordSet', {
      Properties: {
        Name: 'acme.example.com',
        AliasTarget: { DNSName: 'shop.example.com', HostedZoneId: 'Z0123456789', EvaluateTargetHealth: true },
        SetIdentifier: Match.absent(),
        HealthCheckId: Match.absent(),
      },
      DependsOn: [Match.stringLikeRegexp('RoutingRecordsshopuse1'), Match.stringLikeRegexp('RoutingRecordsshopusw2')],
    });
  });
});

describe('names', () => {
  test.each([
    ['the group’s own name', 'shop.example.com'],
    ['the same name in other letters', 'Shop.Example.Com'],
    ['the same name with a dot', 'shop.example.com.'],
    ['a tenant’s name', 'acme.example.com'],
  ])('fails when a check would probe %s', (_name, recordName) => {
    const stamps = [stamp('use1', { recordName }), stamp('usw2')];
    expect(() => routed({ stamps, tenantRecordNames: ['acme.example.com'] })).toThrow(/ROUTING_GUARDED_NAME/);
  });

  test.each([
    ['a group', { recordName: 'shop.example.org' }],
    ['a tenant', { tenantRecordNames: ['acme.notexample.com'] }],
    ['a stamp', { stamps: [stamp('use1', { recordName: 'use1.example.org' })] }],
  ])('fails with %s outside of the zone', (_name, props) => {
    expect(() => routed(props)).toThrow(/ROUTING_ZONE/);
  });

  test.each([
    ['two tenants of one name', { tenantRecordNames: ['acme.example.com', 'ACME.example.com'] }],
    ['a tenant named like the group', { tenantRecordNames: ['shop.example.com'] }],
    ['two stamps of one name', { stamps: [stamp('use1'), stamp('usw2', { recordName: 'use1.shop.example.com' })] }],
  ])('fails with %s', (_name, props) => {
    expect(() => routed(props)).toThrow(/ROUTING_NAME_CLASH/);
  });

  test('takes names that are known at deployment only', () => {
    const template = routed({ stamps: [stamp('use1', { recordName: Token.asString({ Ref: 'Name' }) })] });
    template.hasResourceProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: { FullyQualifiedDomainName: { Ref: 'Name' } },
    });
  });
});

describe('stamps and switches', () => {
  test.each([
    ['no stamp', { stamps: [] }, /ROUTING_STAMPS/],
    ['a stamp given twice', { stamps: [stamp('use1'), stamp('use1')] }, /ROUTING_STAMP_ID: the stamp shop-use1 is given twice/],
    ['an id that is a token', { stamps: [stamp('use1', { stampId: Token.asString({ Ref: 'Id' }) })] }, /ROUTING_STAMP_ID/],
    ['an id longer than an identifier', { stamps: [stamp('use1', { stampId: 'x'.repeat(129) })] }, /ROUTING_STAMP_ID/],
    ['no switch', { switches: [] }, /ROUTING_SWITCHES/],
    [
      'nothing but joining switches',
      { switches: [{ regionCode: 'use2', region: 'us-east-2', bucketName: 'b', joining: true }] },
      /ROUTING_SWITCHES/,
    ],
  ])('fails with %s', (_name, props, error) => {
    expect(() => routed(props)).toThrow(error);
  });

  test('fails with more records of one name than Route 53 takes', () => {
    const stamps = Array.from({ length: 101 }, (_, index) =>
      stamp('use1', { stampId: `s${index}`, region: `r${index}`, recordName: `s${index}.example.com` }),
    );
    expect(() => routed({ stamps })).toThrow(/ROUTING_STAMPS: 101/);
  });

  test('checks can be had by stamp id', () => {
    synthesize((stack) => {
      const routing = addRouting(stack, {});
      expect(routing.switchChecks('shop-use1')).toHaveLength(2);
      expect(routing.deepCheck('shop-use1')).not.toBe(routing.deepCheck('shop-usw2'));
      expect(() => routing.inServiceCheck('shop-euw1')).toThrow(/ROUTING_UNKNOWN_STAMP: .*shop-euw1.*shop-use1, shop-usw2/);
    });
  });
});

describe('what others feel when a stamp or tenant comes or goes', () => {
  const two = routed({ tenantRecordNames: ['acme.example.com'] });
  const three = routed({
    stamps: [stamp('euw1'), stamp('use1'), stamp('usw2')],
    tenantRecordNames: ['globex.example.com', 'acme.example.com'],
  });

  test.each([
    ['AWS::Route53::HealthCheck', 8],
    ['AWS::Route53::RecordSet', 3],
    ['AWS::CloudWatch::Alarm', 6],
  ])('every %s that stays keeps its logical id and its properties', (type, count) => {
    const [before, after] = [two.findResources(type), three.findResources(type)];
    expect(Object.keys(before)).toHaveLength(count);
    for (const [id, { Properties }] of Object.entries(before)) expect(after[id]?.['Properties']).toEqual(Properties);
  });
});

describe('alarms', () => {
  const topicArn = 'arn:aws:sns:us-east-1:111111111111:alarms';
  const withTopic = (): Template =>
    synthesize((stack) => {
      addRouting(stack, { alarmTopic: Topic.fromTopicArn(stack, 'Topic', topicArn) });
    });

  test.each([
    ['deep check', 'Route 53 finds shop-use1 unhealthy at its health path.', 1],
    ['verdict', 'Route 53 answers without shop-use1: its deep check fails or it is evacuated.', 1],
    ['switches', 'For information: the switch of shop-use1 says evacuated in at least one control Region.', 3],
  ])('watch the %s once a minute, in the lowest state seen', (_name, AlarmDescription, metrics) => {
    const [alarm] = Object.values(routed().findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmDescription } }));
    expect(alarm!['Properties']).toMatchObject({ Threshold: 1, ComparisonOperator: 'LessThanThreshold', EvaluationPeriods: 1 });
    expect(alarm!['Properties'].Metrics).toHaveLength(metrics);
    for (const { MetricStat } of alarm!['Properties'].Metrics.filter((metric: object) => 'MetricStat' in metric)) {
      expect(MetricStat).toMatchObject({
        Stat: 'Minimum',
        Period: 60,
        Metric: { Namespace: 'AWS/Route53', MetricName: 'HealthCheckStatus' },
      });
    }
  });

  test('notify the topic when a deep check fails, a stamp is evacuated, or none is left', () => {
    const template = withTopic();
    const notifying = Object.values(
      template.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmActions: [topicArn] } }),
    );
    expect(
      notifying.map(({ Properties }) => Properties.AlarmDescription as string).filter((text) => text.includes('shop-use1')),
    ).toEqual([expect.stringContaining('unhealthy at its health path'), expect.stringContaining('evacuated in at least one')]);
    template.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmActions: [topicArn], OKActions: [topicArn] });
  });

  test('the group’s alarm goes off when no stamp is in service', () => {
    const [alarm] = Object.values(routed().findResources('AWS::CloudWatch::CompositeAlarm'));
    const rule = JSON.stringify(alarm!['Properties'].AlarmRule);
    expect(rule).toMatch(/ALARM.*Checksshopuse1OutOfService.* AND .*Checksshopusw2OutOfService/);
  });

  test('fail in a Region without the metrics of health checks', () => {
    expect(() => routed({}, 'eu-west-1')).toThrow(/ROUTING_REGION: .*eu-west-1.*us-east-1/);
  });

  test('can be left out, then any Region will do', () => {
    const template = routed({ alarms: false }, 'eu-west-1');
    template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    template.resourceCountIs('AWS::Route53::RecordSet', 2);
  });
});
