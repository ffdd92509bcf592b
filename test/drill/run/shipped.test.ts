import { describe, expect, test } from 'vitest';
import { broken, Ground, shipped } from './support';

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
    'replication-lag-refused',
    'writer-loss',
  ])('%s is completed', async (name) => {
    const ground = new Ground();
    const run = await ground.run(shipped(name));
    expect([run.status, run.detail, broken(run)]).toEqual(['completed', 'every expectation held', []]);
  });
});
