import { beforeEach, describe, expect, test } from 'vitest';
import { engineVersion } from '../../lib/operations/decide/engine-version';
import type { OperationRequest } from '../../lib/operations/request';
import type { Step } from '../../lib/operations/plan';
import { PortError } from '../../lib/ports';
import { FakeAws } from '../fakes/fake-aws';
import { AURORA, builtFleet, fleetConfig, group } from '../topology/fixtures';
import { failover, FLEET, groupOf, Operator, outcomes, REASON } from './support';

const evacuate = (group: string, stamp: string): OperationRequest => ({ operation: 'evacuate', group, stamp, reason: REASON });
const readmit = (group: string, stamp: string): OperationRequest => ({ operation: 'readmit', group, stamp, reason: REASON });
const back = (group: string, stamp: string): OperationRequest => ({ operation: 'return', group, stamp, reason: REASON });
const failback = (group: string): OperationRequest => ({ operation: 'failback', group, reason: REASON });

let aws: FakeAws;
let jo: Operator;
beforeEach(() => {
  aws = new FakeAws(FLEET);
  jo = new Operator(aws);
});
const step = (steps: readonly Step[] | undefined, id: string): Step => steps!.find((each) => each.id === id)!;

/** The old Region falls silent after its lag was measured; minutes later somebody acts. */
async function lose(minutes = 10): Promise<void> {
  await jo.look(failover());
  aws.world.down.add('us-east-1');
  await aws.world.run(aws.world.wait(minutes * 60_000));
}

