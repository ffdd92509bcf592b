import { describe, expect, test } from 'vitest';
import { documentOf } from '../../support/cli';
import { OnCall } from './on-call';

const FAILOVER = ['failover', 'enterprise', '--to', 'usw2', '--reason', 'use1 impaired', '--go'];
const ID = /20261121T\d{6}-failover-enterprise-[0-9a-f]{6}/;

/** Somebody whose Ctrl-C comes while the writer is on its way. */
function interrupted(times = 1): OnCall {
  let pressed = false;
  const jo: OnCall = new OnCall(undefined, {
    wrap: (ports) => ({
      ...ports,
      databases: {
        ...ports.databases,
        switchover: async (change) => {
          await ports.databases.switchover(change);
          if (pressed) return;
          pressed = true;
          for (let time = 0; time < times; time += 1) jo.interrupt();
        },
      },
    }),
  });
  return jo;
}

async function stopped(jo: OnCall): Promise<string> {
  return ID.exec((await jo.run(...FAILOVER)).out)![0];
}

describe('journal list', () => {
  test('has a line per operation, newest first, and how it ended', async () => {
    const jo = new OnCall();
    expect((await jo.run('journal', 'list')).out).toBe('no operation yet\n');
    await jo.run('evacuate', 'pool-euw1', '--go');
    await jo.run(...FAILOVER);
    const { exitCode, out } = await jo.run('journal', 'list');
    expect(exitCode).toBe(0);
    const rows = out.trimEnd().split('\n').slice(2);
    expect(rows[0]).toMatch(/^2026-11-21 10:\d\d:\d\dZ +enterprise +failover, switchover +jo +completed +2026/);
    expect(rows[1]).toMatch(/pool +evacuate +jo +completed/);
    expect((await jo.run('journal', 'list', 'pool')).out).not.toContain('enterprise');
    expect(documentOf(await jo.run('journal', 'list', '--json'))).toMatchObject({
      operations: [{ group: 'enterprise', onlyHere: false }, { group: 'pool' }],
    });
  });

  test('shows what this machine knows when the control table is silent', async () => {
    const jo = new OnCall();
    await jo.run(...FAILOVER);
    for (const region of jo.aws.fleet.control.table.replicaRegions) jo.aws.world.silent.add(`dynamodb@${region}`);
    const { out } = await jo.run('journal', 'list', 'enterprise');
    // Whether the table knows more than this machine, nobody can say now.
    expect(out).toMatch(/jo +completed +20261121T\S+-failover-enterprise/);
    expect(out).toMatch(/did not answer for enterprise/);
  });
});

describe('journal show', () => {
  test('tells entry by entry what was done, and by whom', async () => {
    const jo = new OnCall();
    const id = ID.exec((await jo.run(...FAILOVER)).out)![0];
    const { exitCode, out } = await jo.run('journal', 'show', id);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^reason: use1 impaired$/m);
    expect(out).toMatch(/1 +begins +jo$/m);
    expect(out).toMatch(/1 +about to +promote:enterprise-usw2$/m);
    expect(out).toMatch(/1 +done in 62 s +promote:enterprise-usw2 +writer is shop-enterprise-usw2$/m);
    expect(out).toMatch(/1 +ends: completed/);
    expect(documentOf(await jo.run('journal', 'show', id, '--json'))).toMatchObject({ operation: id, left: [] });
  });
});

