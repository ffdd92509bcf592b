import { App, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { RoutingStack } from '../../lib/stacks/routing-stack';
import {
  ENTERPRISE,
  exampleFleet,
  groupOf,
  INTERNAL,
  POOL,
  POOL_BY_AREA,
  POOL_WEIGHTED,
  type ExampleFleet,
  type ExampleGroup,
} from '../support/fleet';
import { synthesizeAppChecked } from '../support/nag';

function stackOf(group: ExampleGroup, fleet: ExampleFleet = {}): RoutingStack {
  const whole = exampleFleet({ ...fleet, groups: [group] });
  const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
  return new RoutingStack(app, `shop-${group.name}-routing`, { fleet: whole, group: groupOf(whole, group.name) });
}

function templateOf(group: ExampleGroup, fleet: ExampleFleet = {}): Template {
  return Template.fromStack(stackOf(group, fleet));
}

type Resources = Record<string, { Type: string; Properties: Record<string, any> }>;

function resourcesOf(template: Template): Resources {
  return template.toJSON()['Resources'] as Resources;
}

function changedProperties(before: Resources, after: Resources): string[] {
  return Object.entries(after).flatMap(([id, { Properties }]) =>
    Object.keys({ ...Properties, ...before[id]?.Properties })
      .filter((key) => JSON.stringify(Properties[key]) !== JSON.stringify(before[id]?.Properties[key]))
      .map((key) => `${id.replace(/[0-9A-F]{8}$/, '')}.${key}`),
  );
}

const SWAPPED: ExampleGroup = { ...ENTERPRISE, regionCodes: ['usw2', 'use1'] };

describe('the stack', () => {
  const properties = (stack: Stack): object => ({
    name: stack.stackName,
    region: stack.region,
    account: stack.account,
    protection: stack.terminationProtection,
    tags: stack.tags.tagValues(),
  });

  test('has a stable name, the routing Region, protection and tags', () => {
    expect(properties(stackOf(ENTERPRISE))).toEqual({
      name: 'shop-enterprise-routing',
      region: 'us-east-1',
      account: '111111111111',
      protection: true,
      tags: { owner: 'platform', group: 'enterprise' },
    });
  });

  test('gives up its protection only when the group says so', () => {
    const guards = { deletionProtection: { enabled: true }, terminationProtection: { enabled: false, reason: 'a drill' } };
    expect(properties(stackOf({ ...ENTERPRISE, guards }))).toMatchObject({ protection: false });
  });

  test('passes the synth checks in every mode', { timeout: 120_000 }, () => {
    const { violations } = synthesizeAppChecked((app) => {
      for (const [index, group] of [ENTERPRISE, POOL, POOL_WEIGHTED, POOL_BY_AREA, INTERNAL].entries()) {
        const fleet = exampleFleet({ groups: [{ ...group, name: `${group.name}${index}` }] });
        new RoutingStack(app, `Routing${index}`, { fleet, group: fleet.groups[0]! });
      }
    });
    expect(violations).toEqual([]);
  });

  test.each([ENTERPRISE, POOL, INTERNAL])('shares nothing by reference: $name', (group) => {
    expect(JSON.stringify(templateOf(group).toJSON())).not.toMatch(
      /Fn::ImportValue|Fn::GetStackOutput|"Export"|Custom::CrossRegion|AWS::CloudFormation::CustomResource|AWS::Lambda/,
    );
  });

  test('a topic is notified when one is given', () => {
    const fleet = exampleFleet();
    const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
    const alarmTopicArn = 'arn:aws:sns:us-east-1:111111111111:alarms';
    const stack = new RoutingStack(app, 'Routing', { fleet, group: groupOf(fleet, 'enterprise'), alarmTopicArn });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmActions: [alarmTopicArn] });
  });

  test('without a topic of somebody else, the fleet’s addresses are told through an own, encrypted one', () => {
    const fleet = { ...exampleFleet({ groups: [ENTERPRISE] }), alarmSubscriptions: ['mailto:oncall@example.com'] };
    const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
    const template = Template.fromStack(new RoutingStack(app, 'Routing', { fleet, group: groupOf(fleet, 'enterprise') }));
    template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: 'oncall@example.com' });
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^AlarmTopic') }],
    });
  });
});

