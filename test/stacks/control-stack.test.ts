import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { ControlConfig } from '../../lib/config/types';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { ControlStack } from '../../lib/stacks/control-stack';
import { planLock } from '../../lib/topology/addresses';
import { buildFleet } from '../../lib/topology/build-fleet';
import type { ControlMember, Fleet } from '../../lib/topology/types';
import { exampleFleet } from '../support/fleet';
import { synthesizeAppChecked } from '../support/nag';
import { firstLock, fleetConfig } from '../topology/fixtures';

function stackOf(fleet: Fleet, code: string): ControlStack {
  const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
  const member = memberOf(fleet, code);
  return new ControlStack(app, member.stackName, { fleet, member });
}

function memberOf(fleet: Fleet, code: string): ControlMember {
  return [...fleet.control.members, ...fleet.control.joining].find((member) => member.code === code)!;
}

const FLEET = exampleFleet({ joining: ['euw1'] });

describe('a control stack', () => {
  test.each([
    ['use2', 'us-east-2'],
    ['usw2', 'us-west-2'],
    ['euw1', 'eu-west-1'],
  ])('%s has a stable name, its own Region, protection and the fleet’s tags', (code, region) => {
    const stack = stackOf(FLEET, code);
    expect([stack.stackName, stack.region, stack.account, stack.terminationProtection, stack.tags.tagValues()]).toEqual([
      `shop-control-${code}`,
      region,
      '111111111111',
      true,
      { owner: 'platform' },
    ]);
  });

  test.each(['use2', 'usw2', 'euw1'])('%s holds the switches of its Region', (code) => {
    Template.fromStack(stackOf(FLEET, code)).hasResourceProperties('AWS::S3::Bucket', {
      BucketName: `shop-switches-111111111111-${code}`,
    });
  });

  test.each([
    ['use2', 1],
    ['usw2', 0],
    ['euw1', 0],
  ])('%s owns %i control tables', (code, count) => {
    Template.fromStack(stackOf(FLEET, code)).resourceCountIs('AWS::DynamoDB::GlobalTable', count);
  });

  test('the table lies in the control Regions, with the fleet’s witness', () => {
    Template.fromStack(stackOf(FLEET, 'use2')).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      TableName: 'shop-control',
      GlobalTableWitnesses: [{ Region: 'us-east-1' }],
    });
  });

  test('three control Regions need no witness', () => {
    const fleet = exampleFleet({ control: ['use2', 'usw2', 'use1'] });
    const [table] = Object.values(Template.fromStack(stackOf(fleet, 'use2')).findResources('AWS::DynamoDB::GlobalTable'));
    const regions = (table!['Properties'].Replicas as { Region: string }[]).map(({ Region }) => Region);
    expect(regions.sort()).toEqual(['us-east-1', 'us-east-2', 'us-west-2']);
    expect(table!['Properties']).not.toHaveProperty('GlobalTableWitnesses');
  });

  test('owns the table while its own switches are only joining', () => {
    const fleet = exampleFleet({ control: ['usw2', 'euw1'], joining: ['use2'], tableReplicas: ['use2', 'usw2', 'use1'] });
    Template.fromStack(stackOf(fleet, 'use2')).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: Match.arrayWith([Match.objectLike({ Region: 'us-east-2' })]),
    });
  });

  test('fails with two control Regions and no witness', () => {
    expect(() => stackOf(exampleFleet({ control: ['use2', 'usw2'] }), 'use2')).toThrow(/CONTROL_TABLE_REGIONS/);
  });

  test('construct ids are contracts: a changed one replaces the switches or the table', () => {
    const template = Template.fromStack(stackOf(FLEET, 'use2'));
    const ids = Object.keys(template.toJSON()['Resources'] as object).map((id) => id.slice(0, -8));
    expect(ids.sort()).toEqual(['Switches', 'SwitchesAccessLogs', 'SwitchesAccessLogsPolicy', 'SwitchesPolicy', 'Table']);
  });
});

describe('control Regions that change after the first lock', () => {
  const first = fleetConfig({ groups: [] });
  const lock = firstLock(first);
  /** The template of the table's owner, as text, after the control Regions were edited and the fleet was locked again. */
  const ownerTemplate = (control: ControlConfig): string => {
    const config = { ...first, control };
    const { fleet, findings } = buildFleet(config, planLock(config, lock).lock);
    expect(findings).toEqual([]);
    return JSON.stringify(Template.fromStack(stackOf(fleet, 'use2')).toJSON());
  };
  const before = ownerTemplate(first.control);

  test.each<[string, ControlConfig]>([
    ['joins', { regions: ['use2', 'usw2'], witness: 'use1', joining: ['euw1'] }],
    ['is moved from joining into regions', { regions: ['use2', 'usw2', 'euw1'], witness: 'use1', joining: [] }],
    ['is removed again', { regions: ['use2', 'usw2'], witness: 'use1', joining: [] }],
    ['takes the place of another one', { regions: ['euw1', 'use2'], witness: 'use1', joining: [] }],
    ['holds the witness and gets switches', { regions: ['use2', 'usw2', 'use1'], joining: [] }],
    ['owns the table and is set aside', { regions: ['usw2', 'euw1'], joining: ['use2'] }],
  ])('a Region that %s leaves the stack of the table byte-identical', (_what, control) => {
    expect(before).toContain('"AWS::DynamoDB::GlobalTable"');
    expect(ownerTemplate(control)).toBe(before);
  });

  test('the first lock alone decides: other control Regions then make another table', () => {
    const config = { ...first, control: { regions: ['use2', 'use1'], witness: 'usw2', joining: [] } };
    const { fleet } = buildFleet(config, firstLock(config));
    expect(JSON.stringify(Template.fromStack(stackOf(fleet, 'use2')).toJSON())).not.toBe(before);
  });
});

test('all control stacks pass the synth checks and share nothing by reference', { timeout: 120_000 }, () => {
  const { templates, violations } = synthesizeAppChecked((app) => {
    for (const { code } of [...FLEET.control.members, ...FLEET.control.joining]) {
      const member = memberOf(FLEET, code);
      new ControlStack(app, member.stackName, { fleet: FLEET, member });
    }
  });
  expect(violations).toEqual([]);
  expect(Object.keys(templates).sort()).toEqual(['shop-control-euw1', 'shop-control-use2', 'shop-control-usw2']);
  for (const template of Object.values(templates)) {
    expect(JSON.stringify(template.toJSON())).not.toMatch(
      /Fn::ImportValue|Fn::GetStackOutput|"Export"|Custom::CrossRegion|AWS::Lambda/,
    );
  }
});
