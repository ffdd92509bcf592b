import { describe, expect, test } from 'vitest';
import { type DnsAnswer, PortError, type OperationPorts } from '../../../lib/ports';
import { EPOCH } from '../../fakes/world';
import { documentOf } from '../../support/cli';
import { OnCall } from './on-call';
import { proofExample as proof } from './proof-example';

/** The part of the screen that says what to do. */
function attentionOf({ out }: { readonly out: string }): string {
  return out.slice(out.indexOf('needs attention'));
}

describe('status of a group that is well', () => {
  test('is one screen with everything on it, and exits 0', async () => {
    const { exitCode, out, err } = await new OnCall(undefined, { proof }).run('status', 'enterprise');
    expect(err).toBe('');
    expect(exitCode).toBe(0);
    expect(out.split('\n').length).toBeLessThanOrEqual(24);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(out).toMatch(/^enterprise {2}active-passive, aurora-postgresql {2}2026-11-21 10:00:00Z\n/);
    expect(out).toMatch(/^enterprise-use1 +primary +yes +healthy +writer +in service +12 of 12\.\.24 +6 of 6\.\.40 +empty$/m);
    expect(out).toMatch(/^enterprise-usw2 +standby +no +healthy +reader +in service/m);
    expect(out).toMatch(/^answers +enterprise\.shop\.example\.com -> enterprise-use1 \(2 of 2 resolvers\)$/m);
    expect(out).toMatch(/^lag +us-west-2 1 s, measured 0 s ago$/m);
    expect(out).toMatch(/^backups +us-east-1 newest 2 h old, lock governance, restore test passed 3 d ago$/m);
    expect(out).toMatch(/^lease +free, never held$/m);
    expect(out).toMatch(/^operation +none yet$/m);
    expect(out).toMatch(/^bound +availability: rto at worst 1048 s of 1200 s \(region:use1\), rpo at worst 30 s of 60 s/m);
    expect(out).toMatch(/^ +recovery: rto at worst .* of 12 h .*, rpo at worst .* of 30 h/m);
    expect(out).toMatch(/nothing needs attention\n$/);
  });

  test('--json is one document of the same', async () => {
    const result = await new OnCall(undefined, { proof }).run('status', 'pool', '--json');
    expect(result.exitCode).toBe(0);
    expect(documentOf(result)).toMatchObject({
      schemaVersion: 1,
      ok: true,
      group: 'pool',
      stamps: [
        { stamp: 'pool-euw1', preferred: 'active', answered: true, health: 'healthy', evacuated: false, template: { web: 18 } },
        { stamp: 'pool-use1' },
        { stamp: 'pool-usw2' },
      ],
      lag: expect.arrayContaining([{ from: 'us-east-1', to: 'eu-west-1', lag: { seconds: 1, at: EPOCH } }]),
      bounds: [{ objective: 'availability', holds: true }, { objective: 'recovery' }],
      attention: [],
    });
  });

  test('--no-proof proves nothing, and a fleet that cannot be proved is still shown', async () => {
    const jo = new OnCall(undefined, {
      proof: () => Promise.reject(new Error('cannot synthesize\nat somewhere')),
    });
    expect((await jo.run('status', 'enterprise', '--no-proof')).out).not.toContain('bound');
    const { exitCode, out } = await jo.run('status', 'enterprise');
    expect(out).toMatch(/^bound +not proved: cannot synthesize$/m);
    expect(exitCode).toBe(0);
  });
});