describe('promotions', () => {
  test.each([
    ['16.8', '16.8', ''],
    ['16.8.1', '16.8', '1'],
    ['8.0.mysql_aurora.3.04.1', '8.0 3.04', '1'],
    ['8.0.mysql_aurora.3.08.0', '8.0 3.08', '0'],
  ])('%s has the minor version %s', (text, minor, patch) => {
    expect(engineVersion(text)).toEqual({ minor, patch });
  });

  test('a patch level that differs is said, with the way that is left when AWS refuses', async () => {
    aws.databases.clusters.get('us-west-2/shop-enterprise-usw2')!.engineVersion = '16.8.2';
    const looked = await jo.look(failover());
    expect(looked.plan?.variant).toBe('switchover');
    expect(looked.findings).toContainEqual(
      expect.objectContaining({
        code: 'versions-differ',
        severity: 'warning',
        fix: expect.stringContaining('remove-from-global-cluster'),
      }),
    );
  });

  test('a cluster that is being backed up is promoted', async () => {
    aws.databases.statuses.set('us-west-2/shop-enterprise-usw2', 'backing-up');
    expect((await jo.go(failover())).result).toBe('completed');
  });

  test.each(['deleting', 'inaccessible-encryption-credentials-recoverable', 'stopped'])(
    'fails before AWS is asked: %s',
    async (status) => {
      aws.databases.statuses.set('us-west-2/shop-enterprise-usw2', status);
      const report = await jo.go(failover());
      expect(report).toMatchObject({
        result: 'failed',
        detail: expect.stringContaining(`cannot begin: shop-enterprise-usw2 is ${status}`),
      });
      expect(aws.databases.promotions).toEqual([]);
    },
  );

  test('a change that AWS accepts and gives up again is asked for again', async () => {
    aws.databases.givenUp = 1;
    const report = await jo.go(failover());
    expect(report.result).toBe('completed');
    expect(aws.databases.promotions).toHaveLength(2);
  });

  test('an outage does not wait for switches that nobody can throw: the promotion is what is missing', async () => {
    await lose();
    aws.world.silent.add('s3@us-east-2').add('s3@us-west-2');
    const looked = await jo.look(failover());
    expect(looked.allowed).toBe(true);
    expect(looked.plan!.steps.map((each) => each.id)).not.toContain('evacuate:enterprise-use1');
    expect(looked.findings).toContainEqual(
      expect.objectContaining({
        code: 'control-regions-unreachable',
        severity: 'warning',
        fix: expect.stringContaining('evacuate enterprise-use1'),
      }),
    );
    const report = await jo.go(failover());
    expect(report.result).toBe('completed');
    expect(report.pending.join()).toContain('stampkit evacuate enterprise-use1');
  });

  test('fails in order: planned, switches have to be thrown', async () => {
    aws.world.silent.add('s3@us-east-2').add('s3@us-west-2');
    const looked = await jo.look(failover());
    expect(looked.allowed).toBe(false);
    expect(looked.findings.filter((each) => each.severity === 'error').map((each) => each.code)).toContain(
      'control-regions-unreachable',
    );
  });

  test('a target whose health function is silent is promoted in an outage, and not in order', async () => {
    await lose();
    aws.world.silent.add('lambda@us-west-2');
    const looked = await jo.look(failover());
    expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'target-not-healthy', severity: 'warning' }));
    expect(looked.allowed).toBe(true);
    aws.world.down.clear();
    const planned = await jo.look(failover());
    expect(planned.findings).toContainEqual(expect.objectContaining({ code: 'target-not-healthy', severity: 'error' }));
  });

  test('an old Region that was replicating a moment ago may be alive, and that is said', async () => {
    await lose(1);
    const codes = async (): Promise<string[]> =>
      (await jo.look(failover())).findings.filter((each) => each.severity === 'warning').map((each) => each.code);
    expect(await codes()).toContain('old-region-unreachable');
    await aws.world.run(aws.world.wait(600_000));
    expect(await codes()).not.toContain('old-region-unreachable');
  });

  test('a home member that caps the lag of a secondary which is gone would take no commits, and that is said', async () => {
    const capped = builtFleet(
      fleetConfig({ groups: [group('enterprise', { database: { ...AURORA, maxReplicationLag: 30 } as never })] }),
    );
    aws = new FakeAws(capped);
    jo = new Operator(aws);
    const codes = async (to: string): Promise<string[]> =>
      (await jo.look(failover('enterprise', to, true))).findings.map((each) => each.code);
    await lose();
    expect(await codes('usw2')).not.toContain('commits-would-wait');
    await jo.go(failover('enterprise', 'usw2', true));
    aws.world.down.clear();
    await jo.go(back('enterprise', 'enterprise-use1'));
    aws.world.down.add('us-west-2');
    expect(await codes('use1')).toContain('commits-would-wait');
  });

  test('fails in order while the target may be held out by a switch that nobody can clear', async () => {
    await jo.go(failover());
    aws.world.silent.add('s3@us-east-2');
    const looked = await jo.look(failover('enterprise', 'use1'));
    expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'switch-not-cleared', severity: 'error' }));
  });

  test('the evacuation of a failover is never undone: the writer has moved', async () => {
    const { plan } = await jo.look(failover());
    expect(step(plan?.steps, 'evacuate:enterprise-use1').compensation).toBeUndefined();
    const own = await jo.look(evacuate('pool', 'pool-euw1'));
    expect(step(own.plan?.steps, 'evacuate:pool-euw1').compensation).toMatchObject({ state: 'in-service' });
  });
});

