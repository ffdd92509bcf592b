import { describe, expect, test } from 'vitest';
import { isFixedByLock, runConfigChecks } from '../../../lib/config/checks';
import type { Finding } from '../../../lib/findings';
import { baseConfig, enterpriseOf, lockFor, type MutableFleet } from './base-config';

type Control = MutableFleet['control'];

/** Findings of a fleet that was locked with control Regions use2 and usw2 and the witness use1, after an edit of them. */
function findingsAfter(control: Control, change?: (config: MutableFleet) => void): Finding[] {
  const config = baseConfig();
  const lock = lockFor(config);
  config.control = control;
  change?.(config);
  return runConfigChecks(config, lock);
}

const STAYS = ['info control-table-stays'];
const codesOf = (findings: readonly Finding[]): string[] => findings.map(({ severity, code }) => `${severity} ${code}`);

describe('before the first lock', () => {
  test.each<[string, Control, string[]]>([
    ['two and a witness', { regions: ['use2', 'usw2'], witness: 'use1', joining: [] }, []],
    ['three', { regions: ['use2', 'usw2', 'use1'], joining: [] }, []],
    ['one and a witness', { regions: ['use2'], witness: 'use1', joining: [] }, ['error control-count']],
    ['two', { regions: ['use2', 'usw2'], joining: [] }, ['error control-count']],
    [
      'three and a witness',
      { regions: ['use2', 'usw2', 'use1'], witness: 'euw1', joining: [] },
      ['error control-outside-region-set', 'error control-count'],
    ],
    ['a witness that is a replica', { regions: ['use2', 'usw2'], witness: 'usw2', joining: [] }, ['error control-not-distinct']],
    [
      'a Region of another set',
      { regions: ['use2', 'euw1'], witness: 'use1', joining: [] },
      ['error control-outside-region-set'],
    ],
    ['a joining Region of another set', { regions: ['use2', 'usw2'], witness: 'use1', joining: ['euw1'] }, []],
  ])('%s', (_what, control, codes) => {
    const config = baseConfig();
    config.control = control;
    const findings = runConfigChecks(config).filter((finding) => !isFixedByLock(finding));
    expect(codesOf(findings)).toEqual(codes);
  });
});

describe('once the table is locked', () => {
  test.each<[string, Control, string[]]>([
    ['the same', { regions: ['usw2', 'use2'], witness: 'use1', joining: [] }, []],
    ['the witness Region joins', { regions: ['use2', 'usw2'], witness: 'use1', joining: ['use1'] }, []],
    ['a third, of any set', { regions: ['use2', 'usw2', 'euw1'], witness: 'use1', joining: [] }, STAYS],
    ['a third, the witness Region', { regions: ['use2', 'usw2', 'use1'], witness: 'use1', joining: [] }, STAYS],
    ['a replica left', { regions: ['use2', 'euw1'], witness: 'use1', joining: [] }, STAYS],
    ['no witness', { regions: ['use2', 'usw2'], joining: [] }, STAYS],
    ['another witness', { regions: ['use2', 'usw2'], witness: 'euw1', joining: [] }, STAYS],
    ['the owner under joining', { regions: ['usw2', 'euw1'], joining: ['use2'] }, STAYS],
    ['the owner gone', { regions: ['usw2', 'euw1'], joining: [] }, ['error control-table-owner-left']],
    ['one', { regions: ['use2'], witness: 'use1', joining: [] }, ['error control-count', ...STAYS]],
    ['four', { regions: ['use2', 'usw2', 'euw1', 'use1'], joining: [] }, ['error control-count', ...STAYS]],
    ['one twice', { regions: ['use2', 'usw2', 'usw2'], joining: [] }, ['error control-not-distinct', ...STAYS]],
  ])('%s', (_what, control, codes) => {
    expect(codesOf(findingsAfter(control))).toEqual(codes);
  });

  test('what stays is told where it was edited, and what to do when nothing was deployed', () => {
    const [regions] = findingsAfter({ regions: ['use2', 'usw2', 'euw1'], witness: 'use1', joining: [] });
    const [witness] = findingsAfter({ regions: ['use2', 'usw2'], witness: 'euw1', joining: [] });
    expect([regions!.where.path, witness!.where.path]).toEqual([
      ['control', 'regions'],
      ['control', 'witness'],
    ]);
    expect(regions!.fix).toMatch(/nothing was ever deployed, delete fleet\.lock\.yaml/);
  });

  test('fails when a replica’s Region is taken out of the fleet, and does not call it unused while it is there', () => {
    const control: Control = { regions: ['use2', 'euw1'], joining: [] };
    const homeless = (config: MutableFleet): void => {
      for (const group of config.groups) {
        group.placement = { mode: 'active-active', regions: ['use1', 'euw1'], routing: { policy: 'latency' } };
      }
    };
    expect(codesOf(findingsAfter(control, homeless)).join()).not.toMatch(/region-unused/);
    const findings = findingsAfter(control, (config) => {
      homeless(config);
      config.regions = config.regions.filter(({ code }) => code !== 'usw2');
    });
    const gone = findings.find(({ code }) => code === 'control-table-region-gone')!;
    expect(gone.message).toContain('lies in usw2');
    expect(findings.map(({ code }) => code)).not.toContain('control-table-stays');
  });

  test('a failure may name any Region of the control plane: where switches are and where the table is', () => {
    const findings = findingsAfter({ regions: ['use2', 'euw1'], joining: [] }, (config) => {
      const failures = ['control:use2', 'control:euw1', 'control:usw2', 'control:use1', 'control:use9'];
      enterpriseOf(config).accept = failures.map((failure) => ({ failure, reason: 'because' }));
    }).filter(({ code }) => code === 'failure-reference');
    expect(findings.map(({ message }) => message)).toEqual(['"control:use9" names nothing in this fleet']);
  });

  test('fails when the lock puts the table into two Region sets', () => {
    const config = baseConfig();
    const lock = lockFor(config);
    lock.controlTable = { owner: 'use2', replicas: ['euw1', 'use2'], witness: 'use1' };
    const found = runConfigChecks(config, lock).find(({ code }) => code === 'control-outside-region-set')!;
    expect(found.where).toEqual({ file: 'fleet.lock.yaml', path: ['controlTable'] });
    expect(found.fix).toMatch(/^Restore fleet\.lock\.yaml/);
  });
});
