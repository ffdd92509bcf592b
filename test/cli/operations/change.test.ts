import { describe, expect, test } from 'vitest';
import { PortError, type OperationPorts } from '../../../lib/ports';
import type { FakeAws } from '../../fakes/fake-aws';
import { documentOf } from '../../support/cli';
import { hashIn, OnCall } from './on-call';

const WHY = ['--reason', 'use1 is impaired'];
const FAILOVER = ['failover', 'enterprise', '--to', 'usw2', ...WHY];

/** What is true of the group from outside. */
function answered(aws: FakeAws, group = 'enterprise'): string[] {
  return aws.traffic.answered(aws.fleet.groups.find(({ name }) => name === group)!);
}

interface Line {
  readonly schemaVersion: number;
  readonly type: string;
  readonly [member: string]: unknown;
}

function linesOf(out: string): Line[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('a changing command', () => {
  test('shows plan, times and hash, changes nothing, and says how to do exactly this', async () => {
    const jo = new OnCall();
    const { exitCode, out } = await jo.run(...FAILOVER);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^failover of enterprise \(switchover\)\n {2}enterprise-use1 is healthy/);
    expect(out).toMatch(/ 3 {2}promote:enterprise-usw2 +2 +2 min +5 min +10 min +stops\n +Switch the writer over/);
    expect(out).toMatch(/^ +calls rds us-/m);
    expect(out).toMatch(/Plan [0-9a-f]{64}\n/);
    expect(out).toMatch(/npx stampkit failover enterprise --to usw2 .*--reason 'use1 is impaired' --go --plan [0-9a-f]{12}\n$/);
    expect(jo.aws.databases.promotions).toEqual([]);
    expect(jo.aws.switches.history).toEqual([]);
    expect(jo.disk.size).toBe(0);
  });

  test('with --go and the hash runs that plan, reports each step and what it achieved', async () => {
    const jo = new OnCall();
    const hash = hashIn(await jo.run(...FAILOVER));
    const { exitCode, out, err } = await jo.run(...FAILOVER, '--go', '--plan', hash);
    expect(exitCode).toBe(0);
    expect(out).toContain(`plan ${hash}: 7 steps`);
    expect(out).toMatch(/completed after 62 s/);
    expect(out).toMatch(/promote:enterprise-usw2 +done +62 s +writer is shop-enterprise-usw2/);
    expect(out).toMatch(/achieved RTO 62 s/);
    expect(err).toMatch(/^10:01:02Z done promote:enterprise-usw2 in 62 s: writer is/m);
    expect(answered(jo.aws)).toEqual(['enterprise-usw2']);
  });

  test('fails with 3 when the plan is another one than the one that was shown', async () => {
    const jo = new OnCall();
    const hash = hashIn(await jo.run(...FAILOVER));
    jo.aws.traffic.sick.add('enterprise-use1');
    const { exitCode, err } = await jo.run(...FAILOVER, '--go', '--plan', hash);
    expect(exitCode).toBe(3);
    expect(err).toMatch(new RegExp(`error plan-changed: --plan says ${hash}`));
    expect(err).toMatch(/nothing was changed\n$/);
    expect(jo.aws.switches.history).toEqual([]);
  });

  test('says that there is nothing to do, with 0, when it is so already: a script that asks twice has not failed', async () => {
    const jo = new OnCall();
    await jo.run('evacuate', 'pool-euw1', '--go');
    expect(await jo.run('evacuate', 'pool-euw1', '--go')).toEqual({
      exitCode: 0,
      out: 'pool-euw1 is evacuated in every control Region: nothing to do\n',
      err: '',
    });
    expect(documentOf(await jo.run('evacuate', 'pool-euw1', '--json'))).toMatchObject({ ok: true, satisfied: true });
  });

  test('evacuates and readmits', async () => {
    const jo = new OnCall();
    expect((await jo.run('evacuate', 'pool-euw1', '--go')).exitCode).toBe(0);
    expect(answered(jo.aws, 'pool')).toEqual(['pool-use1', 'pool-usw2']);
    expect((await jo.run('readmit', 'pool-euw1', '--go')).exitCode).toBe(0);
    expect(answered(jo.aws, 'pool')).toContain('pool-euw1');
  });

  test('an unplanned failover, the return of the Region, and the way back', async () => {
    const jo = new OnCall();
    await jo.run(...FAILOVER);
    jo.aws.world.down.add('us-east-1');
    const failover = await jo.run(...FAILOVER, '--go');
    expect(failover.exitCode).toBe(0);
    expect(failover.out).toMatch(/Nothing is called in us-east-1/);
    expect(failover.out).toMatch(/stampkit return enterprise-use1/);
    jo.aws.world.down.clear();
    expect((await jo.run('failback', 'enterprise', '--go')).err).toMatch(/stampkit return enterprise-use1/);
    expect((await jo.run('return', 'enterprise-use1', '--go')).exitCode).toBe(0);
    expect((await jo.run('failback', 'enterprise', '--go')).exitCode).toBe(0);
    expect(answered(jo.aws)).toEqual(['enterprise-use1']);
  });

  test('fails with 3 and what to do instead for a refusal of safety', async () => {
    const jo = new OnCall();
    const { exitCode, err } = await jo.run('evacuate', 'enterprise-use1', '--go');
    expect(exitCode).toBe(3);
    expect(err).toMatch(/writer-would-be-bypassed: .*\n +fix: .*stampkit failover enterprise --to usw2/);
    expect(err).toMatch(/refused: evacuate of enterprise was not begun; nothing was changed\n$/);
  });

  test('fails with 1 and says how to go on when a step fails', async () => {
    const wrap = (ports: OperationPorts): OperationPorts => ({
      ...ports,
      databases: {
        ...ports.databases,
        switchover: () =>
          Promise.reject(
            new PortError('invalid', { service: 'rds', region: 'us-west-2', call: 'SwitchoverGlobalCluster' }, 'not now'),
          ),
      },
    });
    const { exitCode, out } = await new OnCall(undefined, { wrap }).run(...FAILOVER, '--go');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/promote:enterprise-usw2 +failed .*SwitchoverGlobalCluster in us-west-2: not now/);
    expect(out).toMatch(/evacuate:enterprise-use1 +not reached/);
    expect(out).toMatch(/stampkit journal resume 20261121T\d{6}-failover-enterprise-[0-9a-f]{6}/);
  });

  test('names what is denied once, with the action and where', async () => {
    const wrap = (ports: OperationPorts): OperationPorts => ({
      ...ports,
      capacity: {
        ...ports.capacity,
        read: ({ region }) =>
          Promise.reject(
            new PortError('denied', { service: 'ecs', region, call: 'DescribeServices' }, 'needs ecs:DescribeServices'),
          ),
      },
    });
    const { err } = await new OnCall(undefined, { wrap }).run('evacuate', 'pool-euw1');
    expect(err.match(/^denied: needs ecs:DescribeServices \(.*eu-west-1, .*us-east-1, .*us-west-2\)$/gm)).toHaveLength(1);
  });
});

