import { describe, expect, test } from 'vitest';
import { type RoutingTemplate, switchChanges } from '../../../lib/cli/deploy/switch-guard';

const check = (Type: string, children: readonly string[] = []): NonNullable<RoutingTemplate['Resources']>[string] => ({
  Type: 'AWS::Route53::HealthCheck',
  Properties: {
    HealthCheckConfig: {
      Type,
      ...(children.length > 0 && { ChildHealthChecks: children.map((id) => ({ 'Fn::GetAtt': [id, 'HealthCheckId'] })) }),
    },
  },
});
const routing = (checks: readonly string[], counted: readonly string[], verdict = 'InService'): RoutingTemplate => ({
  Resources: {
    ...Object.fromEntries(checks.map((id) => [id, check('HTTPS_STR_MATCH')])),
    [verdict]: check('CALCULATED', counted),
  },
});
const deployed = routing(['Deep', 'SwitchA'], ['Deep', 'SwitchA']);

describe('what a deployment adds to verdicts in use', () => {
  test('nothing, when nothing changes', () => {
    expect(switchChanges(deployed, deployed)).toEqual({ unseen: [], attached: [] });
  });

  test('nothing, while a control Region is joining: its check is made and not counted', () => {
    expect(switchChanges(deployed, routing(['Deep', 'SwitchA', 'SwitchB'], ['Deep', 'SwitchA']))).toEqual({
      unseen: [],
      attached: [],
    });
  });

  test('a check that was joining has to be healthy before it is attached', () => {
    const joined = routing(['Deep', 'SwitchA', 'SwitchB'], ['Deep', 'SwitchA']);
    const next = routing(['Deep', 'SwitchA', 'SwitchB'], ['Deep', 'SwitchA', 'SwitchB']);
    expect(switchChanges(joined, next)).toEqual({ unseen: [], attached: ['SwitchB'] });
  });

  test('fails: a check that is made and counted at once', () => {
    const next = routing(['Deep', 'SwitchA', 'SwitchB'], ['Deep', 'SwitchA', 'SwitchB']);
    expect(switchChanges(deployed, next)).toEqual({ unseen: ['SwitchB'], attached: [] });
  });

  test('nothing, for the verdict of a new stamp', () => {
    const next: RoutingTemplate = {
      Resources: { ...deployed.Resources, ...routing(['NewDeep'], ['NewDeep'], 'NewInService').Resources },
    };
    expect(switchChanges(deployed, next)).toEqual({ unseen: [], attached: [] });
  });
});
