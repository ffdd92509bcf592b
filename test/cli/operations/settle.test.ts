import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { documentOf, StampsCopy } from '../../support/cli';
import { OnCall } from './on-call';

const FILE = 'groups/enterprise.yaml';
let stamps: StampsCopy;
let jo: OnCall;
beforeEach(() => {
  stamps = new StampsCopy();
  jo = new OnCall(undefined, { stamps: stamps.directory });
});
afterEach(() => {
  stamps.remove();
});

async function failedOver(): Promise<void> {
  await jo.run('failover', 'enterprise', '--to', 'usw2', '--go');
}

describe('settle', () => {
  test('writes the primary of today into the file, prints the difference and what comes next', async () => {
    await failedOver();
    const before = stamps.read(FILE);
    const { exitCode, out } = await jo.run('settle', 'enterprise');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^- {2}primary: use1\n- {2}standby: usw2\n\+ {2}primary: usw2\n\+ {2}standby: use1$/m);
    expect(out).toMatch(/wrote \S+enterprise\.yaml: commit it\nnext: Deploy the stamps, then the routing stack/);
    expect(out).toMatch(/next: .*stampkit readmit enterprise-use1\n$/);
    const after = stamps.read(FILE);
    expect(after).toBe(before.replace('primary: use1', 'primary: usw2').replace('standby: usw2', 'standby: use1'));
    expect((await stamps.run('lock', '--check')).exitCode).toBe(0);
    expect((await jo.run('settle', 'enterprise')).exitCode).toBe(0);
    expect(stamps.read(FILE)).toBe(after);
  });

  test('--check writes nothing and exits 1', async () => {
    await failedOver();
    const before = stamps.read(FILE);
    const { exitCode, out } = await jo.run('settle', 'enterprise', '--check');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/\+ {2}primary: usw2[\s\S]*without --check/);
    expect(stamps.read(FILE)).toBe(before);
    expect(documentOf(await jo.run('settle', 'enterprise', '--check', '--json'))).toMatchObject({
      ok: false,
      outdated: true,
      written: false,
      change: { primary: 'usw2', standby: 'use1' },
    });
  });

  test('says that there is nothing to do while the preferred one is the primary', async () => {
    const { exitCode, err, out } = await jo.run('settle', 'enterprise', '--check');
    expect(exitCode).toBe(0);
    expect(out).toBe('');
    expect(err).toMatch(/info already-there: enterprise-use1 is the primary in the file and in life/);
  });

  test('fails with 3 for a group without a primary, and while nobody knows it', async () => {
    expect((await jo.run('settle', 'pool')).exitCode).toBe(3);
    await failedOver();
    jo.aws.world.down.add('us-west-2');
    const { exitCode, err } = await jo.run('settle', 'enterprise');
    expect(exitCode).toBe(3);
    expect(err).toMatch(/fix: /);
  });

  test('fails with 1 and takes the change back when the folder is not valid with it', async () => {
    await failedOver();
    const before = stamps.read(FILE);
    const kim = new OnCall(jo.aws, {
      stamps: stamps.directory,
      // Somebody saves half an edit while AWS is asked.
      wrap: (ports) => ({
        ...ports,
        dns: {
          answers: (name) => {
            stamps.write('groups/pool.yaml', 'group: pool\n');
            return ports.dns.answers(name);
          },
        },
      }),
    });
    const { exitCode, err } = await kim.run('settle', 'enterprise');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/groups\/pool\.yaml.* error [\s\S]*nothing was written: the file would not be valid\n$/);
    expect(stamps.read(FILE)).toBe(before);
  });
});