describe('status exits 1 and says what to do', () => {
  test('about a Region that is gone, while resolvers still lead there: nobody is said to be led elsewhere', async () => {
    const remembered = new Map<string, DnsAnswer[]>();
    const jo = new OnCall(undefined, {
      wrap: (ports) => ({ ...ports, dns: { answers: (name) => Promise.resolve(remembered.get(name) ?? []) } }),
    });
    const { recordName, stamps } = jo.aws.fleet.groups.find(({ name }) => name === 'enterprise')!;
    const dns = jo.aws.traffic.dns();
    for (const name of [recordName, ...stamps.map(({ values }) => values.recordName)])
      remembered.set(name, [...(await dns.answers(name))]);
    jo.aws.world.down.add('us-east-1');
    const attention = attentionOf(await jo.run('status', 'enterprise', '--no-proof'));
    expect(attention).toMatch(
      /nothing in us-east-1 answers\n +fix: Unknown is not dead: .*; when it is lost: stampkit failover enterprise --to usw2/,
    );
    expect(attention).not.toContain('users are led to');
  });

  test('about a Region that is gone, and the evacuation that followed', async () => {
    const jo = new OnCall();
    await jo.run('status', 'enterprise');
    jo.aws.world.down.add('us-east-1');
    await jo.run('failover', 'enterprise', '--to', 'usw2', '--reason', 'use1 impaired', '--go');
    const result = await jo.run('status', 'enterprise');
    expect(result.exitCode).toBe(1);
    expect(result.out).toMatch(/^enterprise-use1 +primary +no +gone +unknown +evacuated/m);
    expect(result.out).toMatch(/^operation +2026\S+-failover-enterprise-\S+, completed, jo, 0 s ago$/m);
    expect(attentionOf(result)).toMatch(/not-healthy: enterprise-use1 is unknown: nothing in us-east-1 answers/);
    expect(attentionOf(result)).toMatch(
      /evacuated: enterprise-use1 is evacuated in use2, usw2 by jo: use1 impaired\n +fix: .*stampkit return enterprise-use1/,
    );
  });

  test.each<[string, (jo: OnCall) => void, RegExp]>([
    [
      'a stamp that fails',
      ({ aws }) => void aws.traffic.sick.add('enterprise-use1'),
      /error not-healthy: enterprise-use1 is failing \(compute-down\)\n +fix: .*stampkit failover enterprise --to usw2/,
    ],
    [
      'a replica that is behind',
      ({ aws }) => void aws.databases.lagSeconds.set('us-west-2', 300),
      /lag-above-rpo: the replica in us-west-2: 300 s, the objective is 60 s/,
    ],
    [
      'a floor that is not the template’s',
      ({ aws }) => void Object.assign(aws.capacity.stamps.get('enterprise-usw2')!.web!, { min: 20, running: 20 }),
      /capacity-short: the minimum of web is 20, the template says 12\n +fix: A failback gives it back/,
    ],
    [
      'tasks that do not run',
      ({ aws }) => void Object.assign(aws.capacity.stamps.get('enterprise-use1')!.web!, { running: 7, readyAt: Infinity }),
      /capacity-short: 7 of at least 12 tasks of enterprise-use1 run/,
    ],
    [
      'dead letters',
      ({ aws }) => void Object.assign(aws.queues.of('enterprise-use1'), { deadLetters: 3 }),
      /messages-wait: 3 dead letters in enterprise-use1/,
    ],
    [
      'versions that differ',
      ({ aws }) => void (aws.databases.clusters.get('us-west-2/shop-enterprise-usw2')!.engineVersion = '16.6'),
      /versions-differ: the members run 16\.6 and 16\.8/,
    ],
    [
      'a control Region that is silent',
      ({ aws }) => void aws.world.silent.add('s3@us-east-2'),
      /control-region-unreachable: the switches in use2 cannot be read/,
    ],
    [
      'a control table that is silent',
      ({ aws }) => {
        for (const region of aws.fleet.control.table.replicaRegions) aws.world.silent.add(`dynamodb@${region}`);
      },
      /error control-table-unreachable: .*no operation could take its lease/,
    ],
    [
      'backups that are too old',
      ({ aws }) => {
        const old = aws.backups.recoveryPoints.map((point) => ({ ...point, createdAt: EPOCH - 31 * 3_600_000 }));
        aws.backups.recoveryPoints.splice(0, old.length, ...old);
      },
      /error backup-too-old: the newest recovery point in us-east-1 is 31 h old, the objective is 30 h/,
    ],
    [
      'a restore test that failed',
      ({ aws }) => {
        for (const [key] of aws.backups.tests) aws.backups.tests.set(key, { at: EPOCH - 3_600_000, passed: false });
      },
      /error restore-test-failed: the restore test in us-east-1 failed 60 min ago/,
    ],
  ])('%s', async (_what, happen, message) => {
    const jo = new OnCall();
    happen(jo);
    const result = await jo.run('status', 'enterprise');
    expect(result.exitCode).toBe(1);
    expect(attentionOf(result)).toMatch(message);
  });

  test('Ctrl-C while it looks ends it at once with 3', async () => {
    const jo: OnCall = new OnCall(undefined, {
      wrap: (ports) => ({
        ...ports,
        probes: {
          ...ports.probes,
          health: (stamp) => {
            if (jo.left.length === 0) jo.interrupt();
            return ports.probes.health(stamp);
          },
        },
      }),
    });
    const { err } = await jo.run('status', 'enterprise');
    expect(err).toContain('stopped: nothing was changed\n');
    expect(jo.left).toEqual([3]);
  });

  test('an operation that was stopped in the middle', async () => {
    const jo: OnCall = new OnCall(undefined, {
      wrap: (ports) => ({
        ...ports,
        databases: {
          ...ports.databases,
          switchover: async (change) => {
            await ports.databases.switchover(change);
            jo.interrupt();
          },
        },
      }),
    });
    await jo.run('failover', 'enterprise', '--to', 'usw2', '--go');
    const result = await jo.run('status', 'enterprise');
    expect(attentionOf(result)).toMatch(
      /unfinished-operation: (\S+) by jo was aborted .*\n +fix: Go on with it \(stampkit journal resume \1\)/,
    );
  });

  test('users who are led to a stamp that cannot write', async () => {
    const jo = new OnCall();
    await jo.run('failover', 'enterprise', '--to', 'usw2', '--go');
    jo.aws.switches.objects.clear();
    const result = await jo.run('status', 'enterprise');
    expect(attentionOf(result)).toMatch(
      /error not-the-writer: users are led to enterprise-use1, and the writer is enterprise-usw2\n +fix: Move the writer: stampkit failover enterprise --to use1/,
    );
  });

  test('calls that are not allowed, as one line with what is missing', async () => {
    const wrap = (ports: OperationPorts): OperationPorts => ({
      ...ports,
      backups: {
        ...ports.backups,
        points: (region) =>
          Promise.reject(new PortError('denied', { service: 'backup', region, call: 'ListRecoveryPoints' }, 'no credentials')),
      },
    });
    const { exitCode, err, out } = await new OnCall(undefined, { wrap }).run('status', 'enterprise');
    expect(exitCode).toBe(1);
    expect(err).toBe('denied: no credentials (backup ListRecoveryPoints in us-east-1, backup ListRecoveryPoints in us-west-2)\n');
    expect(out).toMatch(/backups-unreadable/);
  });
});

