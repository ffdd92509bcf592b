import { describe, expect, test } from 'vitest';
import { guardDrill } from '../../../lib/drill/aws/guard';
import { fisAction, instructions } from '../../../lib/drill/aws/fis-action';
import { ManualFaults } from '../../../lib/drill/aws/manual-faults';
import { probeWorkload } from '../../../lib/drill/aws/probe-workload';
import { viewOf } from '../../../lib/operations/group-view';
import { Ground, shipped } from '../run/support';

describe('the guard', () => {
  const { fleet } = new Ground().target;
  const LOSS = shipped('region-loss-failover');

  test.each([
    ['without --go', LOSS, { target: 'aws', go: false }, 'DRILL_NEEDS_GO'],
    ['a group that does not allow it', { ...LOSS, group: 'internal' }, { target: 'aws', go: true }, 'DRILL_NOT_ALLOWED'],
    ['a file for another target', shipped('data-corruption-restore'), { target: 'aws', go: true }, 'DRILL_NOT_FOR_TARGET'],
    ['a group that is not there', { ...LOSS, group: 'other' }, { target: 'lab', go: false }, 'DRILL_GROUP_UNKNOWN'],
  ] as const)('refuses %s', (_name, spec, options, code) => {
    expect(() => {
      guardDrill(spec, fleet, options);
    }).toThrow(code);
  });

  test('lets pass the lab without, and AWS with --go', () => {
    guardDrill(LOSS, fleet, { target: 'lab', go: false });
    guardDrill(LOSS, fleet, { target: 'aws', go: true });
  });
});

describe('faults on AWS', () => {
  test('are announced, waited for, and seen from outside', async () => {
    const ground = new Ground();
    const { fleet, ports } = ground.target;
    const asked: string[] = [];
    const faults = new ManualFaults({
      ...{ fleet, group: 'enterprise', probes: ports.probes, clock: ports.clock },
      announce: (text) => {
        asked.push(text);
        return Promise.resolve(true);
      },
    });
    const fault = await faults.start({ kind: 'region-loss', region: 'us-east-1', mode: 'kill' });
    expect(await faults.check(fault.id)).toEqual({ holds: false, evidence: 'enterprise-use1 still answers 200' });
    ground.aws.world.down.add('us-east-1');
    expect(await faults.check(fault.id)).toMatchObject({ holds: true });
    await faults.end(fault.id);
    await faults.end(fault.id);
    expect(asked).toEqual([expect.stringContaining('us-east-1'), expect.stringContaining('put the network ACLs')]);
  });

  test('that nobody makes fail the drill', async () => {
    const { fleet, ports } = new Ground().target;
    const options = { fleet, group: 'enterprise', probes: ports.probes, clock: ports.clock };
    const faults = new ManualFaults({ ...options, announce: () => Promise.resolve(false) });
    await expect(faults.start({ kind: 'writer-loss', group: 'enterprise' })).rejects.toThrow('nobody made the fault');
  });

  test('name the action of FIS where there is one', () => {
    expect(fisAction({ kind: 'writer-loss', group: 'g' })?.actionId).toBe('aws:rds:failover-db-cluster');
    expect(fisAction({ kind: 'region-loss', region: 'r', mode: 'kill' })).toBeUndefined();
    expect(instructions({ kind: 'az-loss', stamp: 's', zone: 'a' }).start).toContain('aws:network:disrupt-connectivity');
  });
});

test('a drill on AWS only looks: no row is written, and the RPO is not claimed', async () => {
  const ground = new Ground();
  const { target } = ground;
  const workload = probeWorkload(target.ports, viewOf(target.fleet, 'enterprise'), 2000);
  const run = await workload.start({
    group: 'enterprise',
    populations: [{ name: 'here', region: 'us-east-1', clients: 1, ratePerSecond: 1 }],
  });
  await ground.aws.world.run(target.ports.clock.sleep(5000));
  ground.aws.world.down.add('us-east-1');
  await ground.aws.world.run(target.ports.clock.sleep(5000));
  await ground.aws.world.run(run.stop());
  const outcomes = (await run.attempts()).map(({ kind, outcome, stamp }) => `${kind} ${outcome} ${stamp ?? ''}`);
  expect(outcomes).toContain('write ok enterprise-use1');
  expect(outcomes).toContain('write refused enterprise-usw2');
  expect(outcomes).toContain('read ok enterprise-usw2');
  await expect(workload.count('enterprise-use1')).rejects.toThrow('nothing was written');
});
