import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ControlConfig, FleetConfig } from '../../lib/config/types';
import { planLock } from '../../lib/topology/addresses';
import { firstLock, fleetConfig } from './fixtures';

const control = (regions: readonly string[], witness?: string, joining: readonly string[] = []): ControlConfig => ({
  regions,
  ...(witness !== undefined && { witness }),
  joining,
});
const fleet = (of: ControlConfig): FleetConfig => fleetConfig({ control: of });
const CODES = ['use1', 'use2', 'usw2', 'euw1'];

describe('the first lock', () => {
  test('puts the table into the control Regions, the first of them owns it', () => {
    const { lock, changes } = planLock(fleet(control(['usw2', 'use2'], 'use1')), undefined);
    expect(lock.controlTable).toEqual({ owner: 'usw2', replicas: ['use2', 'usw2'], witness: 'use1' });
    expect(changes.at(-1)).toEqual({
      kind: 'control-table-pinned',
      subject: 'usw2',
      message: 'the control table is made in use2, usw2 with the witness use1, by the stack of usw2, and stays there',
    });
  });

  test('three control Regions make three replicas and no witness', () => {
    const { controlTable } = firstLock(fleet(control(['usw2', 'use2', 'use1'])));
    expect(controlTable).toEqual({ owner: 'usw2', replicas: ['use1', 'use2', 'usw2'] });
  });

  test('a Region that is only joining gets no part of it', () => {
    const { controlTable } = firstLock(fleet(control(['use2', 'usw2'], 'use1', ['euw1'])));
    expect(controlTable.replicas).toEqual(['use2', 'usw2']);
  });
});

describe('a later lock', () => {
  const lock = firstLock(fleet(control(['use2', 'usw2'], 'use1')));
  const codesOf = (of: ControlConfig, regions = fleetConfig().regions): string[] => {
    const plan = planLock({ ...fleet(of), regions }, lock);
    expect(plan.lock).toEqual(lock);
    expect(plan.changes).toEqual([]);
    return plan.findings.map(({ severity, code }) => `${severity} ${code}`);
  };

  test.each<[string, ControlConfig]>([
    ['nothing new', control(['use2', 'usw2'], 'use1')],
    ['another order', control(['usw2', 'use2'], 'use1')],
    ['a Region that joins', control(['use2', 'usw2'], 'use1', ['euw1'])],
    ['the witness Region that joins', control(['use2', 'usw2'], 'use1', ['use1'])],
  ])('has nothing to say about %s', (_what, of) => {
    expect(codesOf(of)).toEqual([]);
  });

  test.each<[string, ControlConfig]>([
    ['a third Region', control(['use2', 'usw2', 'euw1'], 'use1')],
    ['a replica that left', control(['use2', 'euw1'], 'use1')],
    ['another witness', control(['use2', 'usw2'], 'euw1')],
    ['no witness', control(['use2', 'usw2'])],
    ['an owner whose switches do not count', control(['usw2', 'euw1'], 'use1', ['use2'])],
  ])('tells that the table stays: %s', (_what, of) => {
    expect(codesOf(of)).toEqual(['info control-table-stays']);
  });

  test('fails when the owner has no control stack any more', () => {
    expect(codesOf(control(['usw2', 'euw1'], 'use1'))).toEqual(['error control-table-owner-left']);
  });

  test.each(['use2', 'usw2', 'use1'])(
    'fails when the Region %s, which holds a part of the table, is no Region of the fleet',
    (gone) => {
      const regions = fleetConfig().regions.filter(({ code }) => code !== gone);
      const left = ['use2', 'usw2', 'euw1'].filter((code) => code !== gone);
      expect(codesOf(control(left), regions)).toEqual(['error control-table-region-gone']);
    },
  );
});

test('no sequence of edits of the control Regions changes the pin', () => {
  const edit = fc.record({
    regions: fc.shuffledSubarray(CODES),
    witness: fc.option(fc.constantFrom(...CODES), { nil: undefined }),
    joining: fc.shuffledSubarray(CODES),
    declared: fc.shuffledSubarray(CODES),
    release: fc.boolean(),
  });
  fc.assert(
    fc.property(edit, fc.array(edit, { minLength: 1, maxLength: 6 }), (first, later) => {
      const configOf = ({ regions, witness, joining, declared }: typeof first): FleetConfig => ({
        ...fleet(control(regions, witness, joining)),
        regions: fleetConfig().regions.filter(({ code }) => declared.includes(code)),
      });
      let lock = planLock(configOf(first), undefined).lock;
      const pin = structuredClone(lock.controlTable);
      for (const next of later) {
        const release = next.release ? Object.keys(lock.tombstones) : [];
        lock = planLock(configOf(next), lock, { release }).lock;
        expect(lock.controlTable).toEqual(pin);
      }
    }),
  );
});
