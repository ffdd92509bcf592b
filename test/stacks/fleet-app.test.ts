import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import type { FleetConfig, GroupConfig } from '../../lib/config/types';
import { addFleetStacks, createApp } from '../../lib/stacks/fleet-app';
import type { Fleet } from '../../lib/topology/types';
import { exampleFleet, rebuilt, variantFleet } from '../support/loaded-fleets';
import {
  type SynthesizedStack,
  exampleStacks,
  stackNamed,
  synthesizeInto,
  synthesizeStacks,
  variantStacks,
} from '../support/synthesized-fleet';
import { DYNAMODB, activeActive, builtFleet, fleetConfig, group } from '../topology/fixtures';

type Json = Record<string, any>;

const FLEETS: [name: string, stacks: () => SynthesizedStack[], fleet: () => Fleet][] = [
  ['example', exampleStacks, () => exampleFleet().fleet],
  ['variant', variantStacks, () => variantFleet().fleet],
];

describe('the stacks of the example fleet', () => {
  test('names and environments are contracts: pipelines deploy them by name', () => {
    expect(
      exampleStacks()
        .map(({ name, account, region }) => `${name} ${account} ${region}`)
        .sort(),
    ).toEqual([
      'shop-control-use2 111111111111 us-east-2',
      'shop-control-usw2 111111111111 us-west-2',
      'shop-enterprise-data 111111111111 us-east-1',
      'shop-enterprise-routing 111111111111 us-east-1',
      'shop-enterprise-use1 111111111111 us-east-1',
      'shop-enterprise-usw2 111111111111 us-west-2',
      'shop-internal-euw1 111111111111 eu-west-1',
      'shop-internal-routing 111111111111 us-east-1',
      'shop-pool-data 111111111111 us-east-1',
      'shop-pool-euw1 111111111111 eu-west-1',
      'shop-pool-routing 111111111111 us-east-1',
      'shop-pool-use1 111111111111 us-east-1',
      'shop-pool-usw2 111111111111 us-west-2',
    ]);
  });

  test('come in the order to deploy in, and their construct ids are their names', () => {
    const app = new App();
    const { control, data, stamps, routing } = addFleetStacks(app, exampleFleet().fleet);
    const names = (stacks: readonly Stack[]): string[] => stacks.map(({ stackName }) => stackName);
    expect(names(control)).toEqual(['shop-control-use2', 'shop-control-usw2']);
    expect(names(data)).toEqual(['shop-enterprise-data', 'shop-pool-data']);
    expect(names(routing)).toEqual(['shop-enterprise-routing', 'shop-internal-routing', 'shop-pool-routing']);
    expect(names(stamps)).toHaveLength(6);
    for (const stack of [...control, ...data, ...stamps, ...routing]) {
      expect(stack.node.path).toBe(stack.stackName);
      expect(stack.dependencies).toEqual([]);
    }
    expect(app.node.children.filter((child) => Stack.isStack(child))).toHaveLength(13);
  });

  test('carry the fleet’s tags and are protected from termination', () => {
    for (const { name, tags, terminationProtection } of exampleStacks()) {
      expect([name, tags, terminationProtection]).toEqual([name, { 'cost-center': 'shop' }, true]);
    }
  });

  test('a group adds tags of its own and may lower the protection of its own stacks, not of others', () => {
    for (const { name, tags, terminationProtection } of variantStacks()) {
      const ledger = name.startsWith('lab-ledger-');
      expect([name, tags, terminationProtection]).toEqual([
        name,
        { 'cost-center': 'lab', ...(ledger && { team: 'ledger' }) },
        !ledger,
      ]);
    }
  });
});

