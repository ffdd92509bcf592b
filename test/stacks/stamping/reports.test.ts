import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, Validations } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import { APP_CONTEXT } from '../../../lib/stacks/app-context';
import { addFleetStacks, createApp } from '../../../lib/stacks/fleet-app';
import { concerns, stampedStacksOf } from '../../../lib/stacks/stamping/concerned-stacks';
import { ValueChecks } from '../../../lib/stacks/stamping/value-checks';
import type { Fleet, StampSpec } from '../../../lib/topology/types';
import { builtFleet, fleetConfig, plainGroup, single } from '../../topology/fixtures';

/** Five stamps of one shape. */
const NAMES = ['a', 'b', 'c', 'd', 'e'];
const five = (): Fleet =>
  builtFleet(fleetConfig({ groups: NAMES.map((name) => plainGroup(name, { placement: single('use1') })) }));
const ALL_FIVE = 'Concerns 5 stacks: shop-a-use1, shop-b-use1, shop-c-use1 and 2 more.';

interface Violation {
  readonly ruleName: string;
  readonly description: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

/** Findings by plugin, and whether synth failed. */
function report(
  fleet: Fleet,
  change: (app: App) => void = () => undefined,
  createWith: (outdir: string) => App = (outdir) => createApp({ outdir }),
): { failed: boolean; violations: Violation[] } {
  const outdir = mkdtempSync(join(tmpdir(), 'stampkit-report-'));
  const app = createWith(outdir);
  addFleetStacks(app, fleet);
  change(app);
  let failed = false;
  try {
    app.synth();
  } catch {
    failed = true;
  }
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    pluginReports: { violations: Violation[] }[];
  };
  return { failed, violations: pluginReports.flatMap(({ violations }) => violations) };
}

const reportOfValues = (fleet: Fleet) => report(fleet, undefined, appOfValueChecks);
const shapeStack = (app: App) => stampedStacksOf(app).find(({ stackName }) => stackName === 'shop-a-use1')!.shape.stack;

describe('one report per shape', { timeout: 120_000 }, () => {
  test('a fleet without findings passes, and every shape is looked at', () => {
    expect(report(five())).toEqual({ failed: false, violations: [] });
  });

  test('fails once for what a rule pack finds in five stamps, and names three of them', () => {
    const { failed, violations } = report(five(), (app) => new logs.LogGroup(shapeStack(app), 'Clear'));
    expect(failed).toBe(true);
    const found = violations.filter(({ ruleName }) => ruleName.endsWith('CloudWatchLogGroupEncrypted'));
    expect(found.map(({ violatingConstructs }) => violatingConstructs.length)).toEqual([1]);
    expect(found[0]!.description).toContain(ALL_FIVE);
    expect(found[0]!.violatingConstructs[0]!.constructPath).toBe('Shapes/shop-a-use1/Clear/Resource');
  });

  test('fails once for what the CloudFormation validation finds, in the same words', () => {
    const { failed, violations } = report(five(), badQueue);
    expect(failed).toBe(true);
    expect(violations).toHaveLength(1);
    expect(violations[0]!.description).toContain(ALL_FIVE);
    expect(violations[0]!.violatingConstructs[0]!.constructPath).toBe('Shapes/shop-a-use1/Bad');
  });

  test('an acknowledgement on the constructs of the shape holds for all its stamps', () => {
    const { violations } = report(five(), badQueue);
    const acknowledged = report(five(), (app) => {
      Validations.of(badQueue(app)).acknowledge({
        id: `CloudFormation-Validate::${violations[0]!.ruleName}`,
        reason: 'a test of acknowledgements',
      });
    });
    expect(acknowledged).toEqual({ failed: false, violations: [] });
  });
});

describe('values are checked stamp by stamp', { timeout: 120_000 }, () => {
  test.each<[what: string, change: (stamp: StampSpec) => Partial<StampSpec['values']>, rule: string, text: string]>([
    ['a CIDR that no VPC can have', () => ({ vpcCidr: '10.0.0.0/8' }), 'vpcCidr', 'IPv4 CIDR from /16 to /28'],
    ['a CIDR with host bits', () => ({ vpcCidr: '10.0.0.1/20' }), 'vpcCidr', 'IPv4 CIDR'],
    [
      'a name that is too long',
      ({ values }) => ({ names: { ...values.names, healthFunction: 'f'.repeat(65) } }),
      'names.healthFunction',
      '64 are allowed',
    ],
    [
      'a name with a space',
      ({ values }) => ({ names: { ...values.names, cluster: 'my cluster' } }),
      'names.cluster',
      'must match',
    ],
    [
      'an alias that is none',
      ({ values }) => ({ names: { ...values.names, keyAlias: 'alias/a b' } }),
      'names.keyAlias',
      'must match',
    ],
    ['half a task', ({ values }) => ({ capacity: { ...values.capacity, minTasks: 1.5 } }), 'capacity.minTasks', 'whole number'],
    ['a hosted zone by its path', () => ({ hostedZoneId: '/hostedzone/Z1' }), 'hostedZoneId', 'id of a hosted zone'],
    ['a quote', () => ({ image: 'registry/"web"' }), 'image', 'quotes'],
    ['nothing', () => ({ image: '' }), 'image', 'empty'],
  ])('fails for %s, and says where', (_what, change, rule, text) => {
    const { failed, violations } = reportOfValues(withValues(five(), 'b', change));
    expect(failed).toBe(true);
    const found = violations.filter(({ ruleName }) => ruleName === rule);
    expect(found).toHaveLength(1);
    expect(found[0]!.description).toContain(text);
    expect(found[0]!.description).toContain('Concerns 1 stack: shop-b-use1.');
  });

  test('does not look at names of what a stamp has not', () => {
    const fleet = withValues(five(), 'b', ({ values }) => ({ names: { ...values.names, backupVault: 'v'.repeat(51) } }));
    expect(reportOfValues(fleet)).toEqual({ failed: false, violations: [] });
  });
});

test.each([
  [[], ''],
  [['a'], 'Concerns 1 stack: a.'],
  [['a', 'b', 'c'], 'Concerns 3 stacks: a, b, c.'],
  [['a', 'b', 'c', 'd'], 'Concerns 4 stacks: a, b, c and 1 more.'],
])('%j', (stacks, text) => {
  expect(concerns(stacks)).toBe(text);
});

/** A property that CloudFormation does not know. */
function badQueue(app: App): CfnResource {
  return new CfnResource(shapeStack(app), 'Bad', {
    type: 'AWS::SNS::Subscription',
    properties: { Protocol: 'sqs', TopicArn: 'arn:aws:sns:us-east-1:111111111111:topic', Nonsense: 1 },
  });
}

/** With the values' own checks alone: the others take most of the time. */
function appOfValueChecks(outdir: string): App {
  const app = new App({ outdir, context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
  Validations.of(app).addPlugins(new ValueChecks());
  return app;
}

function withValues(fleet: Fleet, name: string, change: (stamp: StampSpec) => Partial<StampSpec['values']>): Fleet {
  return {
    ...fleet,
    groups: fleet.groups.map((group) =>
      group.name !== name
        ? group
        : { ...group, stamps: group.stamps.map((stamp) => ({ ...stamp, values: { ...stamp.values, ...change(stamp) } })) },
    ),
  };
}
