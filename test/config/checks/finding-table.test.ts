import { describe, expect, test } from 'vitest';
import { CHECK_FINDING_CODES, type CheckFindingCode, runConfigChecks } from '../../../lib/config/checks';
import { CONFIG_FINDING_CODES } from '../../../lib/config/finding-codes';
import { baseConfig, lockFor } from './base-config';
import { BACKUP_CASES, DATABASE_CASES, OBJECTIVE_CASES } from './cases/data-cases';
import type { FindingCase } from './cases/finding-case';
import { CONTROL_CASES, LOCK_CASES, NAME_CASES, REGION_CASES } from './cases/fleet-cases';
import { HEALTH_CASES, NETWORK_CASES, PLACEMENT_CASES } from './cases/group-cases';
import { COMPUTE_CASES, IMAGE_CASES, WORKER_CASES } from './cases/workload-cases';

/** The type is the guarantee: a code without its failing side does not compile. */
const CASES: Readonly<Record<CheckFindingCode, FindingCase>> = {
  ...REGION_CASES,
  ...NAME_CASES,
  ...CONTROL_CASES,
  ...LOCK_CASES,
  ...PLACEMENT_CASES,
  ...NETWORK_CASES,
  ...HEALTH_CASES,
  ...DATABASE_CASES,
  ...OBJECTIVE_CASES,
  ...BACKUP_CASES,
  ...IMAGE_CASES,
  ...COMPUTE_CASES,
  ...WORKER_CASES,
};

test('a valid fleet has no findings, whatever their severity', () => {
  const config = baseConfig();
  expect(runConfigChecks(config, lockFor(config))).toEqual([]);
});

describe('every code has a change that brings it out', () => {
  test.each(Object.keys(CHECK_FINDING_CODES) as CheckFindingCode[])('fails with %s', (code) => {
    const { change, lock: changeLock, noLock, also = [], at, says } = CASES[code];
    const config = baseConfig();
    change?.(config);
    const lock = lockFor(config);
    changeLock?.(lock);
    const findings = runConfigChecks(config, noLock === true ? undefined : lock);
    expect(new Set(findings.map((finding) => finding.code))).toEqual(new Set([code, ...also]));
    const found = findings.find((finding) => finding.code === code)!;
    expect(`${found.where.file ?? ''} ${(found.where.path ?? []).join('.')}`).toBe(at);
    expect(found.message).toMatch(says);
    expect(found.severity).toBe(CHECK_FINDING_CODES[code].severity);
    for (const finding of findings) {
      expect(finding.fix.length).toBeGreaterThan(5);
      expect(`${finding.message} ${finding.fix}`).not.toMatch(/undefined|NaN|\[object/);
      expect(finding.where.line).toBeUndefined();
    }
  });
});

test('codes are kebab-case, explained, and mean one thing: none is a code of the reading half', () => {
  for (const [code, { meaning }] of Object.entries(CHECK_FINDING_CODES)) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(meaning.length).toBeGreaterThan(10);
    expect(Object.hasOwn(CONFIG_FINDING_CODES, code)).toBe(false);
  }
});
