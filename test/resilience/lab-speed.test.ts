import { describe, expect, test } from 'vitest';
import { ASSUMPTION_NAMES } from '../../lib/facts/assumptions';
import { LAB_ASSUMPTIONS } from '../../lib/facts/lab-assumptions';
import { LAB_FORMS, type LabConditions, USUAL_LAB } from '../../lib/facts/lab-conditions';
import { Assumed } from '../../lib/resilience/assumed';

const lab = (conditions: Partial<LabConditions>): Assumed => new Assumed('lab', {}, { ...USUAL_LAB, ...conditions });

describe('the lab at ten times the speed', () => {
  const fast = lab({ speed: 10 });

  test('plays what it only plays in a tenth of the time', () => {
    expect(fast.of('statusPropagation').pessimistic).toBe(LAB_ASSUMPTIONS.statusPropagation.pessimistic / 10);
    expect(fast.played(60)).toBe(6);
  });

  test('takes as long as ever for what really happens, and counts as many', () => {
    expect(fast.of('auroraGlobalFailover').pessimistic).toBe(LAB_ASSUMPTIONS.auroraGlobalFailover.pessimistic);
    expect(fast.of('checkerHealthyShare').pessimistic).toBe(0.18);
    expect(fast.of('checkerCount').pessimistic).toBe(16);
  });
});

describe('the form of a failure', () => {
  const timeouts = (form: LabConditions['form']): number[] =>
    (['checkerTimeoutHttps', 'decisionTime', 'clientReuse', 'auroraGlobalFailover'] as const).map(
      (name) => lab({ form, clientPause: 0 }).of(name).pessimistic,
    );

  test('decides which time-outs a real term has: none where connections are refused', () => {
    const [kill, freeze, drop] = LAB_FORMS.map(timeouts);
    expect(kill?.every((value, at) => value < (freeze?.[at] ?? 0))).toBe(true);
    expect(freeze?.every((value, at) => value <= (drop?.[at] ?? 0))).toBe(true);
    expect(freeze?.[0]).toBeLessThan(drop?.[0] ?? 0);
  });

  test('is the worst one when nobody says', () => {
    for (const name of ASSUMPTION_NAMES) {
      const usual = new Assumed('lab', {}).of(name).pessimistic;
      for (const form of LAB_FORMS) expect(lab({ form }).of(name).pessimistic).toBeLessThanOrEqual(usual);
    }
  });

  test.each(['clientReuse', 'databaseReconnect'] as const)('%s is over when a client asks again after its pause', (name) => {
    const without = lab({ clientPause: 0 }).of(name).pessimistic;
    expect(lab({ clientPause: 5 }).of(name).pessimistic).toBeCloseTo(without + 5);
    expect(lab({ clientPause: 5 }).of('leaseWrite')).toEqual(lab({ clientPause: 0 }).of('leaseWrite'));
  });
});

describe('a slow machine', () => {
  test.each(LAB_FORMS)('does its work slowly, and waits no longer for a time-out (%s)', (form) => {
    for (const [name, { nature, work = 0, waits }] of Object.entries(LAB_ASSUMPTIONS)) {
      if (nature !== 'real') continue;
      const waited = waits?.[form] ?? 0;
      const of = (slowness: number): number =>
        lab({ form, slowness, clientPause: 0 }).of(name as keyof typeof LAB_ASSUMPTIONS).pessimistic;
      expect(of(1), name).toBeCloseTo(waited + work);
      expect(of(3), name).toBeCloseTo(waited + 3 * work);
      expect(work, name).toBeGreaterThan(0);
    }
  });

  test('plays first and works then, where a term is both', () => {
    const { pessimistic, work = 0, waits } = LAB_ASSUMPTIONS.auroraInRegionFailover;
    const step = (conditions: Partial<LabConditions>) =>
      lab(conditions).step({ name: 'writer-failover', kind: 'promote', assumption: 'auroraInRegionFailover' });
    expect(step({ speed: 10, slowness: 3 }).pessimistic).toBeCloseTo(pessimistic / 10 + 3 * work + (waits?.drop ?? 0));
    expect(step({ speed: 10 })).toMatchObject({ lab: 'real', labEmulated: pessimistic / 10 });
  });

  test('plays as fast as any', () => {
    expect(lab({ slowness: 5 }).of('statusPropagation')).toEqual(lab({}).of('statusPropagation'));
    expect(lab({ slowness: 5 }).played(60)).toBe(60);
    expect(lab({ slowness: 5 }).of('checkerHealthyShare').pessimistic).toBe(0.18);
  });
});

test('conditions of the lab say nothing about AWS', () => {
  const aws = new Assumed('aws', {}, { speed: 10, form: 'kill', slowness: 7, clientPause: 9 });
  for (const name of ASSUMPTION_NAMES) expect(aws.of(name)).toEqual(new Assumed('aws', {}).of(name));
  expect(aws.played(60)).toBe(60);
});