describe('records by mode', () => {
  const recordsOf = (group: ExampleGroup): [string, any, string][] =>
    Object.values(
      templateOf(group).findResources('AWS::Route53::RecordSet', { Properties: { Name: `${group.name}.shop.example.com` } }),
    ).map(({ Properties: { SetIdentifier, Failover, Region, Weight, GeoLocation, AliasTarget } }) => [
      SetIdentifier,
      Failover ?? Region ?? Weight ?? GeoLocation,
      AliasTarget.DNSName,
    ]);

  test.each<[string, ExampleGroup, [string | undefined, unknown, string][]]>([
    [
      'active-passive',
      ENTERPRISE,
      [
        ['primary', 'PRIMARY', 'use1.enterprise.shop.example.com'],
        ['secondary', 'SECONDARY', 'usw2.enterprise.shop.example.com'],
      ],
    ],
    [
      'active-active by latency',
      POOL,
      [
        ['pool-euw1', 'eu-west-1', 'euw1.pool.shop.example.com'],
        ['pool-use1', 'us-east-1', 'use1.pool.shop.example.com'],
        ['pool-usw2', 'us-west-2', 'usw2.pool.shop.example.com'],
      ],
    ],
    [
      'active-active by weight',
      POOL_WEIGHTED,
      [
        ['pool-euw1', 0, 'euw1.pool.shop.example.com'],
        ['pool-use1', 100, 'use1.pool.shop.example.com'],
        ['pool-usw2', 50, 'usw2.pool.shop.example.com'],
      ],
    ],
    [
      'active-active by area',
      POOL_BY_AREA,
      [
        ['continent:EU', { ContinentCode: 'EU' }, 'euw1.pool.shop.example.com'],
        ['country:GB', { CountryCode: 'GB' }, 'euw1.pool.shop.example.com'],
        ['default', { CountryCode: '*' }, 'use1.pool.shop.example.com'],
        ['country:US/state:CA', { CountryCode: 'US', SubdivisionCode: 'CA' }, 'usw2.pool.shop.example.com'],
      ],
    ],
    ['single', INTERNAL, [[undefined, undefined, 'euw1.internal.shop.example.com']]],
  ])('%s', (_name, group, records) => {
    expect(recordsOf(group)).toEqual(records);
  });

  test('every tenant has a name of its own', () => {
    const names = Object.values(templateOf(ENTERPRISE).findResources('AWS::Route53::RecordSet')).map(
      ({ Properties }) => Properties.Name,
    );
    expect(names).toEqual(expect.arrayContaining(['acme.shop.example.com', 'globex.shop.example.com']));
  });
});

test('manual traffic leaves the deep checks out of the verdicts', () => {
  const thresholds = Object.values(
    templateOf({ ...ENTERPRISE, traffic: 'manual' }).findResources('AWS::Route53::HealthCheck', {
      Properties: { HealthCheckConfig: { Type: 'CALCULATED' } },
    }),
  ).map(({ Properties }) => Properties.HealthCheckConfig.HealthThreshold as number);
  expect(thresholds).toEqual([2, 2]);
});

test('a joining control Region gets checks and no say', () => {
  const before = resourcesOf(templateOf(ENTERPRISE));
  const joining = resourcesOf(templateOf(ENTERPRISE, { joining: ['euw1'] }));
  expect(Object.keys(joining).filter((id) => !(id in before))).toHaveLength(2);
  for (const [id, resource] of Object.entries(before)) expect(joining[id]).toEqual(resource);
});