describe.each(FLEETS)('R3: stacks of the %s fleet share nothing by reference', (_name, stacks, fleet) => {
  test('no stack waits for another one', () => {
    expect(stacks().filter(({ dependencies }) => dependencies.length > 0)).toEqual([]);
  });

  test('no outputs, and nothing that reads another stack’s', () => {
    for (const { name, template, text } of stacks()) {
      expect([name, template.toJSON()['Outputs']]).toEqual([name, undefined]);
      expect([name, /Fn::(ImportValue|GetStackOutput|Transform)|\bTransform\b/.exec(text)?.[0]]).toEqual([name, undefined]);
    }
  });

  test('nothing runs while a stack is deployed, but the bootstrap of database users where the data was born', () => {
    const homes = fleet().groups.flatMap(({ stamps: members, database }) =>
      database.engine.startsWith('aurora') ? members.filter(({ home }) => home).map(({ values }) => values.names.stack) : [],
    );
    for (const { name, template } of stacks()) {
      const types = Object.values(template.toJSON()['Resources'] as Json).map((resource: Json) => resource['Type'] as string);
      const running = types.filter((type) => /^(Custom::|AWS::CloudFormation::)/.test(type));
      expect([name, running]).toEqual([name, homes.includes(name) ? ['Custom::StampDatabaseBootstrap'] : []]);
    }
  });

  test('no parameters but the version of the bootstrap stack and AWS’s own name of the newest container image', () => {
    for (const { name, template } of stacks()) {
      const { BootstrapVersion: _bootstrap, ...others } = template.toJSON()['Parameters'] as Json;
      for (const parameter of Object.values(others) as Json[]) {
        expect([name, parameter['Type']]).toEqual([name, 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>']);
        expect(parameter['Default']).toMatch(/^\/aws\/service\/ecs\/optimized-ami\//);
      }
    }
  });

  test('a stamp names another Region only where its backups go, and in alarms on replication to it', () => {
    const regions = new Set(stacks().map(({ region }) => region));
    const stamps = stacks().filter(({ name }) => !/-(control-\w+|data|routing)$/.test(name));
    expect(stamps.length).toBeGreaterThan(5);
    for (const { name, region, template } of stamps) {
      const others = [...regions].filter((candidate) => candidate !== region);
      const naming = Object.values(template.toJSON()['Resources'] as Json)
        .filter((resource: Json) => others.some((other) => JSON.stringify(resource).includes(other)))
        .map((resource: Json) => resource['Type'] as string);
      const allowed = ['AWS::Backup::BackupPlan', 'AWS::CloudWatch::Alarm'];
      expect([name, naming.filter((type) => !allowed.includes(type))]).toEqual([name, []]);
    }
  });
});

describe('control Regions', () => {
  test('a joining one gets its stack, its bucket, and checks that no verdict follows', () => {
    const joining = stackNamed(variantStacks(), 'lab-control-euw3');
    expect(joining.region).toBe('eu-west-3');
    joining.template.resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
    joining.template.hasResourceProperties('AWS::S3::Bucket', { BucketName: 'lab-switches-111111111111-euw3' });
    const { template } = stackNamed(variantStacks(), 'lab-orders-routing');
    const checks = template.findResources('AWS::Route53::HealthCheck');
    const joiningIds = Object.keys(checks).filter((id) => JSON.stringify(checks[id]).includes('lab-switches-111111111111-euw3'));
    expect(joiningIds).toHaveLength(2);
    for (const check of Object.values(checks)) {
      const children = JSON.stringify(check['Properties'].HealthCheckConfig.ChildHealthChecks ?? []);
      for (const id of joiningIds) expect(children).not.toContain(id);
    }
  });

  test('one Region owns the table; the others hold a replica of it', () => {
    const owners = variantStacks().filter(({ template, name }) => {
      return name.includes('-control-') && Object.keys(template.findResources('AWS::DynamoDB::GlobalTable')).length > 0;
    });
    expect(owners.map(({ name }) => name)).toEqual([
      `lab-control-${variantFleet().fleet.control.members.find((member) => member.ownsTable)?.code ?? ''}`,
    ]);
  });

  test('a joining Region changes no stamp and no data, and no check that is there already', () => {
    const { config, lock } = exampleFleet();
    const after = synthesizeStacks(rebuilt({ ...config, control: { ...config.control, joining: ['euw1'] } }, lock));
    expect(changedStacks(exampleStacks(), after)).toEqual([
      'shop-control-euw1',
      'shop-enterprise-routing',
      'shop-internal-routing',
      'shop-pool-routing',
    ]);
    for (const name of ['shop-enterprise-routing', 'shop-internal-routing', 'shop-pool-routing']) {
      const before = resourcesOf(stackNamed(exampleStacks(), name));
      expect(resourcesOf(stackNamed(after, name))).toMatchObject(before);
    }
  });
});

describe('a group in an account of its own', () => {
  const own = (): SynthesizedStack[] => variantStacks().filter(({ name }) => name.startsWith('lab-legacy-'));

  test('has all its stacks there, and its records in its own zone', () => {
    expect(own().map(({ name, account }) => [name, account])).toEqual([
      ['lab-legacy-routing', '222222222222'],
      ['lab-legacy-use1', '222222222222'],
      ['lab-legacy-usw2', '222222222222'],
    ]);
    for (const { name, template } of own()) {
      const zones = Object.values(template.findResources('AWS::Route53::RecordSet')).map(
        (record) => record['Properties'].HostedZoneId as string,
      );
      expect([name, new Set(zones)]).toEqual([name, new Set(['Z9876543210JIHGFEDCBA'])]);
    }
  });

  test('knows the fleet’s account only as the owner of the switch buckets', () => {
    for (const { name, text } of own()) {
      const mentions = text.match(/[\w-]*111111111111[\w-]*/g) ?? [];
      expect([name, mentions.filter((mention) => !mention.startsWith('lab-switches-111111111111-'))]).toEqual([name, []]);
    }
  });

  test('puts its global table there too', () => {
    const zone = { name: 'pool.example.net', hostedZoneId: 'Z9876543210JIHGFEDCBA' };
    const pool = group('pool', { account: '222222222222', zone, placement: activeActive(), database: DYNAMODB });
    const stacks = synthesizeStacks(builtFleet(fleetConfig({ groups: [pool] })));
    expect(stacks.filter(({ account }) => account === '222222222222').map(({ name }) => name)).toEqual([
      'shop-pool-data',
      'shop-pool-euw1',
      'shop-pool-routing',
      'shop-pool-use1',
      'shop-pool-usw2',
    ]);
    expect(stacks.filter(({ account }) => account === '111111111111').map(({ name }) => name)).toEqual([
      'shop-control-use2',
      'shop-control-usw2',
    ]);
  });
});

describe('R1: swapping primary and standby, over the whole fleet', () => {
  test('changes alias target and check of the two failover records, and nothing else anywhere', () => {
    const { config, lock } = exampleFleet();
    const after = synthesizeStacks(rebuilt(swapped(config, 'enterprise'), lock));
    expect(changedStacks(exampleStacks(), after)).toEqual(['shop-enterprise-routing']);
    const [before, now] = [exampleStacks(), after].map((stacks) => resourcesOf(stackNamed(stacks, 'shop-enterprise-routing')));
    const changed = differentKeys(before!, now!);
    expect(changed.map((id) => before![id].Type as string)).toEqual(changed.map(() => 'AWS::Route53::RecordSet'));
    // The group's name, IPv4 alone or with IPv6, once per role.
    expect(changed.length).toBeGreaterThanOrEqual(2);
    for (const id of changed) {
      expect(differentKeys(before![id].Properties as Json, now![id].Properties as Json).sort()).toEqual([
        'AliasTarget',
        'HealthCheckId',
      ]);
    }
  });

  test('a smaller standby moves its capacity, and what follows capacity, with it', () => {
    const { config, lock } = variantFleet();
    const after = synthesizeStacks(rebuilt(swapped(config, 'ledger'), lock));
    expect(changedStacks(variantStacks(), after)).toEqual(['lab-ledger-euc1', 'lab-ledger-euw1', 'lab-ledger-routing']);
    for (const name of ['lab-ledger-euc1', 'lab-ledger-euw1']) {
      const [before, now] = [variantStacks(), after].map((stacks) => resourcesOf(stackNamed(stacks, name)));
      const types = differentKeys(before!, now!).map((id) => before![id].Type as string);
      const allowed = ['AWS::ApplicationAutoScaling::ScalableTarget', 'AWS::CloudWatch::Alarm'];
      expect([name, types.filter((type) => !allowed.includes(type))]).toEqual([name, []]);
    }
  });
});

describe('the same meaning gives the same bytes', () => {
  test('the order of groups, Regions, tenants and keys in the configuration makes no difference', () => {
    for (const [loaded, stacks] of [
      [exampleFleet(), exampleStacks()],
      [variantFleet(), variantStacks()],
    ] as const) {
      const shuffled = synthesizeStacks(rebuilt(reversed(loaded.config), loaded.lock));
      expect(changedStacks(stacks, shuffled)).toEqual([]);
    }
  });

  test('a second synthesis writes the same files, manifest and assets included, and no path of this machine', () => {
    const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'stampkit-fleet-app-')));
    for (const folder of folders) synthesizeInto(exampleFleet().fleet, folder);
    const [first, second] = folders.map(hashesOf);
    expect(Object.keys(first!).length).toBeGreaterThan(13);
    expect(second).toEqual(first);
    for (const { name, text } of exampleStacks()) expect([name, text.includes(tmpdir())]).toEqual([name, false]);
  });
});

