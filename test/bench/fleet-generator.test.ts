import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateFleet } from '../../bench/fleet-generator/generate';
import { Random } from '../../bench/fleet-generator/random';
import { writeFleet } from '../../bench/fleet-generator/write-fleet';
import { loadFleet } from '../../lib/cli/load-fleet';
import { synthesizeFacts } from '../../lib/cli/verify/synthesize';
import { fleetDemand } from '../../lib/resilience/fleet-demand';
import { prove } from '../../lib/resilience/prove';
import type { Fleet } from '../../lib/topology/types';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'stampkit-generator-'));
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const SIZE = { groups: 60, regions: 3, accounts: 3, seed: 7 };

/** Every file of a folder with its content. */
function bytesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [file.slice(folder.length), readFileSync(file, 'utf8')]),
  );
}

describe('writeFleet', () => {
  let fleet: Fleet;
  beforeAll(() => {
    writeFleet(join(scratch, 'a'), SIZE);
    fleet = loadFleet(join(scratch, 'a')).fleet!;
  });

  test('writes a fleet that passes every check and needs no lock', () => {
    const { findings } = loadFleet(join(scratch, 'a'));
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(fleet.groups).toHaveLength(60);
  });

  test('the same size and seed write the same bytes', () => {
    writeFleet(join(scratch, 'b'), SIZE);
    expect(bytesOf(join(scratch, 'b'))).toEqual(bytesOf(join(scratch, 'a')));
  });

  test('another seed writes another fleet', () => {
    expect(generateFleet({ ...SIZE, seed: 8 })).not.toEqual(generateFleet(SIZE));
  });

  test('mixes modes, routing, engines, compute kinds and accounts', () => {
    const all = <T>(values: T[]): T[] => [...new Set(values)].sort();
    expect(all(fleet.groups.map(({ mode }) => mode))).toEqual(['active-active', 'active-passive', 'single']);
    expect(all(fleet.groups.flatMap(({ routing }) => routing?.policy ?? []))).toEqual(['geolocation', 'latency', 'weighted']);
    // Nothing answers for a default Region that is lost: the group says that it accepts that.
    for (const { name, routing } of fleet.groups) {
      const group = readFileSync(join(scratch, 'a', 'groups', `${name}.yaml`), 'utf8');
      expect([name, group.includes('failure: region:')]).toEqual([name, routing?.policy === 'geolocation']);
    }
    expect(all(fleet.groups.map(({ database }) => database.engine))).toEqual([
      'aurora-mysql',
      'aurora-postgresql',
      'dynamodb',
      'external',
      'none',
    ]);
    expect(all(fleet.groups.map(({ stamps }) => stamps[0]!.shape.compute.kind))).toEqual(['ec2', 'fargate']);
    expect(all(fleet.groups.map(({ account }) => account))).toEqual(['111111111111', '222222222222', '333333333333']);
    expect(all(fleet.groups.map(({ zone }) => zone.name))).toHaveLength(3);
    expect(new Set(fleet.groups.flatMap(({ tenants }) => tenants)).size).toBe(
      fleet.groups.flatMap(({ tenants }) => tenants).length,
    );
  });

  test.each([
    { groups: 5, regions: 1, accounts: 1, seed: 0 },
    { groups: 12, regions: 2, accounts: 2, seed: 4_294_967_295 },
    { groups: 25, regions: 10, accounts: 12, seed: 3 },
  ])('is valid with $regions Regions and $accounts accounts', (size) => {
    const folder = join(scratch, `size-${size.regions}`);
    writeFleet(folder, size);
    expect(loadFleet(folder).fleet).toBeDefined();
  });

  test('promises what the proof says it keeps: verify and synth do not fail', { timeout: 120_000 }, async () => {
    const folder = join(scratch, 'proven');
    // A small fleet with most of what there is, the tightest promises among it.
    writeFleet(folder, { groups: 12, regions: 3, accounts: 1, seed: 35 });
    const small = loadFleet(folder).fleet!;
    const kinds = small.groups.map(({ mode, database, stamps }) => {
      return `${mode}, ${database.engine}, ${stamps[0]!.shape.compute.kind}`;
    });
    expect(new Set(kinds).size).toBe(9);
    expect(kinds).toEqual(
      expect.arrayContaining(['active-active, dynamodb, ec2', 'active-active, dynamodb, fargate', 'single, dynamodb, fargate']),
    );
    const { findings, groups } = prove(await synthesizeFacts(small), fleetDemand(small), { singlesOnly: true });
    expect(groups).toHaveLength(12);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test.each([
    [{ ...SIZE, groups: 0 }, '--groups 0'],
    [{ ...SIZE, groups: 2001 }, '--groups 2001'],
    [{ ...SIZE, regions: 11 }, '--regions 11'],
    [{ ...SIZE, accounts: 51 }, '--accounts 51'],
    [{ ...SIZE, seed: -1 }, '--seed -1'],
  ])('fails for a size out of range: %j', (size, message) => {
    expect(() => writeFleet(join(scratch, 'never'), size)).toThrow(`${message} is out of range`);
  });

  test('fails for a folder that is not empty, and leaves it as it was', () => {
    const folder = mkdtempSync(join(scratch, 'filled-'));
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    expect(() => writeFleet(folder, SIZE)).toThrow('is not empty');
    expect(bytesOf(folder)).toEqual({ '/mine.txt': 'mine' });
  });
});

test('random choices depend on the seed alone', () => {
  const draw = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 5 }, () => random.whole(1, 1000));
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(new Random(1).some(['a', 'b', 'c'], 5)).toEqual(['a', 'b', 'c']);
});

describe('npm run generate-fleet', () => {
  const script = resolve(__dirname, '..', '..', 'scripts', 'generate-fleet.mjs');
  const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((done) => {
      const child = execFile(process.execPath, [script, ...args], (_error, stdout, stderr) => {
        done({ code: child.exitCode ?? -1, stdout, stderr });
      });
    });

  test('writes a fleet and says so; progress is for terminals only', async () => {
    const folder = join(scratch, 'cli');
    const { code, stdout, stderr } = await run('--groups', '4', '--regions', '2', '--seed', '7', '--out', folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^wrote 4 groups with \d+ stamps to .*cli\n$/);
    expect(await run('--groups', '4', '--out', folder)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('is not empty'),
    });
  });

  test('--help explains the options, with an example', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('npm run generate-fleet -- --groups 500 --regions 3 --seed 7 --out /tmp/fleet');
  });

  test.each([
    [['--groups', '4'], /--out is missing/],
    [['--out', 'x'], /--groups is missing/],
    [['--groups', 'many', '--out', 'x'], /--groups many: give a whole number/],
    [['--grps', '4'], /'--grps'/],
  ])('fails for %j', async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