describe('a settle swap of primary and standby', () => {
  let before: Resources;
  let after: Resources;

  beforeAll(() => {
    before = resourcesOf(templateOf(ENTERPRISE));
    after = resourcesOf(templateOf(SWAPPED));
  });

  test('changes alias target and check of the two records, and nothing else', () => {
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    expect(changedProperties(before, after).sort()).toEqual([
      'RoutingRecordsprimary.AliasTarget',
      'RoutingRecordsprimary.HealthCheckId',
      'RoutingRecordssecondary.AliasTarget',
      'RoutingRecordssecondary.HealthCheckId',
    ]);
  });

  test.each([
    ['primary first', ['primary', 'secondary']],
    ['secondary first', ['secondary', 'primary']],
  ])('is legal at every moment, %s', (_name, order) => {
    const isGroupRecord = ({ Type, Properties }: Resources[string]): boolean =>
      Type === 'AWS::Route53::RecordSet' && 'Failover' in Properties;
    const updates = Object.entries(after)
      .filter(([, resource]) => isGroupRecord(resource))
      .sort(([, a], [, b]) => order.indexOf(a.Properties['SetIdentifier']) - order.indexOf(b.Properties['SetIdentifier']));
    expect(updates).toHaveLength(2);

    const zone = new Map(Object.entries(before).filter(([, resource]) => isGroupRecord(resource)));
    expectLegal(zone);
    for (const [id, resource] of updates) {
      // Same name, type and identifier: an update in place, never a second record beside the first.
      for (const key of ['Name', 'Type', 'SetIdentifier', 'Failover', 'HostedZoneId']) {
        expect(resource.Properties[key]).toEqual(zone.get(id)!.Properties[key]);
      }
      zone.set(id, resource);
      expectLegal(zone);
    }
  });

  function expectLegal(zone: Map<string, Resources[string]>): void {
    const records = [...zone.values()].map(({ Properties }) => Properties);
    expect(records.map((record) => record['Failover'] as string).sort()).toEqual(['PRIMARY', 'SECONDARY']);
    for (const record of records) {
      expect(['use1.enterprise.shop.example.com', 'usw2.enterprise.shop.example.com']).toContain(record['AliasTarget'].DNSName);
      const code = (record['AliasTarget'].DNSName as string).split('.')[0]!;
      const check = before[record['HealthCheckId']['Fn::GetAtt'][0] as string]!;
      // Target and check move together, so a record never answers with a stamp that another stamp’s health decides about.
      expect(check.Properties['HealthCheckTags'][0].Value).toBe(`enterprise-${code} in service`);
    }
  }
});

describe('what others feel', () => {
  test.each([
    ['a stamp joins', POOL, { ...POOL, regionCodes: [...POOL.regionCodes, 'apn1'] }],
    [
      'a stamp joins weighted routing',
      POOL_WEIGHTED,
      {
        ...POOL_WEIGHTED,
        regionCodes: [...POOL.regionCodes, 'apn1'],
        routing: { policy: 'weighted', weights: { use1: 100, usw2: 50, euw1: 0, apn1: 10 } },
      },
    ],
    ['a tenant joins', ENTERPRISE, { ...ENTERPRISE, tenants: ['aardvark', 'acme', 'globex', 'zeta'] }],
  ] satisfies [string, ExampleGroup, ExampleGroup][])(
    'when %s: no check, record or alarm of the others changes',
    (_name, smaller, larger) => {
      const [few, many] = [resourcesOf(templateOf(smaller)), resourcesOf(templateOf(larger))];
      const kept = Object.entries(few).filter(([, { Type }]) => Type !== 'AWS::CloudWatch::CompositeAlarm');
      for (const [id, { Type, Properties }] of kept)
        expect([id, many[id]]).toEqual([id, expect.objectContaining({ Type, Properties })]);
      expect(Object.keys(many).length).toBeGreaterThan(Object.keys(few).length);
    },
  );
});

test('construct ids are contracts: a changed one replaces a check', () => {
  const ids = Object.keys(resourcesOf(templateOf(ENTERPRISE))).map((id) => id.slice(0, -8));
  expect(
    ids.filter((id) => id.includes('use1') || id.includes('Records') || id.includes('Tenants') || id.includes('NoStamp')),
  ).toEqual([
    'RoutingChecksenterpriseuse1Deep',
    'RoutingChecksenterpriseuse1Switchuse2',
    'RoutingChecksenterpriseuse1Switchusw2',
    'RoutingChecksenterpriseuse1InService',
    'RoutingChecksenterpriseuse1DeepFailing',
    'RoutingChecksenterpriseuse1Evacuated',
    'RoutingChecksenterpriseuse1OutOfService',
    'RoutingRecordsprimary',
    'RoutingRecordssecondary',
    'RoutingTenantsacmeshopexamplecom',
    'RoutingTenantsglobexshopexamplecom',
    'RoutingNoStampInService',
  ]);
});
