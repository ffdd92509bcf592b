import type { Template } from 'aws-cdk-lib/assertions';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { beforeAll, describe, expect, test } from 'vitest';
import { RoutingPolicy, type SwitchLocation } from '../../lib/constructs/routed-stamp';
import { StampRouting } from '../../lib/constructs/stamp-routing';
import { evacuatedToken, inServiceToken } from '../../lib/topology/names';
import { calculatedIsHealthy, checkIsHealthy, type Observation } from '../support/route53-checks';
import { synthesize } from '../support/synth';

const SWITCHES: SwitchLocation[] = [
  { regionCode: 'use2', region: 'us-east-2', bucketName: 'shop-switches-111111111111-use2' },
  { regionCode: 'usw2', region: 'us-west-2', bucketName: 'shop-switches-111111111111-usw2' },
];

function routed(switches: SwitchLocation[], automaticTraffic = true): Template {
  return synthesize((stack) => {
    new StampRouting(stack, 'Routing', {
      hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
        hostedZoneId: 'Z0123456789',
        zoneName: 'shop.example.com',
      }),
      recordName: 'pool.shop.example.com',
      policy: RoutingPolicy.LATENCY,
      stamps: ['use1', 'use10'].map((code, index) => ({
        stampId: `pool-${code}`,
        region: index === 0 ? 'us-east-1' : 'us-west-2',
        recordName: `${code}.pool.shop.example.com`,
      })),
      switches,
      automaticTraffic,
    });
  });
}

interface Check {
  readonly logicalId: string;
  readonly config: Record<string, any>;
}

/** Health checks of a template by their Name tag. */
function checksOf(template: Template): Record<string, Check> {
  return Object.fromEntries(
    Object.entries(template.findResources('AWS::Route53::HealthCheck')).map(([logicalId, { Properties }]) => [
      (Properties.HealthCheckTags as { Key: string; Value: string }[]).find(({ Key }) => Key === 'Name')!.Value,
      { logicalId, config: Properties.HealthCheckConfig as Record<string, any> },
    ]),
  );
}

function childrenOf(check: Check): string[] {
  return (check.config['ChildHealthChecks'] as { 'Fn::GetAtt': [string, string] }[]).map((child) => child['Fn::GetAtt'][0]);
}

/** The switch object as operations write it. */
function switchObject(token: string, reason = 'drill'): string {
  return `{${token},"fence":7,"operator":"ada","reason":${JSON.stringify(reason)},"at":"2026-11-21T08:00:00Z"}`;
}

describe('the checks of a stamp', () => {
  let checks: Record<string, Check>;

  beforeAll(() => {
    checks = checksOf(routed(SWITCHES));
  });

  test('the deep check probes the stamp’s own name every 10 s and turns after 3', () => {
    expect(checks['pool-use1 deep']!.config).toEqual({
      Type: 'HTTPS',
      FullyQualifiedDomainName: 'use1.pool.shop.example.com',
      Port: 443,
      ResourcePath: '/.stamp/health',
      RequestInterval: 10,
      FailureThreshold: 3,
      MeasureLatency: false,
      EnableSNI: true,
    });
  });

  test.each(SWITCHES)('the switch of $regionCode is read from its own bucket, inverted', ({ regionCode, region, bucketName }) => {
    expect(checks[`pool-use1 switch ${regionCode}`]!.config).toEqual({
      Type: 'HTTPS_STR_MATCH',
      FullyQualifiedDomainName: `${bucketName}.s3.${region}.amazonaws.com`,
      Port: 443,
      ResourcePath: '/switches/pool-use1',
      SearchString: evacuatedToken('pool-use1'),
      Inverted: true,
      RequestInterval: 10,
      FailureThreshold: 3,
      MeasureLatency: false,
      EnableSNI: true,
    });
  });

  test('the verdict needs every child, and no child is calculated', () => {
    const verdict = checks['pool-use1 in service']!;
    expect(verdict.config).toMatchObject({ Type: 'CALCULATED', HealthThreshold: 3 });
    expect(childrenOf(verdict)).toEqual(
      ['deep', 'switch use2', 'switch usw2'].map((kind) => checks[`pool-use1 ${kind}`]!.logicalId),
    );
    const calculated = Object.values(checks).filter(({ config }) => config['Type'] === 'CALCULATED');
    const calculatedIds = calculated.map(({ logicalId }) => logicalId);
    expect(calculated.flatMap(childrenOf).filter((child) => calculatedIds.includes(child))).toEqual([]);
  });

  test('no check chooses its checker Regions: at least 3 of them is Route 53’s default', () => {
    expect(Object.values(checks).filter(({ config }) => 'Regions' in config)).toEqual([]);
  });

  describe('only the evacuated token takes a stamp out', () => {
    const harmless: [string, Observation][] = [
      ['200 with the in-service token', { status: 200, body: switchObject(inServiceToken('pool-use1')) }],
      ['200 with neither', { status: 200, body: '<html>hello</html>' }],
      ['200 with nothing', { status: 200, body: '' }],
      [
        '200 with the evacuated token of a stamp whose id goes on',
        { status: 200, body: switchObject(evacuatedToken('pool-use10')) },
      ],
      ['200 with the evacuated token of another stamp', { status: 200, body: switchObject(evacuatedToken('pool-usw2')) }],
      [
        '200 in service, with a reason that quotes the evacuated token',
        { status: 200, body: switchObject(inServiceToken('pool-use1'), `undo of ${evacuatedToken('pool-use1')}`) },
      ],
      [
        '200 with the evacuated token beyond the first 5,120 bytes',
        { status: 200, body: ' '.repeat(5100) + switchObject(evacuatedToken('pool-use1')) },
      ],
      ['202', { status: 202, body: '' }],
      ['302 to somewhere else', { status: 302, body: '<a href="/switches/pool-use1">moved</a>' }],
      ['400', { status: 400, body: switchObject(evacuatedToken('pool-use1')) }],
      ['403, no object or no permission', { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }],
      ['404', { status: 404, body: '<Error><Code>NoSuchKey</Code></Error>' }],
      ['500', { status: 500, body: '' }],
      ['503 slow down', { status: 503, body: '<Error><Code>SlowDown</Code></Error>' }],
      ['silence', 'silence'],
    ];

    test.each(harmless)('%s keeps it in service', (_name, observation) => {
      expect(verdictOn('pool-use1', { use2: observation, usw2: observation })).toBe(true);
    });

    const evacuated: Observation = { status: 200, body: switchObject(evacuatedToken('pool-use1'), 'x'.repeat(9000)) };

    test('200 with the evacuated token takes it out, however long the reason is', () => {
      expect(verdictOn('pool-use1', { use2: evacuated, usw2: evacuated })).toBe(false);
    });

    test.each(harmless)('one control Region is enough to hold an evacuation while the other answers %s', (_name, observation) => {
      expect(verdictOn('pool-use1', { use2: observation, usw2: evacuated })).toBe(false);
    });

    test('a failing deep check takes it out without any switch', () => {
      expect(verdictOn('pool-use1', { use2: 'silence', usw2: 'silence' }, 'silence')).toBe(false);
    });

    test('a check that has no data yet is unhealthy: why a new control Region joins first', () => {
      expect(verdictOn('pool-use1', { use2: 'no data yet', usw2: 'silence' })).toBe(false);
    });
  });

  function verdictOn(
    stampId: string,
    switches: Record<string, Observation>,
    deep: Observation = { status: 200, body: 'pass' },
  ): boolean {
    const byLogicalId = new Map([
      [checks[`${stampId} deep`]!.logicalId, checkIsHealthy(checks[`${stampId} deep`]!.config, deep)],
      ...Object.entries(switches).map(([code, observation]): [string, boolean] => {
        const check = checks[`${stampId} switch ${code}`]!;
        return [check.logicalId, checkIsHealthy(check.config, observation)];
      }),
    ]);
    const verdict = checks[`${stampId} in service`]!;
    return calculatedIsHealthy(
      verdict.config,
      childrenOf(verdict).map((child) => byLogicalId.get(child)!),
    );
  }
});