describe('backups', () => {
  test('shows every vault, and with --points what can be restored', async () => {
    const jo = new OnCall();
    const { exitCode, out } = await jo.run('backups', 'enterprise', '--points');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^enterprise: recovery objective rpo 30 h, rto 12 h$/m);
    expect(out).toMatch(/^enterprise-use1 +us-east-1 +111111111111 +3 +2 h +3 h +governance +- +passed 3 d ago$/m);
    expect(out).toMatch(/^2026-11-21 08:00:00Z +2 h +us-west-2 +copy +completed +arn:aws:backup:us-west-2:111111111111:\S+$/m);
  });

  test('without a group shows all that have backups', async () => {
    const { out } = await new OnCall().run('backups');
    expect([...out.matchAll(/^(\w+): recovery objective/gm)].map(([, group]) => group)).toEqual(['enterprise', 'pool']);
    expect((await new OnCall().run('backups', 'internal')).out).toBe(
      'internal has no database of its own: nothing is backed up\n',
    );
  });

  test('--check prints a line per finding and nothing else, and exits 1', async () => {
    const jo = new OnCall();
    expect(await jo.run('backups', '--check')).toEqual({ exitCode: 0, out: '', err: '' });
    jo.aws.backups.recoveryPoints.splice(0, jo.aws.backups.recoveryPoints.length);
    const { exitCode, out } = await jo.run('backups', '--check');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^(\S+ (error|warning) [a-z-]+: [^\n]+\n){10}$/);
    expect(out).toMatch(
      /^pool-euw1 error backup-missing: the vault shop-pool-euw1 in eu-west-1 holds nothing of shop-pool.table to restore$/m,
    );
  });

  test.each<[string, (jo: OnCall) => void, RegExp]>([
    [
      'a copy that never came',
      ({ aws }) => {
        const own = aws.backups.recoveryPoints.filter((point) => !point.copy);
        aws.backups.recoveryPoints.splice(0, aws.backups.recoveryPoints.length, ...own);
      },
      /backup-copy-missing: no copy of another Region’s backups has reached shop-enterprise-use1/,
    ],
    [
      'a lock that is gone',
      ({ aws }) => {
        const open = aws.backups.recoveryPoints.map((point) => ({ ...point, lock: 'none' as const }));
        aws.backups.recoveryPoints.splice(0, open.length, ...open);
      },
      /backup-not-locked: .* is locked as "none", the template says "governance"/,
    ],
    [
      'tests that never ran',
      ({ aws }) => {
        aws.backups.tests.clear();
      },
      /restore-test-missing/,
    ],
    [
      'tests that stopped',
      ({ aws }) => {
        for (const [key] of aws.backups.tests) aws.backups.tests.set(key, { at: EPOCH - 20 * 86_400_000, passed: true });
      },
      /restore-test-old: the last restore test in us-east-1 was 20 d ago, it should be weekly/,
    ],
  ])('finds %s', async (_what, happen, message) => {
    const jo = new OnCall();
    happen(jo);
    const { exitCode, out } = await jo.run('backups', 'enterprise', '--check');
    expect(exitCode).toBe(1);
    expect(out).toMatch(message);
  });
});
