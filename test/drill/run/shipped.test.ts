import { describe, expect, test } from 'vitest';
import type { DrillSpec } from '../../../lib/config/drill/types';
import { broken, Ground, shipped } from './support';

/** What nobody can keep: writes that never wait, no row lost, no attempt failed, nobody moved. */
const IMPOSSIBLE: Partial<DrillSpec['expect']> = { rto: 0.001, rpo: 0, errorBudget: 0, readAvailability: 100, stays: true };

describe('the drills that come with stampkit, in virtual time over the fakes', () => {
  test.each([
    'active-active-region-loss',
    'az-loss',
    'checker-partition',
    'data-corruption-restore',
    'evacuate-and-readmit',
    'operator-crash-resume',
    'planned-failback',
    'region-loss-failover',
    'region-silence-failover',
    'replication-lag-refused',
    'writer-loss',
  ])('%s is completed', async (name) => {
    const ground = new Ground();
    const run = await ground.run(shipped(name));
    expect([run.status, run.detail, broken(run)]).toEqual(['completed', 'every expectation held', []]);
  });

  // A switch that is thrown in time costs no attempt, and half of the checkers move nobody: there only what really happens can be forbidden.
  test.each([
    ['active-active-region-loss', ['rto', 'error-budget', 'read-availability', 'stays']],
    ['az-loss', ['rto', 'error-budget', 'read-availability']],
    ['data-corruption-restore', ['rto', 'rpo']],
    ['evacuate-and-readmit', ['stays']],
    ['operator-crash-resume', ['rto', 'rpo', 'error-budget', 'read-availability', 'stays']],
    ['planned-failback', ['rto', 'error-budget', 'stays']],
    ['region-loss-failover', ['rto', 'rpo', 'error-budget', 'read-availability', 'stays']],
    ['region-silence-failover', ['rto', 'rpo', 'error-budget', 'read-availability', 'stays']],
    ['replication-lag-refused', ['rto', 'error-budget', 'read-availability', 'stays']],
    ['writer-loss', ['rto', 'error-budget']],
  ])('%s fails for the right reasons when its expectations are impossible', async (name, reasons) => {
    const spec = shipped(name);
    const run = await new Ground().run({ ...spec, expect: { ...spec.expect, ...IMPOSSIBLE } });
    expect([run.status, broken(run)]).toEqual(['deviated', reasons]);
    expect(run.deviations).toHaveLength(reasons.length);
  });

  test('checker-partition fails for the right reasons when every location is blind: clients are moved to a database that refuses them', async () => {
    const spec = shipped('checker-partition');
    const method = spec.method.map((step) =>
      step.fault?.kind === 'checker-partition' ? { ...step, fault: { ...step.fault, locations: undefined } } : step,
    ) as DrillSpec['method'];
    const run = await new Ground().run({ ...spec, method });
    expect([run.status, broken(run)]).toEqual(['deviated', ['rto', 'error-budget', 'stays']]);
  });
});
