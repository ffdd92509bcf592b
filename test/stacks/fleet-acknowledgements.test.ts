import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { type AcknowledgedFinding, acknowledgedFindings } from '../../lib/stacks/acknowledgements';
import { addFleetStacks } from '../../lib/stacks/fleet-app';
import { exampleFleet, variantFleet } from '../support/loaded-fleets';
import { once } from '../support/once';

describe.each([
  ['example', once(() => findingsOf(exampleFleet))],
  ['variant', once(() => findingsOf(variantFleet))],
] as const)('acknowledgements of the %s fleet', (_name, findings) => {
  test('name one rule of one pack, with the detail that rules with many findings need', () => {
    const packs = /^(AwsSolutions-[A-Z0-9]+|NIST\.800\.53\.R5-\w+|CloudFormation-Validate::[A-Z]\d{4}|@aws-cdk\/[\w-]+:\w+)/;
    const rule = new RegExp(`${packs.source}(\\[(Resource|Policy|Action|LogExport)::.+\\])?$`);
    expect(findings().filter(({ finding }) => !rule.test(finding))).toEqual([]);
    // Without the detail all wildcards of a policy would pass at once, those of tomorrow included.
    expect(findings().filter(({ finding }) => /^AwsSolutions-IAM[45]$/.test(finding))).toEqual([]);
  });

  test('sit on a resource, never on a whole stack or stamp', () => {
    const wide = findings().filter(({ resource }) => resource === '' || resource === 'Stamp');
    expect(wide).toEqual([]);
  });

  test('say why, in a sentence that will still be true tomorrow', () => {
    expect(findings().filter(({ reason }) => reason.length < 30)).toEqual([]);
    for (const { reason } of findings()) expect(reason).not.toMatch(/todo|later|for now/i);
  });
});

test('nobody acknowledges what a lowered guard finds, unless it was lowered', () => {
  const guards = (findings: readonly AcknowledgedFinding[]): string[] =>
    [...new Set(findings.filter(({ finding }) => /DeletionProtection|RDS10/.test(finding)).map(({ stack }) => stack))].sort();
  expect(guards(findingsOf(exampleFleet))).toEqual([]);
  expect(guards(findingsOf(variantFleet))).toEqual([
    'lab-catalog-euw1',
    'lab-catalog-use1',
    'lab-ledger-euc1',
    'lab-ledger-euw1',
  ]);
  for (const { finding, reason } of findingsOf(variantFleet)) {
    if (/DeletionProtection|RDS10/.test(finding)) expect(reason).toContain('a group for tests');
  }
});

function findingsOf(load: typeof exampleFleet): AcknowledgedFinding[] {
  const app = new App();
  addFleetStacks(app, load().fleet);
  return acknowledgedFindings(app);
}
