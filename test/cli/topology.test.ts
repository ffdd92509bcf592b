import { afterEach, describe, expect, test } from 'vitest';
import { documentOf, EXAMPLE_STAMPS, run, StampsCopy } from '../support/cli';

const topology = (...args: string[]) => run('topology', ...args, '--stamps', EXAMPLE_STAMPS);

describe('topology', () => {
  test('as tables: groups, stamps and control Regions', async () => {
    const { exitCode, out, err } = await topology();
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^fleet shop in account 111111111111, zone shop\.example\.com: 3 groups, 6 stamps$/m);
    expect(out).toMatch(/^enterprise +active-passive +use1 +aurora-postgresql +enterprise\.shop\.example\.com +acme, globex$/m);
    expect(out).toMatch(/^enterprise-usw2 +us-west-2 +standby +10\.1\.16\.0\/20 /m);
    expect(out).toMatch(/^use2 +us-east-2 .* shop-switches-111111111111-use2$/m);
    expect(out).not.toMatch(/ $/m);
    expect(err).toBe('');
  });

  test.each([['--json'], ['--format=json']])('%s is one document with a version', async (flag) => {
    const result = await topology(flag);
    expect(result.exitCode).toBe(0);
    const document = documentOf(result);
    expect(Object.keys(document)[0]).toBe('schemaVersion');
    expect(document['fleet'].groups.map((group: { name: string }) => group.name)).toEqual(['enterprise', 'internal', 'pool']);
  });

  test('as Mermaid: a flowchart with a node for every stamp', async () => {
    const { exitCode, out } = await topology('--format', 'mermaid');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^flowchart /);
    for (const stamp of ['enterprise-use1', 'enterprise-usw2', 'internal-euw1', 'pool-euw1', 'pool-use1', 'pool-usw2'])
      expect(out).toContain(`"${stamp}<br/>`);
  });
});

describe('--diff', () => {
  test('tells structure, role and value apart', async () => {
    const { exitCode, out } = await topology('--diff', 'enterprise-use1', 'enterprise-usw2');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^KIND +PATH +enterprise-use1 +enterprise-usw2$/m);
    expect(out).toMatch(/^structure +region +"us-east-1" +"us-west-2"$/m);
    expect(out).toMatch(/^role +preferredRole +"primary" +"standby"$/m);
    expect(out).toMatch(/^value +vpcCidr +"10\.1\.0\.0\/20" +"10\.1\.16\.0\/20"$/m);
  });

  test('as JSON', async () => {
    const document = documentOf(await topology('--json', '--diff', 'pool-use1', 'pool-usw2'));
    expect(document).toMatchObject({ schemaVersion: 1, a: 'pool-use1', b: 'pool-usw2' });
    expect(document['differences'].filter(({ kind }: { kind: string }) => kind === 'role')).toEqual([]);
  });

  test('a stamp does not differ from itself', async () => {
    expect(await topology('--diff', 'pool-use1', 'pool-use1')).toMatchObject({
      exitCode: 0,
      out: 'pool-use1 and pool-use1 are equal\n',
    });
  });

  test('fails for a stamp that nobody knows, naming those there are', async () => {
    const { exitCode, out, err } = await topology('--diff', 'pool-use1', 'pool-mars');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^STAMP_UNKNOWN: no stamp "pool-mars"\. Name one of: .*pool-usw2\.\n$/);
    expect(out).toBe('');
  });
});

describe('a fleet with errors', () => {
  let stamps: StampsCopy;
  afterEach(() => {
    stamps.remove();
  });

  test.each([[[]], [['--format', 'mermaid']]])(
    'fails with the findings on stderr and half a topology nowhere: %j',
    async (args) => {
      stamps = new StampsCopy();
      stamps.delete('fleet.lock.yaml');
      const { exitCode, out, err } = await stamps.run('topology', ...args);
      expect(exitCode).toBe(1);
      expect(out).toBe('');
      expect(err).toContain('lock-missing');
      expect(documentOf(await stamps.run('topology', '--json'))).toMatchObject({ schemaVersion: 1, ok: false });
    },
  );
});
