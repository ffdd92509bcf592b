import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Guard } from '../../lib/ports';
import { FLEET } from '../operations/support';
import { AURORA_TIMES } from './databases';
import { FakeAws } from './fake-aws';
import { FakeProcess } from './world';

const GUARD: Guard = { token: 1, operator: 'jo', operation: 'op', validUntil: Infinity };

describe('fakes', () => {
  let aws: FakeAws;
  let process: FakeProcess;
  beforeEach(() => {
    aws = new FakeAws(FLEET);
    process = new FakeProcess(aws.world);
  });
  const target = { region: 'us-west-2', globalCluster: 'shop-enterprise-global', cluster: 'shop-enterprise-usw2', guard: GUARD };
  const later = (milliseconds: number): Promise<void> => aws.world.run(aws.world.wait(milliseconds));

  test('each port of the world has a written spec', () => {
    const files = readdirSync(__dirname).filter(
      (file) => file.endsWith('.ts') && !['fakes.test.ts', 'fake-aws.ts', 'interpose.ts'].includes(file),
    );
    expect(files.filter((file) => !existsSync(`${__dirname}/${file.replace('.ts', '.md')}`))).toEqual([]);
    for (const file of files)
      expect(readFileSync(`${__dirname}/${file.replace('.ts', '.md')}`, 'utf8')).toMatch(/aws-facts|design/);
  });

  test('a switch is written only over what was read', async () => {
    const port = aws.switches.port(process);
    const write = {
      region: 'us-east-2',
      bucket: 'b',
      stamp: 's',
      state: 'evacuated',
      reason: '',
      time: '',
      guard: GUARD,
    } as const;
    expect(await port.write({ ...write, etag: undefined })).toBe('written');
    expect(await port.write({ ...write, etag: undefined })).toBe('conflict');
    const { etag } = await port.read('us-east-2', 'b', 's');
    expect(await port.write({ ...write, etag })).toBe('written');
  });

  test('a switchover needs every member, a failover does not', async () => {
    const port = aws.databases.port(process);
    aws.world.down.add('us-east-1');
    await expect(port.switchover({ ...target, writerRegion: 'us-east-1' })).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(port.switchover({ ...target, writerRegion: 'us-west-2' })).rejects.toMatchObject({ kind: 'invalid' });
    await port.failover(target);
    expect((await port.global('us-west-2', target.globalCluster))?.failover).toMatchObject({
      status: 'failing-over',
      toRegion: 'us-west-2',
    });
    await later(AURORA_TIMES.failover);
    const global = await port.global('us-west-2', target.globalCluster);
    expect(global?.members.find((member) => member.writer)?.region).toBe('us-west-2');
    aws.world.down.clear();
    expect((await port.global('us-west-2', target.globalCluster))?.members[0]?.synchronization).toBe('pending-resync');
    await later(AURORA_TIMES.resync);
    expect((await port.global('us-west-2', target.globalCluster))?.members[0]?.synchronization).toBe('connected');
  });

  test('versions that differ leave only the detachment, after which two databases take writes', async () => {
    const port = aws.databases.port(process);
    aws.databases.clusters.get('us-west-2/shop-enterprise-usw2')!.engineVersion = '16.6';
    await expect(port.failover(target)).rejects.toMatchObject({ kind: 'invalid' });
    await port.removeFromGlobal(target);
    expect((await port.cluster('us-west-2', target.cluster))?.status).toBe('promoting');
    await later(AURORA_TIMES.detach);
    expect(aws.databases.writers().filter((each) => each.identifier.includes('enterprise'))).toHaveLength(2);
  });

  test('nothing is sent after the end of a lease', async () => {
    const guard = { ...GUARD, validUntil: process.clock.monotonic() };
    await expect(aws.databases.port(process).failover({ ...target, guard })).rejects.toMatchObject({ kind: 'lease-expired' });
    expect(aws.databases.promotions).toEqual([]);
  });

  test('a table takes one new replica at a time, and live data is never deleted', async () => {
    const port = aws.tables.port(process);
    aws.tables.add('t', ['us-east-1'], 'none').restore = 'r1';
    await port.addReplica({ region: 'us-east-1', table: 't', replica: 'us-west-2', guard: GUARD });
    await expect(port.addReplica({ region: 'us-east-1', table: 't', replica: 'eu-west-1', guard: GUARD })).rejects.toMatchObject({
      kind: 'conflict',
    });
    await expect(
      port.deleteRestored({ region: 'us-east-1', table: 'shop-pool.table', restore: 'r1', guard: GUARD }),
    ).rejects.toMatchObject({ kind: 'invalid' });
    await expect(
      aws.databases
        .port(process)
        .deleteRestored({ region: 'us-east-1', cluster: 'shop-enterprise-use1', restore: 'r1', guard: GUARD }),
    ).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('the control table is one table; a lost answer is a write that happened', async () => {
    const port = aws.control.port();
    expect(await port.put('us-east-2', { pk: 'a', sk: 'b', version: 1, body: {} }, 'absent')).toBe('written');
    expect(await port.put('us-west-2', { pk: 'a', sk: 'b', version: 1, body: {} }, 'absent')).toBe('refused');
    aws.control.loseAnswers = 1;
    await expect(port.put('us-west-2', { pk: 'a', sk: 'b', version: 2, body: {} }, 1)).rejects.toMatchObject({
      maybeApplied: true,
    });
    expect((await port.get('us-east-2', 'a', 'b'))?.version).toBe(2);
  });

  test('Route 53 falls open to the primary when nobody is in service', () => {
    const enterprise = FLEET.groups.find((each) => each.name === 'enterprise')!;
    aws.traffic.sick.add('enterprise-use1').add('enterprise-usw2');
    expect(aws.traffic.answered(enterprise)).toEqual(['enterprise-use1']);
    aws.traffic.sick.delete('enterprise-usw2');
    expect(aws.traffic.answered(enterprise)).toEqual(['enterprise-usw2']);
  });
});
