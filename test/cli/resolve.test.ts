import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parsePlace } from '../../lib/cli/resolve/place';
import { type CliRun, documentOf, EXAMPLE_STAMPS, run, StampsCopy } from '../support/cli';

const EVERY_POLICY = resolve(__dirname, '..', 'fixtures', 'route53', 'every-policy.json');
const id = (number: number) => `${String(number).padStart(8, '0')}-aaaa-4bbb-8ccc-0123456789ab`;
const onFile = (name: string, ...args: string[]) => run('resolve', name, '--records', EVERY_POLICY, ...args);
const jsonOf = async (result: Promise<CliRun>) => documentOf(await result);

/** `value share` of each answer. */
function answersOf(document: Record<string, any>): string[] {
  const answers = document['answers'] as { alias?: string; values?: string[]; probability: number }[];
  return answers.map(({ alias, values = [], probability }) => `${alias ?? values.join('+')} ${Math.round(probability * 100)}`);
}

const folder = mkdtempSync(join(tmpdir(), 'stampkit-resolve-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('resolve --records on a file with every routing policy', () => {
  const USE1 = 'dualstack.web-use1-1.us-east-1.elb.amazonaws.com';
  const EUW1 = 'dualstack.web-euw1-1.eu-west-1.elb.amazonaws.com';
  test.each<[name: string, args: string[], answers: string[]]>([
    ['simple.example.com', [], ['192.0.2.1+192.0.2.2 100']],
    ['failover.example.com', [], ['192.0.2.10 100']],
    ['failover.example.com', ['--unhealthy', id(1)], ['192.0.2.11 100']],
    ['failover.example.com', ['--unhealthy', id(1), '--unhealthy', id(2)], ['192.0.2.10 100']],
    ['weighted.example.com', [], ['192.0.2.20 90', '192.0.2.21 10']],
    ['weighted.example.com', ['--unhealthy', id(3), '--unhealthy', id(4)], ['192.0.2.22 100']],
    ['latency.example.com', ['--from', 'DE'], [`${EUW1} 100`]],
    ['latency.example.com', ['--from', 'us-west-2'], [`${USE1} 100`]],
    ['latency.example.com', ['--from', 'us-west-2', '--down', USE1], [`${EUW1} 100`]],
    ['latency.example.com', ['--from', 'DE', '--latency', 'us-east-1=10'], [`${USE1} 100`]],
    ['latency.example.com', ['--from', 'DE', '--resolver', 'US'], [`${USE1} 100`]],
    ['latency.example.com', [], [`${EUW1} 50`, `${USE1} 50`]],
    ['geo.example.com', ['--from', 'US/CA'], ['192.0.2.30 100']],
    ['geo.example.com', ['--from', 'DE'], ['192.0.2.31 100']],
    ['geo.example.com', ['--from', 'DE', '--unhealthy', id(6)], ['192.0.2.32 100']],
    ['geo.example.com', ['--from', 'continent:EU'], ['192.0.2.32 100']],
    ['geo.example.com', ['--from', 'JP'], ['192.0.2.33 100']],
    ['proximity.example.com', ['--from', 'ES'], ['192.0.2.40 100']],
    ['proximity.example.com', ['--from', 'SE'], ['192.0.2.41 100']],
    ['cidr.example.com', ['--cidr-location', 'office'], ['192.0.2.50 100']],
    ['cidr.example.com', [], ['192.0.2.51 100']],
    ['multi.example.com', ['--unhealthy', id(8)], ['192.0.2.60 100', '192.0.2.62 100']],
    ['tree.example.com', ['--unhealthy', id(1)], ['192.0.2.11 100']],
    ['www.example.com', ['--from', 'DE'], [`${EUW1} 100`]],
    ['any.wild.example.com', [], ['192.0.2.70 100']],
    ['manual.example.com', ['--unhealthy', id(12)], ['192.0.2.81 100']],
    ['example.com', ['--type', 'ns'], ['ns-1.awsdns-01.com.+ns-2.awsdns-02.net. 100']],
  ])('%s %s', async (name, args, answers) => {
    const result = await onFile(name, '--json', ...args);
    expect(result.exitCode).toBe(0);
    expect(answersOf(documentOf(result))).toEqual(answers);
  });

  test('JSON is the contract, and more', async () => {
    const document = await jsonOf(onFile('Tree.Example.com.', '--from', 'DE', '--unhealthy', id(1), '--json'));
    expect(document).toMatchObject({
      schemaVersion: 1,
      name: 'tree.example.com',
      from: 'DE',
      answers: [{ setIdentifier: 'secondary', values: ['192.0.2.11'], probability: 1, healthy: true }],
      ttl: 60,
      failOpen: false,
    });
    expect(Object.keys(document).slice(0, 7)).toEqual(['schemaVersion', 'name', 'from', 'answers', 'ttl', 'failOpen', 'path']);
    for (const step of document['path'] as object[]) {
      expect(step).toMatchObject({
        step: expect.stringMatching(/\w/) as string,
        rule: expect.stringMatching(/^(aws-facts|RFC|given)/) as string,
        detail: expect.stringMatching(/\w/) as string,
      });
    }
    expect(document['assumptions']).toMatchObject([{ name: 'aliasToFailoverPair' }]);
  });

  test('several types are answered together', async () => {
    const result = await onFile('simple.example.com', '--type', 'A', '--type', 'AAAA', '--json');
    const document = documentOf(result);
    expect(document['types']).toEqual([
      { type: 'A', status: 'answer', ttl: 300, failOpen: false },
      { type: 'AAAA', status: 'no-data', ttl: 900, failOpen: false },
    ]);
    expect(result.exitCode).toBe(1);
  });

  test('says so when it fails open onto something dead', async () => {
    const { exitCode, out, err } = await onFile('failover.example.com', '--unhealthy', id(1), '--unhealthy', id(2));
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^100 % +192\.0\.2\.10 +primary +NO +60 s$/m);
    expect(out).toContain('FAILS OPEN');
    expect(out).toMatch(/fall open +PRIMARY primary is unhealthy and SECONDARY secondary too/);
    expect(err).toMatch(/warning unhealthy-answer: every answer/);
    expect(out.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  test.each<[what: string, name: string, code: string, says: RegExp]>([
    ['a name that does not exist', 'geoo.example.com', 'name-not-found', /did you mean "geo\.example\.com"/],
    ['a name of another zone', 'www.example.org', 'name-not-found', /no zone given holds/],
    ['a name without that type', 'team.example.com', '', /is delegated to ns-9\.awsdns-09\.org/],
  ])('%s', async (_what, name, code, says) => {
    const { exitCode, out, err } = await onFile(name);
    expect(exitCode).toBe(code === '' ? 0 : 1);
    expect(err).toContain(code);
    expect(out + err).toMatch(says);
  });
});

describe('resolve and what cannot be', () => {
  test.each<[what: string, args: string[], says: RegExp]>([
    ['a place that nobody knows', ['--from', 'eu-west-11'], /PLACE_UNKNOWN: .*did you mean "eu-west-1"/],
    ['a check that nobody knows', ['--unhealthy', 'x'], /no health check "x"/],
    [
      'a target that nobody knows',
      ['--down', 'x.example.net'],
      /no alias target outside the zone "x\.example\.net".*known: dualstack\.web-euw1/,
    ],
    ['an evacuation without stamps', ['--evacuated', 'enterprise-use1'], /--records knows none.*--unhealthy/],
    ['a latency that is none', ['--latency', 'us-east-1'], /is not like us-east-1=70/],
    ['a type that is none', ['--type', 'A A'], /no record type/],
    ['a file that is not there', ['--records', '/nowhere/records.json'], /RECORDS_FILE_UNREADABLE/],
  ])('fails for %s', async (_what, args, says) => {
    const { exitCode, out, err } = await onFile('geo.example.com', ...args);
    expect(exitCode).toBe(2);
    expect(err).toMatch(says);
    expect(out).toBe('');
  });

  test('fails without stamps/ and without --records, and names both', async () => {
    const { exitCode, err } = await run('resolve', 'a.example.com', '--stamps', '/nowhere/stamps');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^STAMPS_FOLDER_MISSING: there is no folder \/nowhere\/stamps.*--stamps.*--records\n$/);
  });

  test('fails for records that Route 53 would refuse, at their path', async () => {
    const path = join(folder, 'refused.json');
    const record = { Name: 'a.example.com.', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] };
    writeFileSync(path, JSON.stringify({ ResourceRecordSets: [record, { ...record, SetIdentifier: 'x', Weight: 1 }] }));
    const { exitCode, out } = await run('resolve', 'a.example.com', '--records', path);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/refused\.json error records-mixed-policies: a\.example\.com A/);
    const document = await jsonOf(run('resolve', 'a.example.com', '--records', path, '--json'));
    expect(document).toMatchObject({ ok: false, findings: [{ where: { file: path, path: ['ResourceRecordSets', 1] } }] });
  });

  test('goes on where a check is not given, and warns', async () => {
    const path = join(folder, 'no-checks.json');
    writeFileSync(
      path,
      JSON.stringify({
        ResourceRecordSets: [
          { Name: 'a.example.com.', Type: 'A', TTL: 60, HealthCheckId: 'x', ResourceRecords: [{ Value: '192.0.2.1' }] },
        ],
      }),
    );
    const { exitCode, out, err } = await run('resolve', 'a.example.com', '--records', path);
    expect(exitCode).toBe(0);
    expect(err).toContain('check-not-given');
    expect(out).toContain('checkNotGiven');
    expect((await run('resolve', 'a.example.com', '--records', path, '--unhealthy', 'x')).out).toMatch(/192\.0\.2\.1 .* NO /);
  });
});