describe('--json', () => {
  test('is one document with plan, hash and findings', async () => {
    const result = await new OnCall().run(...FAILOVER, '--json');
    expect(result.exitCode).toBe(0);
    expect(documentOf(result)).toMatchObject({
      schemaVersion: 1,
      ok: true,
      allowed: true,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      request: { operation: 'failover', to: 'usw2' },
      plan: { variant: 'switchover', steps: expect.any(Array) },
      findings: [],
    });
  });

  test('is a stream of lines while an operation runs: the plan, what happens, the report', async () => {
    const { exitCode, out, err } = await new OnCall().run(...FAILOVER, '--go', '--json');
    expect(exitCode).toBe(0);
    expect(err).toBe('');
    const lines = linesOf(out);
    expect(lines.every(({ schemaVersion }) => schemaVersion === 1)).toBe(true);
    expect(lines[0]).toMatchObject({ type: 'plan', plan: { group: 'enterprise' } });
    expect(lines.at(-1)).toMatchObject({ type: 'report', result: 'completed', achievedRtoSeconds: 62.1 });
    const events = lines.slice(1, -1);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['event']));
    expect(events.map(({ code }) => code)).toEqual(expect.arrayContaining(['step-started', 'step-waiting', 'step-done']));
  });

  test('a refusal is a report line', async () => {
    const { exitCode, out } = await new OnCall().run('evacuate', 'enterprise-use1', '--go', '--json');
    expect(exitCode).toBe(3);
    expect(linesOf(out)).toMatchObject([{ type: 'report', result: 'refused', ok: false }]);
  });
});

