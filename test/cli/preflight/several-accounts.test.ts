import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFleet } from '../../../bench/fleet-generator/write-fleet';
import { type AssemblyStack, readAssembly } from '../../../lib/assembly/read-assembly';
import { loadFleet } from '../../../lib/cli/load-fleet';
import { runPreflight } from '../../../lib/preflight/preflight';
import { deployPhases } from '../../../lib/topology/deploy-order';
import type { Fleet } from '../../../lib/topology/types';
import { assemble } from '../../support/assemblies';
import { documentOf, run } from '../../support/cli';

/** Configuration, topology, stacks and preflight of groups in three accounts. */
describe('a fleet in several accounts', () => {
  let scratch: string;
  let fleet: Fleet;
  let stacks: readonly AssemblyStack[];
  let assembly: string;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'stampkit-accounts-'));
    writeFleet(join(scratch, 'stamps'), { groups: 6, regions: 2, accounts: 3, seed: 5 });
    fleet = loadFleet(join(scratch, 'stamps')).fleet!;
    assembly = assemble(fleet, { stamping: true, outdir: join(scratch, 'cdk.out') });
    stacks = readAssembly(assembly).stacks;
  }, 120_000);
  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  const stacksOfGroup = (name: string): readonly AssemblyStack[] => {
    const group = fleet.groups.find((candidate) => candidate.name === name)!;
    const names = [group.names.dataStack, group.names.routingStack, ...group.stamps.map(({ values }) => values.names.stack)];
    return stacks.filter(({ stackName }) => names.includes(stackName));
  };

  test('has groups in more than one account', () => {
    expect(new Set(fleet.groups.map(({ account }) => account)).size).toBeGreaterThan(1);
  });

  test('every stack of a group is in its account, and control stacks stay in the fleet’s', () => {
    for (const group of fleet.groups) {
      expect(stacksOfGroup(group.name).map(({ account }) => account)).toEqual(stacksOfGroup(group.name).map(() => group.account));
    }
    const control = stacks.filter(({ stackName }) => stackName.startsWith('load-control-'));
    expect(control.map(({ account }) => account)).toEqual(['111111111111', '111111111111']);
  });

  test('a group’s templates name no other account, but for the switch buckets that checks read from outside', () => {
    const buckets = fleet.control.members.map(({ bucketName }) => bucketName);
    for (const group of fleet.groups) {
      for (const { stackName, template } of stacksOfGroup(group.name)) {
        const text = buckets.reduce((left, bucket) => left.replaceAll(bucket, 'BUCKET'), JSON.stringify(template));
        const accounts = [...text.matchAll(/\b(\d)\1{11}\b/g)].map(([account]) => account);
        expect(new Set(accounts.filter((account) => account !== group.account)), stackName).toEqual(new Set());
      }
    }
  });

  test('records and certificates are written to the zone of the group’s account', () => {
    for (const group of fleet.groups) {
      const zones = stacksOfGroup(group.name).flatMap(({ template }) =>
        [...JSON.stringify(template).matchAll(/Z0123456789LOADTEST\d\d/g)].map(([zone]) => zone),
      );
      expect(new Set(zones)).toEqual(new Set([group.zone.hostedZoneId]));
    }
  });

  test('switch buckets let the checkers read, and no other account', () => {
    for (const { template } of stacks.filter(({ stackName }) => stackName.startsWith('load-control-'))) {
      const policies = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::S3::BucketPolicy');
      expect(policies.length).toBeGreaterThan(0);
      expect(JSON.stringify(policies)).toContain('aws:SourceIp');
      expect(JSON.stringify(policies)).not.toMatch(/222222222222|333333333333/);
    }
  });

  test('is deployed as one: every stack has its place in the order', () => {
    const planned = deployPhases(fleet).flatMap((phase) => phase.stacks.map(({ stackName }) => stackName));
    expect([...planned].sort()).toEqual(stacks.map(({ stackName }) => stackName).sort());
  });

  test('is judged per account: checks, records, environments and zones', () => {
    const report = runPreflight(stacks);
    for (const account of new Set(fleet.groups.map((group) => group.account))) {
      const stamps = fleet.groups.filter((group) => group.account === account).flatMap((group) => group.stamps);
      // A deep check, a verdict, and one check in each of two control Regions.
      expect(report.lines.find((line) => line.quota === 'healthChecks' && line.account === account)?.used).toBe(
        4 * stamps.length,
      );
      expect(report.healthChecks.accounts.find((entry) => entry.account === account)?.checks).toBe(4 * stamps.length);
    }
    const zones = report.prerequisites.filter(({ kind }) => kind === 'hosted-zone');
    expect(new Set(zones.map(({ account, name }) => `${account} ${name}`))).toEqual(
      new Set(fleet.groups.map(({ account, zone }) => `${account} ${zone.hostedZoneId}`)),
    );
  });

  test('the command proposes a raise or a split for the account that is too small', async () => {
    const checks = (account: string): number =>
      fleet.groups.filter((group) => group.account === account).flatMap(({ stamps }) => stamps).length * 4;
    const [account] = [...new Set(fleet.groups.map((group) => group.account))].sort((a, b) => checks(b) - checks(a));
    const args = [
      'preflight',
      '--assembly',
      assembly,
      '--stamps',
      join(scratch, 'stamps'),
      '--quota',
      `healthChecks=${checks(account!) - 1}`,
    ];
    const proposals = documentOf(await run(...args, '--json'))['proposals'] as Record<string, any>[];
    const proposal = proposals.find((candidate) => candidate['account'] === account)!;
    expect(proposal['raises']).toContainEqual({
      quota: 'healthChecks',
      from: checks(account!) - 1,
      to: checks(account!),
      possible: true,
    });
    expect((proposal['split'] as { groups: string[] }[]).flatMap(({ groups }) => groups).sort()).toEqual(
      fleet.groups.filter((group) => group.account === account).map(({ name }) => name),
    );
    const { out } = await run(...args);
    expect(out).toMatch(new RegExp(`^proposal for account ${account}: raise .*healthChecks to ${checks(account!)}`, 'm'));
    expect(out).toMatch(/^ {2}or spread its groups over 2 accounts, each with its own delegated zone/m);
    expect(out).toMatch(/^health checks: \d+ in \d accounts .*\n {2}about [\d.,]+ USD a month/m);
  });
});
