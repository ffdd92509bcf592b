import { describe, expect, test } from 'vitest';
import { exampleFleet } from '../support/loaded-fleets';
import { documentOf, EXAMPLE_STAMPS, run } from '../support/cli';
import { edited, exampleAssembly, writeAssembly } from '../support/mutate-assembly';
import { slowChecks } from '../support/mutations';
import { once } from '../support/once';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The example's assembly on disk, so that the commands need not synthesize. */
const assembly = once(() => writeAssembly(exampleAssembly(), mkdtempSync(join(tmpdir(), 'stampkit-verify-'))));
const slow = once(() => writeAssembly(edited(exampleAssembly(), ...slowChecks), mkdtempSync(join(tmpdir(), 'stampkit-verify-'))));
const verify = (...args: string[]): ReturnType<typeof run> => run('verify', '--stamps', EXAMPLE_STAMPS, ...args);

describe('verify', { timeout: 120_000 }, () => {
  test('prints tables that fit 100 columns, worst first, and passes the example', async () => {
    const { exitCode, out, err } = await verify('--assembly', assembly());
    expect(err).toBe('');
    expect(exitCode).toBe(0);
    const tables = out.split('\n').filter((line) => !/^(groups\/|control| {4}fix:)/.test(line));
    expect(Math.max(...tables.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(out).toMatch(/region:use1 +holds +1048 s +1200 s +30 s +60 s +operator/);
    // Names are what --fail wants: long ones go on in the next line, and none is cut.
    expect(out).toMatch(/^check:enterprise-usw2\.false-positive\+ +reported .*\n {2}region:use1$/m);
    expect(tables.filter((line) => line.includes('...'))).toEqual([]);
    expect(out).toMatch(/\d+ failures and [\d,]+ pairs; no group feels both of \d+/);
    for (const { name } of exampleFleet().fleet.groups) expect(out).toMatch(new RegExp(`^${name} survives `, 'm'));
  });

  test('fails with exit code 1, the arithmetic and the fix when an objective cannot hold', async () => {
    const { exitCode, out } = await verify('--assembly', slow());
    expect(exitCode).toBe(1);
    expect(out).toMatch(/availability-violated: .*rto 1360 s, promised 1200 s/);
    expect(out).toMatch(/detection +360 s +10 x \(30 s \+ 6 s\) \(aws-facts 10\.2\)/);
    expect(out).toContain('checks at 10 s x 3 instead of 30 s x 10: 1048 s');
  });

  test('--fail explains one failure for every orientation, in whatever spelling', async () => {
    const { exitCode, out } = await verify('--assembly', assembly(), '--fail', 'region:us-east-1');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/before a failover, clients anywhere[\s\S]*after a failover, clients anywhere/);
    expect(out.replace(/\s+/g, ' ')).toContain('an operator makes enterprise-usw2 the writer (failover)');
    expect(out).not.toMatch(/^internal$/m);
  });

  test('--fail takes a pair, in any order', async () => {
    const [a, b] = await Promise.all([
      verify('--assembly', assembly(), '--fail', 'region:usw2+region:use1', '--json'),
      verify('--assembly', assembly(), '--fail', 'pair:region:use1+region:us-west-2', '--json'),
    ]);
    expect(a.out).toBe(b.out);
    const document = documentOf(a) as unknown as { groups: { group: string; verdicts: { state: string; reason: string }[] }[] };
    const enterprise = document.groups.find(({ group }) => group === 'enterprise');
    expect(enterprise?.verdicts).toMatchObject([{ state: 'accepted', reason: 'two Regions at once is out of scope' }]);
  });

  test('--fail says what a pair that holds touches, and of groups that only know one state no more than that', async () => {
    const { out } = await verify('--assembly', assembly(), '--fail', 'region:use1+queue:pool-usw2');
    expect(out).toContain('touches 33.3 % of the clients and takes 33.3 % of the running tasks');
    expect(out).toMatch(/^ {2}clients in us-east-1$/m);
    expect(out).not.toContain('before a failover');
  });

  test.each([
    ['region', /"region" is no failure/],
    ['flood:use1', /"flood:use1" is no failure/],
    ['region:mars1', /no group of this fleet feels "region:mars1"/],
  ])('fails for --fail %s', async (text, message) => {
    const { exitCode, out, err } = await verify('--assembly', assembly(), '--fail', text);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
    expect(out).toBe('');
  });

  test('--format markdown writes the failure modes of every group', async () => {
    const { exitCode, out } = await verify('--assembly', assembly(), '--format', 'markdown');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^\| Dependency \| Mode \| Detection \| Response \| Bound \| Verdict \|$/m);
    expect(out).toMatch(/\| `writer:enterprise` \| .* \| Aurora \| a reader of enterprise-use1 becomes the writer/);
  });

  test('--profile lab says of every term whether it is real or emulated', async () => {
    const document = documentOf(await verify('--assembly', assembly(), '--profile', 'lab', '--fail', 'region:use1', '--json'));
    const text = JSON.stringify(document);
    expect(document).toMatchObject({ profile: 'lab' });
    expect(text).toMatch(/"name":"promote"[^}]*"lab":"real"/);
    expect(text).toMatch(/"name":"ttl"[^}]*"lab":"emulated"/);
  });

  test('--objectives judges an assembly without stamps/, and says what nothing read', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'stampkit-verify-')), 'objectives.yaml');
    writeFileSync(
      file,
      [
        'schemaVersion: 1',
        'groups:',
        '  - name: web',
        '    record: enterprise.shop.example.com',
        '    objectives: { availability: { rto: 10m, rpo: 1m }, recovery: { rto: 8h, rpo: 24h } }',
        '    writerGrace: 90s',
      ].join('\n'),
    );
    const { exitCode, out } = await run('verify', '--assembly', assembly(), '--objectives', file);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/availability-violated: region:us-east-1.*rto 1048 s, promised 600 s/);
    expect(out).toMatch(/not understood, and not judged: AWS::/);
  });

  test('fails for an objectives file with a typo, with its line', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'stampkit-verify-')), 'objectives.yaml');
    writeFileSync(file, 'schemaVersion: 1\ngroups:\n  - name: web\n    recrod: www.example.com\n');
    const { exitCode, out } = await run('verify', '--assembly', assembly(), '--objectives', file);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/objectives\.yaml:4:5 error unknown-key/);
  });

  test('fails for --objectives without an assembly', async () => {
    const { exitCode, err } = await run('verify', '--objectives', 'objectives.yaml');
    expect(exitCode).toBe(2);
    expect(err).toContain('--objectives needs an assembly');
  });
});