describe('evacuations', () => {
  test('one control Region that denies does not undo what another holds', async () => {
    const { write } = jo.ports.switches;
    jo.ports.switches.write = (change) =>
      change.region === 'us-east-2'
        ? Promise.reject(new PortError('denied', { service: 's3', region: 'us-east-2', call: 'PutObject' }, 'jo may not'))
        : write(change);
    const report = await jo.go(evacuate('pool', 'pool-euw1'));
    expect(report).toMatchObject({ result: 'completed', pending: [expect.stringContaining('use2')] });
    expect(aws.switches.evacuated('pool-euw1')).toBe(true);
  });

  test('capacity is counted among those who can carry it', async () => {
    aws.world.down.add('us-east-1');
    const { plan } = await jo.look(evacuate('pool', 'pool-euw1'));
    const ids = plan!.steps.map((each) => each.id);
    expect(ids).not.toContain('scale:pool-use1');
    const alone = step(plan?.steps, 'scale:pool-usw2').action as { floors: { web: number } };
    aws.world.down.clear();
    const both = step((await jo.look(evacuate('pool', 'pool-euw1'))).plan?.steps, 'scale:pool-usw2').action as {
      floors: { web: number };
    };
    expect(alone.floors.web).toBeGreaterThan(both.floors.web);
  });

  test('fails at the last moment when nobody is left who could serve', async () => {
    aws.world.down.add('us-east-1');
    const run = jo.start(evacuate('pool', 'pool-euw1'));
    const trouble = aws.world.wait(10_000).then(() => {
      aws.traffic.sick.add('pool-usw2');
    });
    const report = await aws.world.run(Promise.all([run, trouble]).then(([each]) => each));
    expect(report).toMatchObject({ result: 'failed', detail: expect.stringContaining('cannot begin: pool-usw2: fail') });
    expect(aws.switches.evacuated('pool-euw1')).toBe(false);
  });

  test('fails while nobody knows where the writer is', async () => {
    aws.world.silent.add('rds@us-east-1').add('rds@us-west-2').add('lambda@us-west-2');
    const { health } = jo.ports.probes;
    jo.ports.probes.health = async (stamp) => ({ ...(await health(stamp)), role: 'unknown', writable: false });
    const looked = await jo.look(evacuate('enterprise', 'enterprise-use1'));
    expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'no-writer', severity: 'error' }));
  });

  test('a sick writer may leave, and what that costs is said', async () => {
    aws.traffic.sick.add('enterprise-use1');
    const looked = await jo.look(evacuate('enterprise', 'enterprise-use1'));
    expect(looked.allowed).toBe(true);
    expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'writer-would-be-bypassed', severity: 'warning' }));
  });

  test('fails to put a stamp that cannot write in the place of a healthy writer that is out', async () => {
    await jo.go(failover());
    await jo.go(failback('enterprise'));
    // By hand: the writer is out, and so is the standby.
    for (const region of ['us-east-2', 'us-west-2']) {
      for (const stamp of ['enterprise-use1', 'enterprise-usw2'])
        aws.switches.objects.set(`${region}/${stamp}`, { state: 'evacuated', token: 0, etag: `${region}${stamp}` });
    }
    const looked = await jo.look(readmit('enterprise', 'enterprise-usw2'));
    expect(looked.findings).toContainEqual(
      expect.objectContaining({
        code: 'writer-would-be-bypassed',
        severity: 'error',
        fix: expect.stringContaining('readmit enterprise-use1'),
      }),
    );
  });
});

describe('capacity after a failback', () => {
  test('is taken from nobody who may still serve: answers that were not seen to move keep it', async () => {
    await jo.go(failover());
    const raised = aws.capacity.bounds('enterprise-usw2');
    const { answers } = jo.ports.dns;
    const own = groupOf('enterprise').recordName;
    jo.ports.dns.answers = async (name) =>
      name === own ? [{ vantage: 'a resolver', authoritative: false, addresses: ['192.0.2.2'] }] : answers(name);
    const report = await jo.go(failback('enterprise'));
    expect(report.result).toBe('completed');
    expect(outcomes(report)).toMatchObject({ answers: 'unconfirmed', 'relax:enterprise-usw2': 'unconfirmed' });
    expect(aws.capacity.bounds('enterprise-usw2')).toEqual(raised);
  });

  test('a maximum that a pause has left at nothing goes back to the template', async () => {
    const normal = aws.capacity.bounds('pool-euw1').worker!;
    await jo.go(evacuate('pool', 'pool-euw1'));
    Object.assign(aws.capacity.stamps.get('pool-euw1')!.worker!, { min: 0, max: 0, desired: 0, running: 0 });
    expect((await jo.go(readmit('pool', 'pool-euw1'))).result).toBe('completed');
    expect(aws.capacity.bounds('pool-euw1').worker).toEqual(normal);
  });
});