describe('journal resume', () => {
  test('shows what is left, changes nothing, and with --go comes to the same end', async () => {
    const jo = interrupted();
    const id = await stopped(jo);
    const dry = await jo.run('journal', 'resume', id);
    expect(dry.exitCode).toBe(0);
    expect(dry.out).toMatch(/failover of enterprise \(switchover\): 3 of 7 steps are over/);
    expect(dry.out).toMatch(/^ {2}evacuate:enterprise-use1: Take enterprise-use1 out of service$/m);
    expect(dry.out).toMatch(new RegExp(`npx stampkit journal resume ${id} --go\\n$`));
    expect(jo.aws.switches.history).toEqual([]);
    const { exitCode, out } = await jo.run('journal', 'resume', id, '--go');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/evacuate:enterprise-use1 +done/);
    expect(jo.aws.switches.evacuated('enterprise-use1')).toBe(true);
    expect((await jo.run('journal', 'resume', id)).out).toMatch(/nothing is left to resume/);
    expect((await jo.run('journal', 'resume', id, '--go')).exitCode).toBe(0);
  });

  test('goes on after a stop at once, on another machine', async () => {
    const jo = interrupted(2);
    const id = await stopped(jo);
    const kim = new OnCall(jo.aws, { name: 'kim' });
    const { exitCode, err } = await kim.run('journal', 'resume', id, '--go');
    expect(exitCode).toBe(0);
    expect(err).toMatch(/jo holds the lease|done promote:enterprise-usw2/);
    expect(kim.aws.switches.evacuated('enterprise-use1')).toBe(true);
  });

  test('--go --json is a stream of lines', async () => {
    const jo = interrupted();
    const id = await stopped(jo);
    const { out } = await jo.run('journal', 'resume', id, '--go', '--json');
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ schemaVersion: 1, type: 'plan', left: expect.arrayContaining(['answers']) });
    expect(lines.at(-1)).toMatchObject({ type: 'report', result: 'completed' });
  });

  test('another operation is refused until it is resumed or replaced by name', async () => {
    const jo = interrupted();
    const id = await stopped(jo);
    const { exitCode, err } = await jo.run(...FAILOVER);
    expect(exitCode).toBe(3);
    expect(err).toContain(`(stampkit journal resume ${id}), or replace it with --supersede ${id}`);
    expect((await jo.run(...FAILOVER, '--supersede', id)).exitCode).toBe(0);
    expect((await jo.run('journal', 'show', id)).out).toMatch(/replaced by 2026\S+-failover-enterprise/);
  });
});

describe('journal reconcile', () => {
  test('brings what was done without a lease into the control table', async () => {
    const jo = new OnCall();
    const tables = jo.aws.fleet.control.table.replicaRegions.map((region) => `dynamodb@${region}`);
    tables.forEach((table) => jo.aws.world.silent.add(table));
    await jo.run('evacuate', 'pool-euw1', '--break-glass', '--reason', 'control Regions are down', '--go');
    expect((await jo.run('journal', 'reconcile')).err).toMatch(/^CONTROL_TABLE_UNREACHABLE: /);
    jo.aws.world.silent.clear();
    expect((await jo.run('journal', 'list')).out).toMatch(/completed, on this machine only[\s\S]*stampkit journal reconcile\n$/);
    const dry = await jo.run('journal', 'reconcile');
    expect(dry.out).toMatch(/evacuate-pool-\S+: \d entries are not in the control table\nNothing was changed/);
    expect((await jo.run('journal', 'reconcile', '--go')).out).toMatch(/\d entries brought into the control table\n$/);
    expect((await jo.run('journal', 'reconcile')).out).toBe('the control table has everything that this machine knows\n');
    const kim = new OnCall(jo.aws, { name: 'kim' });
    const { out } = await kim.run('journal', 'list', 'pool');
    expect(out).toMatch(/completed/);
    expect((await kim.run('journal', 'show', /2026\S+/.exec(out.split('\n')[2]!.split(/ +/).at(-1)!)![0])).out).toMatch(
      /broke the glass: control Regions are down/,
    );
  });
});

describe('usage errors exit 2', () => {
  test.each<[string, string[], RegExp]>([
    ['an unknown action', ['journal', 'lits'], /journal lits.*journal list, journal show, journal resume, journal reconcile/],
    ['no id', ['journal', 'show'], /journal show without an id/],
    ['an id of nothing', ['journal', 'show', 'yesterday'], /OPERATION_ID: yesterday is no id/],
    ['an id that nobody knows', ['journal', 'show', '20261121T100000-failover-enterprise-0a1b2c'], /OPERATION_UNKNOWN/],
    ['--go where nothing changes', ['journal', 'list', '--go'], /It only reads/],
    ['a glass without a reason', ['journal', 'resume', 'x', '--break-glass'], /--break-glass without --reason/],
  ])('fails for %s', async (_what, args, message) => {
    const { exitCode, out, err } = await new OnCall().run(...args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(message);
  });
});