test('manual traffic leaves the deep check out of the verdict, and keeps it for the alarm', () => {
  const template = routed(SWITCHES, false);
  const checks = checksOf(template);
  expect(checks['pool-use1 in service']!.config['HealthThreshold']).toBe(2);
  expect(childrenOf(checks['pool-use1 in service']!)).not.toContain(checks['pool-use1 deep']!.logicalId);
  expect(JSON.stringify(template.findResources('AWS::CloudWatch::Alarm'))).toContain(checks['pool-use1 deep']!.logicalId);
});

describe('a control Region that joins', () => {
  const third: SwitchLocation = { regionCode: 'use1', region: 'us-east-1', bucketName: 'shop-switches-111111111111-use1' };
  let before: Template;
  let joining: Template;
  let joined: Template;

  beforeAll(() => {
    before = routed(SWITCHES);
    joining = routed([...SWITCHES, { ...third, joining: true }]);
    joined = routed([...SWITCHES, third]);
  });

  test('first gets checks that no verdict and no alarm listens to', () => {
    const resources = (template: Template): Record<string, unknown> => template.toJSON()['Resources'] as Record<string, unknown>;
    const added = Object.keys(resources(joining)).filter((id) => !(id in resources(before)));
    expect(added).toHaveLength(2);
    const kept = Object.entries(resources(joining)).filter(([id]) => !added.includes(id));
    expect(Object.fromEntries(kept)).toEqual(resources(before));
  });

  test('then counts, without one check being replaced', () => {
    const [first, second] = [checksOf(joining), checksOf(joined)];
    expect(Object.keys(second)).toEqual(Object.keys(first));
    for (const [name, { logicalId, config }] of Object.entries(second)) {
      expect(logicalId).toBe(first[name]!.logicalId);
      if (config['Type'] !== 'CALCULATED') expect(config).toEqual(first[name]!.config);
    }
    expect(second['pool-use1 in service']!.config['HealthThreshold']).toBe(4);
  });
});

test('fails with more children than a calculated check takes', () => {
  const many = Array.from({ length: 255 }, (_, index) => ({
    regionCode: `r${index}`,
    region: 'us-east-2',
    bucketName: `b${index}`,
  }));
  expect(() => routed(many)).toThrow(/CALCULATED_CHECK_CHILDREN: .*256 checks/);
});

test('fails with a path that a check would not take', () => {
  expect(() => routed([{ regionCode: 'use2', region: 'us-east-2', bucketName: 'b'.repeat(250) }])).toThrow(/HEALTH_CHECK_LENGTH/);
});
