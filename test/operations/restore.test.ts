import { beforeEach, describe, expect, test } from 'vitest';
import type { OperationRequest } from '../../lib/operations/request';
import { EPOCH } from '../fakes/world';
import { FakeAws } from '../fakes/fake-aws';
import { failover, FLEET, groupOf, Operator, outcomes, REASON } from './support';

const HOUR = 3_600_000;
const AT = EPOCH - HOUR;
const restore = (group: string, more: { at?: number; test?: boolean } = {}): OperationRequest => ({
  operation: 'restore',
  group,
  at: AT,
  reason: 'rows were deleted',
  ...more,
});

describe('restore', () => {
  let aws: FakeAws;
  let jo: Operator;
  beforeEach(() => {
    aws = new FakeAws(FLEET);
    jo = new Operator(aws);
  });

  test('Aurora: beside the live data, with replicas, validated, used only after a cut-over; the old data stays', async () => {
    const before = aws.pointers.values.get('us-east-1/stampkit/shop/enterprise-use1/database')?.value;
    const report = await jo.go(restore('enterprise'));
    expect(report).toMatchObject({ result: 'completed', variant: 'aurora' });
    // The newest point before the moment is two hours old.
    expect(report.achievedRpoSeconds).toBe(7200);
    expect(report.achievedRtoSeconds).toBeGreaterThan(1200);
    expect(report.pending[0]).toContain('not yet adopted');
    expect(aws.pointers.values.get('us-east-1/stampkit/shop/enterprise-use1/database')?.value).toBe(before);
    const id = 'r20261121t080000';
    expect(aws.control.body('restore#enterprise', id)).toMatchObject({ state: 'validated' });
    const cutover = await jo.go({ operation: 'cutover', group: 'enterprise', restore: id, reason: REASON });
    expect(cutover.result).toBe('completed');
    expect(aws.pointers.values.get('us-east-1/stampkit/shop/enterprise-use1/database')?.value).toContain(
      `shop-enterprise-use1-${id}`,
    );
    expect(aws.traffic.health(groupOf('enterprise'), 'enterprise-use1')).toMatchObject({ role: 'writer' });
    expect(aws.traffic.health(groupOf('enterprise'), 'enterprise-usw2')).toMatchObject({ role: 'reader' });
    expect(aws.databases.clusters.has('us-east-1/shop-enterprise-use1')).toBe(true);
    expect((await jo.look({ operation: 'abandon', group: 'enterprise', restore: id, reason: REASON })).findings).toContainEqual(
      expect.objectContaining({ code: 'restore-in-use', severity: 'error' }),
    );
    // Operations go on with what the pointers say.
    expect(await jo.go(failover())).toMatchObject({ result: 'completed', variant: 'switchover' });
  });

  test('a continuous backup hits the second', async () => {
    aws.backups.windows.push({
      region: 'us-east-1',
      resource: 'shop-enterprise-use1',
      from: EPOCH - 35 * 24 * HOUR,
      to: EPOCH - 300_000,
    });
    const looked = await jo.look(restore('enterprise', { at: EPOCH - 601_000 }));
    expect(looked.findings.find((each) => each.code === 'recovery-point-chosen')?.message).toContain('2026-11-21T09:49:59');
    expect((await jo.go(restore('enterprise', { at: EPOCH - 601_000 }))).achievedRpoSeconds).toBe(601);
  });

  test('a lost Region: its points do not count, the copy in the surviving one is restored', async () => {
    await jo.look(failover());
    aws.world.down.add('us-east-1');
    await jo.go(failover());
    const looked = await jo.look(restore('enterprise'));
    expect(looked.plan?.avoid).toEqual(['us-east-1']);
    expect(looked.findings.find((each) => each.code === 'recovery-point-chosen')?.message).toContain('us-west-2 (a copy)');
    const report = await jo.go(restore('enterprise'));
    expect(report.result).toBe('completed');
    expect(report.pending.join()).toContain('us-east-1 has no replica');
    const done = await jo.go({ operation: 'cutover', group: 'enterprise', restore: 'r20261121t080000', reason: REASON });
    expect(done.result).toBe('completed');
    expect(aws.traffic.health(groupOf('enterprise'), 'enterprise-usw2').writable).toBe(true);
  });

  test('DynamoDB EVENTUAL: a table, then replicas one by one', async () => {
    const report = await jo.go(restore('pool'));
    expect(report).toMatchObject({ result: 'completed', variant: 'dynamodb-eventual' });
    expect([...aws.tables.tables.get('shop-pool.table-r20261121t080000')!.replicas.keys()].sort()).toEqual([
      'eu-west-1',
      'us-east-1',
      'us-west-2',
    ]);
    await jo.go({ operation: 'cutover', group: 'pool', restore: 'r20261121t080000', reason: REASON });
    expect(aws.pointers.values.get('eu-west-1/stampkit/shop/pool-euw1/database')?.value).toContain(
      'shop-pool.table-r20261121t080000',
    );
  });

  test('DynamoDB STRONG: copied into an empty strongly consistent table', async () => {
    const report = await jo.go(restore('ledger'));
    expect(report).toMatchObject({ result: 'completed', variant: 'dynamodb-strong' });
    expect(aws.tables.tables.get('shop-ledger.table-r20261121t080000')).toMatchObject({ consistency: 'strong', items: 250 });
    expect(aws.tables.tables.has('shop-ledger.table-r20261121t080000-source')).toBe(false);
  });

  test('--test restores, validates and takes everything down again', async () => {
    const report = await jo.go(restore('enterprise', { test: true }));
    expect(report.result).toBe('completed');
    expect(outcomes(report)).toMatchObject({ 'validate:us-east-1': 'done' });
    expect([...aws.databases.clusters.keys()].filter((key) => key.includes('-t2026'))).toEqual([]);
    expect(aws.control.body('restore#enterprise', 't20261121t080000')).toMatchObject({ state: 'abandoned' });
  });

  test('what fails validation is not offered for a cut-over', async () => {
    aws.backups.validation = { passed: false, checks: [{ name: 'orders', passed: false, message: '0 rows' }] };
    const report = await jo.go(restore('enterprise'));
    expect(report).toMatchObject({ result: 'failed', detail: expect.stringContaining('orders: 0 rows') });
    const looked = await jo.look(
      { operation: 'cutover', group: 'enterprise', restore: 'r20261121t080000', reason: REASON },
      { supersedes: report.operation },
    );
    expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'restore-not-validated', severity: 'error' }));
    const gone = await jo.go(
      { operation: 'abandon', group: 'enterprise', restore: 'r20261121t080000', reason: REASON },
      { supersedes: report.operation },
    );
    expect(gone.result).toBe('completed');
    expect([...aws.databases.clusters.keys()].filter((key) => key.includes('-r2026'))).toEqual([]);
    expect([...aws.databases.globals.keys()].filter((key) => key.includes('-r2026'))).toEqual([]);
  });

  test('a restore job that fails ends the operation with its reason', async () => {
    aws.backups.failure = 'the key is disabled';
    expect(await jo.go(restore('enterprise'))).toMatchObject({
      result: 'failed',
      detail: expect.stringContaining('the key is disabled'),
    });
  });

  test('fails without a point that old', async () => {
    const looked = await jo.look(restore('enterprise', { at: EPOCH - 1000 * HOUR }));
    expect(looked.findings).toEqual([
      expect.objectContaining({ code: 'no-recovery-point', fix: expect.stringContaining('oldest') }),
    ]);
  });

  test('fails for a point that no vault holds, and for a group without a database', async () => {
    const unknown: OperationRequest = { operation: 'restore', group: 'enterprise', recoveryPoint: 'arn:x', reason: REASON };
    expect((await jo.look(unknown)).findings.map((each) => each.code)).toEqual(['no-recovery-point']);
    expect((await jo.look(restore('tools'))).findings.map((each) => each.code)).toEqual(['no-database']);
  });
});
