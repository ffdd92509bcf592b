import { describe, expect, test } from 'vitest';
import { LAB_ASSUMPTIONS } from '../../lib/facts/lab-assumptions';
import { Assumed } from '../../lib/resilience/assumed';

describe('the lab at ten times the speed', () => {
  const lab = new Assumed('lab', {}, 10);

  test('plays what it only plays in a tenth of the time', () => {
    expect(lab.of('statusPropagation').pessimistic).toBe(LAB_ASSUMPTIONS.statusPropagation.pessimistic / 10);
    expect(lab.played(60)).toBe(6);
  });

  test('takes as long as ever for what really happens, and counts as many', () => {
    expect(lab.of('auroraGlobalFailover').pessimistic).toBe(LAB_ASSUMPTIONS.auroraGlobalFailover.pessimistic);
    expect(lab.of('checkerHealthyShare').pessimistic).toBe(0.18);
    expect(lab.of('checkerCount').pessimistic).toBe(16);
  });

  test('says nothing about AWS: there nothing is scaled', () => {
    const aws = new Assumed('aws', {}, 10);
    expect(aws.of('statusPropagation')).toEqual(new Assumed('aws', {}).of('statusPropagation'));
    expect(aws.played(60)).toBe(60);
  });
});
