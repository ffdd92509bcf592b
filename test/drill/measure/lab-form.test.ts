import { describe, expect, test } from 'vitest';
import type { DrillSpec } from '../../../lib/config/drill/types';
import { clientPause, drillConditions, formOf } from '../../../lib/drill/measure/lab-form';
import { shipped } from '../run/support';

const breaking = (...faults: readonly object[]): Pick<DrillSpec, 'method'> => ({
  method: faults.map((fault, at) => ({ ...shipped('region-loss-failover').method[0]!, id: `step-${at}`, fault: fault as never })),
});
const loss = (mode: string): object => ({ kind: 'region-loss', region: 'use1', mode });

describe('the form of a failure, by the faults of a drill', () => {
  test.each([
    ['region-loss-failover', 'kill'],
    ['region-silence-failover', 'freeze'],
    ['active-active-region-loss', 'kill'],
    ['az-loss', 'kill'],
    ['writer-loss', 'kill'],
    ['data-corruption-restore', 'kill'],
    ['checker-partition', 'drop'],
  ])('%s: %s', (name, form) => {
    expect(formOf(shipped(name))).toBe(form);
  });

  test('the worst one counts', () => {
    expect(formOf(breaking(loss('kill'), loss('freeze')))).toBe('freeze');
    expect(formOf(breaking(loss('freeze'), { kind: 'region-partition', between: ['use1', 'usw2'] }, loss('kill')))).toBe('drop');
  });

  test('what takes nothing away does not soften it: alone it says nothing, and the worst form holds', () => {
    expect(formOf(breaking({ kind: 'health-lie', stamp: 'enterprise-use1', says: 'fail' }))).toBe('drop');
    expect(formOf(breaking({ kind: 'traffic-surge', factor: 3 }, loss('kill')))).toBe('kill');
    expect(formOf({ method: [] })).toBe('drop');
  });
});

test('clients pause for one and a half times what their rate says, the slowest ones longest', () => {
  const { load } = shipped('region-loss-failover');
  expect(clientPause({ load })).toBe(1);
  const populations = [{ ...load.populations[0]!, clients: 10, rate: 2 }];
  expect(clientPause({ load: { ...load, populations } })).toBe(7.5);
  expect(drillConditions(shipped('region-silence-failover'), 10, 1.5)).toEqual({
    ...{ speed: 10, slowness: 1.5, form: 'freeze', clientPause: 1 },
  });
});
