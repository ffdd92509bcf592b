import { describe, expect, test } from 'vitest';
import { PortError } from '../../../lib/ports';
import { OnCall } from './on-call';

const AT = '2026-11-21T09:00:00Z';
/** From the newest point before AT. */
const ID = 'r20261121t080000';

describe('restore', () => {
  test('restores beside the live data, says why this point, and what it achieved', async () => {
    const jo = new OnCall();
    const dry = await jo.run('restore', 'enterprise', '--at', AT);
    expect(dry.exitCode).toBe(0);
    expect(dry.err).toMatch(/info recovery-point-chosen: the newest recovery point before .* in us-east-1/);
    expect(dry.out).toMatch(/npx stampkit restore enterprise --at 2026-11-21T09:00:00Z .*--go --plan [0-9a-f]{12}\n$/);
    const { exitCode, out } = await jo.run('restore', 'enterprise', '--at', AT, '--go');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/achieved RTO \d+ min, RPO 2 h; kept in the journal/);
    expect(out).toMatch(new RegExp(`${ID} is restored and not yet adopted: .*stampkit restore[\\s\\S]*--cutover ${ID}`));
    expect(jo.aws.databases.clusters.has('us-east-1/shop-enterprise-use1')).toBe(true);
    expect((await jo.run('status', 'enterprise', '--no-proof')).out).toMatch(
      new RegExp(`restore-not-adopted: ${ID}: validated, not yet adopted`),
    );
  });

  test('the cut-over swaps the pointers, and status reminds until a stack owns it', async () => {
    const jo = new OnCall();
    await jo.run('restore', 'enterprise', '--at', AT, '--go');
    const before = jo.aws.pointers.values.get('us-east-1/stampkit/shop/enterprise-use1/database')!.value;
    const { exitCode, err } = await jo.run('restore', 'enterprise', '--cutover', ID, '--go');
    expect(exitCode).toBe(0);
    expect(err).toMatch(/warning data-since-restore-point/);
    expect(jo.aws.pointers.values.get('us-east-1/stampkit/shop/enterprise-use1/database')!.value).not.toBe(before);
    const reminded = await jo.run('status', 'enterprise', '--no-proof');
    expect(reminded.out).toMatch(/restored and in use, not yet adopted[\s\S]*--adopted r20261121t080000/);
    expect((await jo.run('restore', 'enterprise', '--adopted', ID, '--go')).exitCode).toBe(0);
    expect((await jo.run('status', 'enterprise', '--no-proof')).out).not.toContain('not yet adopted');
    expect((await jo.run('restore', 'enterprise', '--adopted', ID)).out).toMatch(/adopted already: nothing to do/);
  });

  test.each([
    ['enterprise', ['us-east-1', 'us-west-2']],
    ['pool', ['eu-west-1', 'us-east-1', 'us-west-2']],
  ])(
    'after the cut-over of %s its backup plans take the restored data, and status says when they do not',
    async (group, regions) => {
      const jo = new OnCall();
      await jo.run('restore', group, '--at', AT, '--go');
      const { out } = await jo.run('restore', group, '--cutover', ID, '--go');
      expect(out.match(/^cover:\S+ +done +.*in the backup plan of \S+, with a continuous backup$/gm)).toHaveLength(
        regions.length,
      );
      const notYet = await jo.run('backups', group);
      // Points of the data before the cut-over are no backups of what the group lives on now.
      expect(notYet.out.match(/backup-missing: .* holds nothing of \S+-r20261121t080000 to restore/g)).toHaveLength(
        regions.length,
      );
      expect(notYet.out).not.toContain('not-backed-up');
      for (const cluster of jo.aws.databases.clusters.values()) delete cluster.plan;
      for (const table of jo.aws.tables.tables.values()) table.plans.clear();
      const status = await jo.run('status', group, '--no-proof');
      expect(status.exitCode).toBe(1);
      expect(status.out.match(/error not-backed-up: \S+-r20261121t080000 in \S+ is in no backup plan of/g)).toHaveLength(
        regions.length,
      );
      expect(status.out).toMatch(/fix: aws (rds add-tags-to-resource|dynamodb tag-resource) --region/);
    },
  );

  test('a cut-over that may not cover the restored data goes on, and says so', async () => {
    const jo: OnCall = new OnCall(undefined, {
      wrap: (ports) => ({
        ...ports,
        backups: {
          ...ports.backups,
          cover: ({ region }) =>
            Promise.reject(new PortError('denied', { service: 'rds', region, call: 'AddTagsToResource' }, 'not allowed')),
        },
      }),
    });
    await jo.run('restore', 'enterprise', '--at', AT, '--go');
    const { exitCode, out } = await jo.run('restore', 'enterprise', '--cutover', ID, '--go');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/cover:enterprise-use1 +unconfirmed/);
    expect(out).toMatch(/Look at "cover:enterprise-use1": .*not allowed/);
    expect((await jo.run('status', 'enterprise', '--no-proof')).out).toContain('not-backed-up');
  });

  test('what nothing lives on cannot be adopted, what is in use cannot be abandoned', async () => {
    const jo = new OnCall();
    await jo.run('restore', 'pool', '--at', AT, '--go');
    expect((await jo.run('restore', 'pool', '--adopted', ID)).err).toMatch(
      /restore-not-adopted: .* validated: nothing lives on it/,
    );
    await jo.run('restore', 'pool', '--cutover', ID, '--go');
    const { exitCode, err } = await jo.run('restore', 'pool', '--abandon', ID, '--go');
    expect(exitCode).toBe(3);
    expect(err).toMatch(/restore-in-use/);
  });

  test('--abandon removes what it made and nothing else', async () => {
    const jo = new OnCall();
    await jo.run('restore', 'pool', '--at', AT, '--go');
    expect(jo.aws.tables.tables.has(`shop-pool.table-${ID}`)).toBe(true);
    expect((await jo.run('restore', 'pool', '--abandon', ID, '--go')).exitCode).toBe(0);
    expect([...jo.aws.tables.tables.keys()]).toEqual(['shop-pool.table']);
  });

  test('--test restores, validates and tears down', async () => {
    const jo = new OnCall();
    const { exitCode, out } = await jo.run('restore', 'enterprise', '--at', AT, '--test', '--go');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/validate:us-east-1 +done .*1 check passed/);
    expect([...jo.aws.databases.clusters.keys()].sort()).toEqual([
      'us-east-1/shop-enterprise-use1',
      'us-west-2/shop-enterprise-usw2',
    ]);
  });

  test('fails with 1 when the restored data is not good', async () => {
    const jo = new OnCall();
    jo.aws.backups.validation = { passed: false, checks: [{ name: 'rows', passed: false, message: 'no rows' }] };
    const { exitCode, out } = await jo.run('restore', 'enterprise', '--at', AT, '--go');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/validate:us-east-1 +failed .*rows: no rows/);
  });

  test('fails with 3 for a moment that nothing reaches, and says what does', async () => {
    const { exitCode, err } = await new OnCall().run('restore', 'enterprise', '--at', '2026-10-01T00:00:00Z');
    expect(exitCode).toBe(3);
    expect(err).toMatch(
      /no-recovery-point: .*\n +fix: The oldest that can be restored is 2026-11-20T08:00:00\.000Z; see stampkit backups/,
    );
  });

  test.each<[string, string[], RegExp]>([
    ['nothing', [], /restore of what/],
    ['two things', ['--at', AT, '--cutover', ID], /--at and --cutover at once/],
    ['a time without a zone', ['--at', '2026-11-21T09:00:00'], /Give date, time and zone/],
    ['a time that is none', ['--at', '2026-13-41T09:00:00Z'], /Give date, time and zone/],
    ['a time that has not come', ['--at', '2999-01-01T00:00:00Z'], /has not come yet/],
    ['a test of a cut-over', ['--cutover', ID, '--test'], /--test without something to restore/],
  ])('fails with 2 for %s', async (_what, args, message) => {
    const { exitCode, out, err } = await new OnCall().run('restore', 'enterprise', ...args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(message);
  });
});
