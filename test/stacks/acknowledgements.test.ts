import { App, Stack, Validations } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { acknowledgedFindings } from '../../lib/stacks/acknowledgements';
import { ControlStack } from '../../lib/stacks/control-stack';
import { RoutingStack } from '../../lib/stacks/routing-stack';
import { exampleFleet } from '../support/fleet';

describe('acknowledgedFindings', () => {
  test('names finding, stack, resource and reason, in a stable order', () => {
    const app = new App();
    const second = new Stack(app, 'Second', { stackName: 'shop-second' });
    const first = new Stack(app, 'First', { stackName: 'shop-first' });
    Validations.of(second).acknowledge({ id: 'AwsSolutions-S1', reason: 'the whole stack' });
    Validations.of(first).acknowledge(
      { id: 'CloudFormation-Validate::W3010', reason: 'b' },
      { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'a' },
    );
    const child = new Stack(first, 'Child', { stackName: 'shop-child' });
    Validations.of(child).acknowledge({ id: 'AwsSolutions-S2', reason: 'another stack below it' });
    expect(acknowledgedFindings(app)).toEqual([
      { finding: 'AwsSolutions-S2', stack: 'shop-child', resource: '', reason: 'another stack below it' },
      { finding: 'AwsSolutions-IAM5[Resource::*]', stack: 'shop-first', resource: '', reason: 'a' },
      { finding: 'CloudFormation-Validate::W3010', stack: 'shop-first', resource: '', reason: 'b' },
      { finding: 'AwsSolutions-S1', stack: 'shop-second', resource: '', reason: 'the whole stack' },
    ]);
  });

  test('is empty when nothing was acknowledged', () => {
    expect(acknowledgedFindings(new App())).toEqual([]);
  });

  test('every acknowledgement of routing and control sits on one resource and gives a reason', () => {
    const app = new App();
    const fleet = exampleFleet();
    for (const member of fleet.control.members) new ControlStack(app, member.stackName, { fleet, member });
    for (const group of fleet.groups) new RoutingStack(app, group.names.routingStack, { fleet, group });
    const findings = acknowledgedFindings(app);
    expect(findings.length).toBeGreaterThan(0);
    for (const { finding, stack, resource, reason } of findings) {
      expect(finding).toMatch(/^(AwsSolutions|NIST\.800\.53\.R5)-/);
      expect(stack).toMatch(/^shop-/);
      expect(resource).not.toBe('');
      expect(reason.length).toBeGreaterThan(40);
    }
  });
});