describe('resolve on the example fleet', () => {
  let down: CliRun;
  beforeAll(async () => {
    down = await run(
      'resolve',
      'acme.shop.example.com',
      '--from',
      'euw1',
      '--down',
      'enterprise-use1',
      '--stamps',
      EXAMPLE_STAMPS,
    );
  }, 120_000);

  test('a dead primary: tenants are answered by the standby, and the path says why', () => {
    expect(down).toMatchObject({ exitCode: 0, err: '' });
    expect(down.out).toMatch(/^100 % +load balancer of enterprise-usw2 +secondary +yes +60 s$/m);
    expect(down.out.replace(/\s+/g, ' ')).toContain('(unhealthy: enterprise-use1 deep: fails)');
  });

  test('an evacuated primary, as JSON', async () => {
    const document = await jsonOf(
      run('resolve', 'enterprise.shop.example.com', '--evacuated', 'enterprise-use1', '--json', '--stamps', EXAMPLE_STAMPS),
    );
    expect(document).toMatchObject({
      name: 'enterprise.shop.example.com',
      from: null,
      failOpen: false,
      answers: [{ setIdentifier: 'secondary', target: 'load balancer of enterprise-usw2', healthy: true }],
    });
    expect(JSON.stringify(document['path'])).toContain('enterprise-use1 switch use2');
  }, 120_000);

  test('fails for stamps that nobody knows', async () => {
    const { exitCode, err } = await run(
      'resolve',
      'acme.shop.example.com',
      '--down',
      'enterprise-use2',
      '--stamps',
      EXAMPLE_STAMPS,
    );
    expect(exitCode).toBe(2);
    expect(err).toMatch(/STAMP_UNKNOWN: no stamp "enterprise-use2".*did you mean "enterprise-us/);
  }, 120_000);

  test('fails for a fleet with errors, with its findings', async () => {
    const stamps = new StampsCopy();
    try {
      stamps.delete('fleet.lock.yaml');
      const { exitCode, out } = await stamps.run('resolve', 'acme.shop.example.com');
      expect(exitCode).toBe(1);
      expect(out).toContain('lock-missing');
      expect(documentOf(await stamps.run('resolve', 'acme.shop.example.com', '--json'))).toMatchObject({ ok: false });
    } finally {
      stamps.remove();
    }
  });
});

describe('places', () => {
  test.each([
    ['eu-west-1', { region: 'eu-west-1' }],
    ['EU-WEST-1', { region: 'eu-west-1' }],
    ['euw1', { region: 'eu-west-1' }],
    ['de', { country: 'DE' }],
    ['country:DE', { country: 'DE' }],
    ['US/CA', { country: 'US', subdivision: 'CA' }],
    ['US-CA', { country: 'US', subdivision: 'CA' }],
    ['country:US/state:CA', { country: 'US', subdivision: 'CA' }],
    ['continent:eu', { continent: 'EU' }],
  ])('%s', (text, place) => {
    expect(parsePlace(text, new Map([['euw1', 'eu-west-1']]))).toEqual(place);
  });

  test.each(['', 'europe', 'XX', 'US/XX', 'DE/BE', 'continent:XX', 'us-east-9'])('fails for "%s"', (text) => {
    expect(() => parsePlace(text)).toThrow(/PLACE_UNKNOWN/);
  });
});
