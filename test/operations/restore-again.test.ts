import { beforeEach, describe, expect, test } from 'vitest';
import type { OperationRequest } from '../../lib/operations/request';
import type { LeaseRecord } from '../../lib/operations/lease/lease-record';
import { EPOCH } from '../fakes/world';
import { FakeAws } from '../fakes/fake-aws';
import { failover, FLEET, groupOf, Operator, outcomes, REASON } from './support';

const HOUR = 3_600_000;
const ID = 'r20261121t080000';
const restore = (group: string, more: { at?: number; test?: boolean } = {}): OperationRequest => ({
  operation: 'restore',
  group,
  at: EPOCH - HOUR,
  reason: REASON,
  ...more,
});
const abandon = (group: string, id = ID): OperationRequest => ({ operation: 'abandon', group, restore: id, reason: REASON });
const cutover = (group: string, id = ID): OperationRequest => ({ operation: 'cutover', group, restore: id, reason: REASON });

describe('restores that go wrong, and those after them', () => {
  let aws: FakeAws;
  let jo: Operator;
  beforeEach(() => {
    aws = new FakeAws(FLEET);
    jo = new Operator(aws);
  });
  const lease = (group: string): LeaseRecord => aws.control.body(`group#${group}`, 'lease') as LeaseRecord;
  const left = (): string[] => [...aws.databases.clusters.keys()].filter((key) => /-[rt]2026/.test(key));

  test('what was abandoned is made again under a name of its own', async () => {
    await jo.go(restore('enterprise'));
    await jo.go(abandon('enterprise'));
    const again = await jo.go(restore('enterprise'));
    expect(again.result).toBe('completed');
    expect(aws.control.body('restore#enterprise', `${ID}-2`)).toMatchObject({ state: 'validated' });
    expect((await jo.go(cutover('enterprise', `${ID}-2`))).result).toBe('completed');
  });

  test('a job that failed says what to do, and that does it', async () => {
    aws.backups.failure = 'the key is disabled';
    const first = await jo.go(restore('enterprise'));
    expect(first).toMatchObject({ result: 'failed', detail: expect.stringContaining('abandon this restore and make it again') });
    delete aws.backups.failure;
    expect((await jo.go(abandon('enterprise'), { supersedes: first.operation })).result).toBe('completed');
    expect((await jo.go(restore('enterprise'))).result).toBe('completed');
  });

  test.each([
    [
      'that fails its checks',
      (): unknown => (aws.backups.validation = { passed: false, checks: [{ name: 'orders', passed: false, message: '0 rows' }] }),
      '0 rows',
    ],
    ['whose job fails', (): unknown => (aws.backups.failure = 'the key is disabled'), 'the key is disabled'],
  ])('a test %s takes everything down, fails, and is in nobody’s way', async (_name, prepare, detail) => {
    prepare();
    const report = await jo.go(restore('enterprise', { test: true }));
    expect(report).toMatchObject({ result: 'failed', detail: expect.stringContaining(detail) });
    expect(outcomes(report)['note:abandoned']).toBe('done');
    expect(left()).toEqual([]);
    expect(lease('enterprise')).toMatchObject({ state: 'released' });
    expect(lease('enterprise').unfinished).toBeUndefined();
    expect(report.next.join()).not.toContain('journal resume');
    // At three in the morning.
    expect((await jo.go(failover())).result).toBe('completed');
  });

  test('a test that is stopped leaves what it made, named, for whoever goes on', async () => {
    const run = jo.start(restore('enterprise', { test: true }));
    const stop = aws.world.wait(600_000).then(() => {
      jo.cancellation.raise();
    });
    const report = await aws.world.run(Promise.all([run, stop]).then(([each]) => each));
    expect(report.result).toBe('aborted');
    expect(lease('enterprise').unfinished).toBe(report.operation);
    expect((await new Operator(aws, { name: 'kim' }).resume('enterprise', report.operation)).result).toBe('completed');
    expect(left()).toEqual([]);
  });

  test('an abandoned restore of a strongly consistent table leaves no half of it', async () => {
    jo.ports.tables.copy = () => Promise.reject(new Error('broken'));
    const report = await jo.go(restore('ledger'));
    expect(report.result).toBe('failed');
    expect(aws.tables.tables.has(`shop-ledger.table-${ID}-source`)).toBe(true);
    expect((await jo.go(abandon('ledger'), { supersedes: report.operation })).result).toBe('completed');
    expect([...aws.tables.tables.keys()].filter((name) => name.includes('-r2026'))).toEqual([]);
  });

  test('a copy of hours is stopped between two portions, and gone on with', async () => {
    const { copy } = jo.ports.tables;
    jo.ports.tables.copy = async (change) => {
      jo.cancellation.raise();
      return copy(change);
    };
    const report = await jo.go(restore('ledger'));
    expect(report).toMatchObject({ result: 'aborted', detail: expect.stringContaining('between two portions') });
    const kim = new Operator(aws, { name: 'kim' });
    expect((await kim.resume('ledger', report.operation)).result).toBe('completed');
    expect(aws.tables.tables.get(`shop-ledger.table-${ID}`)).toMatchObject({ items: 250 });
  });

  test('restored data whose Region has died is failed over before anything points at it', async () => {
    await jo.go(restore('enterprise'));
    await jo.look(failover());
    aws.world.down.add('us-east-1');
    await jo.go(failover());
    const report = await jo.go(cutover('enterprise'));
    expect(report.result).toBe('completed');
    expect(aws.traffic.health(groupOf('enterprise'), 'enterprise-usw2').writable).toBe(true);
  });

  test('a restore that was replaced by a later one may be removed', async () => {
    await jo.go(restore('enterprise'));
    await jo.go(cutover('enterprise'));
    await jo.go(restore('enterprise', { at: EPOCH - 25 * HOUR }));
    const second = 'r20261120t080000';
    expect((await jo.look(abandon('enterprise'))).findings).toContainEqual(expect.objectContaining({ code: 'restore-in-use' }));
    await jo.go(cutover('enterprise', second));
    expect((await jo.look(abandon('enterprise'))).allowed).toBe(true);
    expect((await jo.look(abandon('enterprise', second))).findings).toContainEqual(
      expect.objectContaining({ code: 'restore-in-use' }),
    );
  });

  test('what comes back is of the line that the group lives on', async () => {
    await jo.go(restore('enterprise'));
    await jo.go(cutover('enterprise'));
    // The old cluster is kept, and its continuous backup goes on.
    const window = { region: 'us-east-1', from: EPOCH - 24 * HOUR, to: EPOCH + 24 * HOUR };
    aws.backups.windows.push({ ...window, resource: 'shop-enterprise-use1' });
    const looked = await jo.look(restore('enterprise', { at: EPOCH - HOUR / 2 }));
    expect(looked.findings).toContainEqual(
      expect.objectContaining({
        code: 'recovery-point-chosen',
        severity: 'warning',
        message: expect.stringContaining('not what enterprise lives on'),
      }),
    );
    aws.backups.windows.push({ ...window, resource: `shop-enterprise-use1-${ID}` });
    const live = await jo.look(restore('enterprise', { at: EPOCH - HOUR / 2 }));
    expect(JSON.stringify(live.plan)).toContain(`"resource":"shop-enterprise-use1-${ID}"`);
  });

  test('what was reached is kept with the operation', async () => {
    const report = await jo.go(restore('enterprise'));
    expect(aws.control.body('operations#enterprise', report.operation)).toMatchObject({
      achievedRpoSeconds: 7200,
      achievedRtoSeconds: report.achievedRtoSeconds,
    });
  });
});