test('fails synth of the app when a resource breaks a rule', { timeout: 60_000 }, () => {
  const app = createApp();
  const stack = new Stack(app, 'shop-extra', { env: { account: '111111111111', region: 'us-east-1' } });
  new logs.CfnLogGroup(stack, 'Log');
  expect(() => app.synth()).toThrow(/shop-extra\/Log[\s\S]*NIST\.800\.53\.R5-CloudWatchLogGroupEncrypted/);
});

test('an app that the CDK CLI runs is synthesized when it is asked to, and not once more when Node.js ends', () => {
  const { CDK_OUTDIR: outdir } = process.env;
  process.env['CDK_OUTDIR'] = mkdtempSync(join(tmpdir(), 'stampkit-fleet-app-'));
  try {
    const before = process.listeners('beforeExit');
    createApp();
    expect(process.listeners('beforeExit')).toEqual(before);
  } finally {
    if (outdir === undefined) delete process.env['CDK_OUTDIR'];
    else process.env['CDK_OUTDIR'] = outdir;
  }
});

function resourcesOf(stack: SynthesizedStack): Json {
  return stack.template.toJSON()['Resources'] as Json;
}

function differentKeys(a: Json, b: Json): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));
}

/** Names of stacks that are new, gone or different in a byte, a tag or their environment. */
function changedStacks(before: readonly SynthesizedStack[], after: readonly SynthesizedStack[]): string[] {
  const fingerprint = ({ name, account, region, text, terminationProtection, tags }: SynthesizedStack): [string, string] => [
    name,
    JSON.stringify([account, region, text, terminationProtection, tags]),
  ];
  const [a, b] = [before, after].map((stacks) => Object.fromEntries(stacks.map(fingerprint)));
  return differentKeys(a!, b!).sort();
}

function swapped(config: FleetConfig, name: string): FleetConfig {
  const swap = (of: GroupConfig): GroupConfig => {
    if (of.group !== name || of.placement.mode !== 'active-passive') return of;
    const { primary, standby } = of.placement;
    return { ...of, placement: { ...of.placement, primary: standby, standby: primary } };
  };
  return { ...config, groups: config.groups.map(swap) };
}

/** Lists whose order means nothing backwards, and every mapping with its keys the other way round. */
function reversed(config: FleetConfig): FleetConfig {
  const turned = keysReversed(config) as FleetConfig;
  return {
    ...turned,
    regions: [...turned.regions].reverse(),
    control: { ...turned.control, regions: [...turned.control.regions].reverse() },
    groups: [...turned.groups].reverse().map((of) => ({
      ...of,
      tenants: [...of.tenants].reverse(),
      placement:
        of.placement.mode === 'active-active' ? { ...of.placement, regions: [...of.placement.regions].reverse() } : of.placement,
    })),
  };
}

function keysReversed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(keysReversed);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .reverse()
      .map(([key, value]) => [key, keysReversed(value)]),
  );
}

/** Digest of every file below a folder, by its path. */
function hashesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile());
  return Object.fromEntries(
    files.map((path) => [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}