describe('tables', () => {
  test('a table that nobody writes to has no lag, and moves all the same', async () => {
    aws.tables.idle = true;
    const report = await jo.go(failover('pool', 'usw2'));
    expect(report.result).toBe('completed');
    expect(outcomes(report)['lag:pool-use1:pool-usw2']).toBe('unconfirmed');
    expect(aws.traffic.answered(groupOf('pool'))).toEqual(['pool-usw2']);
    expect(aws.world.time).toBeLessThan(600_000);
  });
});

describe('a Region that is back', () => {
  test('is not believed about the time before it went', async () => {
    await lose();
    await jo.go(failover());
    aws.world.down.clear();
    const { global } = jo.ports.databases;
    jo.ports.databases.global = async (region, identifier) => {
      const seen = await global(region, identifier);
      return region === 'us-east-1' && seen !== undefined
        ? { ...seen, members: seen.members.map((member) => ({ ...member, writer: member.region === 'us-east-1' })) }
        : seen;
    };
    const looked = await jo.look(back('enterprise', 'enterprise-use1'));
    expect(looked.plan?.variant).toBe('rejoin');
  });

  test.each(['pool-use1', 'enterprise-usw2'])('%s serves as it should: it is not taken out to be brought back', async (stamp) => {
    const looked = await jo.look(back(stamp.split('-')[0]!, stamp));
    expect(looked.findings).toEqual([expect.objectContaining({ code: 'nothing-to-do', severity: 'error' })]);
  });

  test('a rebuild that was begun by another operation is gone on with under its own name', async () => {
    aws.databases.clusters.get('us-west-2/shop-enterprise-usw2')!.engineVersion = '16.6';
    await lose();
    await jo.go(failover());
    aws.world.down.clear();
    jo.ports.databases.addInstances = () =>
      Promise.reject(new PortError('denied', { service: 'rds', region: 'us-east-1', call: 'CreateDBInstance' }, 'jo may not'));
    const half = await jo.go(back('enterprise', 'enterprise-use1'));
    expect(half.result).toBe('failed');
    const kim = new Operator(aws, { name: 'kim' });
    const report = await kim.go(back('enterprise', 'enterprise-use1'), { supersedes: half.operation });
    expect(report.result).toBe('completed');
    const clusters = [...aws.databases.clusters.keys()].filter((key) => key.startsWith('us-east-1/shop-enterprise'));
    expect(clusters).toEqual(['us-east-1/shop-enterprise-use1', 'us-east-1/shop-enterprise-use1-2']);
  });

  test('the old side is compared only when its workers have really stopped', async () => {
    aws.databases.clusters.get('us-west-2/shop-enterprise-usw2')!.engineVersion = '16.6';
    await lose();
    await jo.go(failover());
    aws.world.down.clear();
    const { read } = jo.ports.capacity;
    let stopped = false;
    jo.ports.capacity.read = async (stamp) => {
      const reading = await read(stamp);
      return stopped || reading.worker === undefined ? reading : { ...reading, worker: { ...reading.worker, running: 1 } };
    };
    const { compare } = jo.ports.divergences;
    const compared: boolean[] = [];
    jo.ports.divergences.compare = (request) => {
      compared.push(stopped);
      return compare(request);
    };
    const run = jo.start(back('enterprise', 'enterprise-use1'));
    const stop = aws.world.wait(60_000).then(() => {
      stopped = true;
    });
    const report = await aws.world.run(Promise.all([run, stop]).then(([each]) => each));
    expect(report.result).toBe('completed');
    expect(compared).toEqual([true]);
  });

  test('messages that come back while the queue is emptied are moved too', async () => {
    await lose();
    await jo.go(failover());
    aws.world.down.clear();
    Object.assign(aws.queues.of('enterprise-use1'), { visible: 3, inFlight: 7 });
    const report = await jo.go(back('enterprise', 'enterprise-use1'));
    expect(outcomes(report)['drain:enterprise-use1']).toBe('done');
    expect(aws.queues.of('enterprise-usw2').visible).toBe(10);
  });
});