describe('progress', () => {
  test('a terminal sees what is waited for, how long, until when, and what happens then', async () => {
    const { err } = await new OnCall(undefined, { interactive: true }).run(...FAILOVER, '--go');
    expect(err).toMatch(/looking at enterprise: 0 s/);
    expect(err).toMatch(/\r\u001B\[2Kpromote:enterprise-usw2: \d+ s of 2 min, gives up 10:10:00Z, then stops; switching-over/);
    expect(err).not.toMatch(/[^\n\r]{130}/);
  });

  test('a pipe is told what ended, and nothing in between', async () => {
    const { err } = await new OnCall().run(...FAILOVER, '--go');
    expect(err).not.toMatch(/looking at|gives up|\u001B/);
  });
});

describe('Ctrl-C', () => {
  /** Presses when the switchover has been asked for. */
  function pressing(times: number): OnCall {
    const jo: OnCall = new OnCall(undefined, {
      wrap: (ports) => ({
        ...ports,
        databases: {
          ...ports.databases,
          switchover: async (change) => {
            await ports.databases.switchover(change);
            for (let time = 0; time < times; time += 1) jo.interrupt();
          },
        },
      }),
    });
    return jo;
  }

  test('once: finishes the step at hand, gives the lease back and ends with 3', async () => {
    const jo = pressing(1);
    const { exitCode, out, err } = await jo.run(...FAILOVER, '--go');
    expect(exitCode).toBe(3);
    expect(err).toMatch(/^stopping: the step at hand is finished or undone/m);
    expect(out).toMatch(/aborted after 62 s/);
    expect(out).toMatch(/promote:enterprise-usw2 +done/);
    expect(out).toMatch(/stampkit journal resume 2026/);
    expect(jo.aws.control.body('group#enterprise', 'lease')).toMatchObject({ state: 'released' });
    expect(jo.left).toEqual([]);
  });

  test('twice: stops at once, says how to resume, and waits for nothing', async () => {
    const jo = pressing(2);
    const { exitCode, out, err } = await jo.run(...FAILOVER, '--go');
    expect(exitCode).toBe(3);
    expect(err).toMatch(/^stopped at once/m);
    expect(out).toMatch(/interrupted/);
    expect(out).toMatch(/stampkit journal resume 2026/);
    expect(jo.left).toEqual([3]);
  });
});

describe('usage errors exit 2', () => {
  test.each<[string, string[], RegExp]>([
    ['an unknown group', ['failover', 'enterprize', '--to', 'usw2'], /GROUP_UNKNOWN: .*enterprise, internal, pool/],
    ['an unknown stamp', ['evacuate', 'pool-mars1'], /STAMP_UNKNOWN: .*pool-euw1/],
    ['a group instead of a stamp', ['evacuate', 'pool'], /"pool" is a group.*pool-euw1, pool-use1, pool-usw2/],
    ['no Region', ['failover', 'enterprise'], /required option '--to <region>' not specified/],
    ['--plan without --go', ['failback', 'enterprise', '--plan', '0123456789ab'], /--plan without --go/],
    ['a hash that is none', ['failback', 'enterprise', '--go', '--plan', 'latest'], /--plan latest/],
    ['--break-glass without a reason', ['evacuate', 'pool-euw1', '--break-glass'], /--break-glass without --reason/],
    ['an empty reason', ['evacuate', 'pool-euw1', '--reason', ' '], /--reason is empty/],
  ])('fails for %s', async (_what, args, message) => {
    const { exitCode, out, err } = await new OnCall().run(...args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(message);
  });
});

describe('--break-glass', () => {
  test('goes without a lease while the control table is silent, and only then', async () => {
    const jo = new OnCall();
    const glass = ['evacuate', 'pool-euw1', '--break-glass', '--reason', 'control Regions are down', '--go'];
    expect((await jo.run(...glass)).err).toMatch(/there is no reason to break the glass\n +fix: Leave --break-glass out/);
    for (const region of jo.aws.fleet.control.table.replicaRegions) jo.aws.world.silent.add(`dynamodb@${region}`);
    expect((await jo.run('evacuate', 'pool-euw1', '--go')).err).toMatch(/fix: .*--break-glass --reason/);
    const { exitCode, err } = await jo.run(...glass);
    expect(exitCode).toBe(0);
    expect(err).toMatch(/warning break-glass: .*\n +fix: .*stampkit journal reconcile/);
    expect(answered(jo.aws, 'pool')).not.toContain('pool-euw1');
  });

  test('is refused to who may not read the control table: a no is not silence', async () => {
    const wrap = (ports: OperationPorts): OperationPorts => {
      const denied = (region: string): Promise<never> =>
        Promise.reject(new PortError('denied', { service: 'dynamodb', region, call: 'GetItem' }, 'needs dynamodb:GetItem'));
      return { ...ports, controlTable: { ...ports.controlTable, get: denied, query: denied } };
    };
    const jo = new OnCall(undefined, { wrap });
    const plain = await jo.run('evacuate', 'pool-euw1', '--go');
    expect(plain.err).toMatch(/^denied: needs dynamodb:GetItem/);
    expect(plain.err).toMatch(/control-table-unreachable: you may not read the control table/);
    expect(plain.err).not.toContain('--break-glass');
    const { exitCode, err } = await jo.run('evacuate', 'pool-euw1', '--go', '--break-glass', '--reason', 'in a hurry');
    expect(exitCode).toBe(3);
    expect(err).toMatch(/fix: Use credentials of the operator role/);
    expect(jo.aws.switches.history).toEqual([]);
  });
});
