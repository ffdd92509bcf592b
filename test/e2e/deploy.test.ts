import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ECSClient, DescribeServicesCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client, paginateDescribeLoadBalancers } from '@aws-sdk/client-elastic-load-balancing-v2';
import { KMSClient, DeleteAliasCommand, ListAliasesCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import {
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  paginateListHealthChecks,
  type HealthCheck,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import {
  DeleteBucketCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evacuatedToken, stampNames, switchBucketName, switchKey } from '../../lib/topology/names';
import { copyFleet, edit } from './support/fleet-folder';
import { runningCommands } from './support/processes';
import { ROOT, cdk, deploySh, run, shown } from './support/run';
import { deployedStacks, deployedTemplate, physicalIds, stackResources } from './support/stacks';

const ACCOUNT = '123456789012';
const ZONE = 'e2e.example.com';
const STACKS = [
  'e2e-control-use1',
  'e2e-control-usw2',
  'e2e-feed-data',
  'e2e-feed-routing',
  'e2e-feed-use1',
  'e2e-feed-usw2',
  'e2e-orders-data',
  'e2e-orders-routing',
  'e2e-orders-use1',
  'e2e-orders-usw2',
  'e2e-tools-routing',
  'e2e-tools-usw2',
];
const STAMPS: readonly (readonly [string, string, string])[] = [
  ['feed', 'use1', 'us-east-1'],
  ['feed', 'usw2', 'us-west-2'],
  ['orders', 'use1', 'us-east-1'],
  ['orders', 'usw2', 'us-west-2'],
  ['tools', 'usw2', 'us-west-2'],
];
const CONTROL = [
  ['use1', 'us-east-1'],
  ['usw2', 'us-west-2'],
] as const;

const route53 = new Route53Client({});
let zoneId: string;
let stamps: string;
let assembly: string;

beforeAll(async () => {
  const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name: ZONE, CallerReference: 'e2e' }));
  zoneId = HostedZone!.Id!.replace('/hostedzone/', '');
  stamps = copyFleet(zoneId);
  assembly = mkdtempSync(join(tmpdir(), 'stampkit-e2e-assembly-'));
});

afterAll(() => {
  for (const folder of [stamps, assembly]) rmSync(folder, { recursive: true, force: true });
});

describe('a fleet of all three kinds of groups', () => {
  test('its Regions are bootstrapped', async () => {
    const result = await cdk(['bootstrap', `aws://${ACCOUNT}/us-east-1`, `aws://${ACCOUNT}/us-west-2`]);
    expect(result.exitCode, shown(result)).toBe(0);
  });

  test('a deployment that is stopped half-way ends with 3 and leaves no process', async () => {
    const result = await deploySh(['--stamps', stamps], {
      watch: (output, stop) => {
        if (/phase 3 of 5[^]*e2e-(feed|orders)-use1: deploying/.test(output)) stop();
      },
    });
    expect(result.exitCode, shown(result)).toBe(3);
    expect(result.stderr).toContain('run the same command again');
    const stacks = [...(await deployedStacks()).keys()];
    expect(stacks).toEqual(expect.arrayContaining(['e2e-control-use1', 'e2e-orders-data']));
    expect(stacks.filter((name) => name.endsWith('-routing'))).toEqual([]);
    expect(runningCommands().filter((command) => /cdk deploy .*e2e-/.test(command))).toEqual([]);
  });

  test('the next one goes on, waits for the checks, and completes every stack', async () => {
    const result = await deploySh(['--stamps', stamps]);
    expect(result.exitCode, shown(result)).toBe(0);
    expect(result.stderr).toMatch(/waiting for \d+ health checks/);
    const stacks = await deployedStacks();
    expect([...stacks.keys()].sort()).toEqual(STACKS);
    expect([...stacks.values()].map(({ StackStatus }) => StackStatus)).toEqual(STACKS.map(() => 'CREATE_COMPLETE'));
  });

  test('control stacks are protected against termination, which the emulator’s stamps gave up with a reason', async () => {
    const stacks = [...(await deployedStacks()).values()];
    expect(
      stacks.filter(({ EnableTerminationProtection }) => EnableTerminationProtection === true).map(({ StackName }) => StackName),
    ).toEqual(['e2e-control-use1', 'e2e-control-usw2']);
  });
});

describe('what landed in Route 53', () => {
  let records: ResourceRecordSet[];
  let checks: Map<string, HealthCheck>;
  const named = (name: string): ResourceRecordSet[] => records.filter((record) => record.Name?.replace(/\.$/, '') === name);

  beforeAll(async () => {
    records = (await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }))).ResourceRecordSets!;
    checks = new Map();
    for await (const { HealthChecks } of paginateListHealthChecks({ client: route53 }, {})) {
      for (const check of HealthChecks ?? []) checks.set(check.Id!, check);
    }
  });

  test('active-passive: a failover pair of aliases to the stamps’ own names', () => {
    const pair = named(`orders.${ZONE}`);
    expect(pair.map(({ SetIdentifier, Failover, Type }) => [SetIdentifier, Failover, Type]).sort()).toEqual([
      ['primary', 'PRIMARY', 'A'],
      ['secondary', 'SECONDARY', 'A'],
    ]);
    const target = (failover: string): string | undefined =>
      pair.find(({ Failover }) => Failover === failover)?.AliasTarget?.DNSName;
    expect(target('PRIMARY')).toMatch(/^use1\.orders\.e2e\.example\.com\.?$/);
    expect(target('SECONDARY')).toMatch(/^usw2\.orders\.e2e\.example\.com\.?$/);
  });

  test('active-active: latency aliases, one for each Region', () => {
    expect(
      named(`feed.${ZONE}`)
        .map(({ Region, AliasTarget }) => [Region, AliasTarget?.DNSName?.replace(/\.$/, '')])
        .sort(),
    ).toEqual([
      ['us-east-1', `use1.feed.${ZONE}`],
      ['us-west-2', `usw2.feed.${ZONE}`],
    ]);
  });

  test('single: one alias, and tenants lead to their group', () => {
    expect(named(`tools.${ZONE}`)).toHaveLength(1);
    const tenant = (name: string): string | undefined => named(`${name}.${ZONE}`)[0]?.AliasTarget?.DNSName?.replace(/\.$/, '');
    expect(tenant('acme')).toBe(`orders.${ZONE}`);
    expect(tenant('initech')).toBe(`feed.${ZONE}`);
  });

  test('every alias of a group evaluates its target, has a set identifier of its own and a check that is calculated', () => {
    for (const group of ['orders', 'feed']) {
      const set = named(`${group}.${ZONE}`);
      expect(set.map(({ AliasTarget }) => AliasTarget?.EvaluateTargetHealth)).toEqual([true, true]);
      expect(set.map(({ AliasTarget }) => AliasTarget?.HostedZoneId)).toEqual([zoneId, zoneId]);
      expect(new Set(set.map(({ SetIdentifier }) => SetIdentifier)).size).toBe(2);
      expect(set.map(({ HealthCheckId }) => checks.get(HealthCheckId!)?.HealthCheckConfig?.Type)).toEqual([
        'CALCULATED',
        'CALCULATED',
      ]);
    }
  });

  test.each(STAMPS)('%s-%s: its own name leads to its load balancer in %s', async (group, code, region) => {
    const [record] = named(`${code}.${group}.${ZONE}`);
    const names: string[] = [];
    const client = new ElasticLoadBalancingV2Client({ region });
    for await (const { LoadBalancers } of paginateDescribeLoadBalancers({ client }, {})) {
      names.push(...(LoadBalancers ?? []).map(({ DNSName }) => DNSName!));
    }
    expect(names).toContain(record?.AliasTarget?.DNSName?.replace(/\.$/, '').replace(/^dualstack\./, ''));
    expect(record?.AliasTarget?.EvaluateTargetHealth).toBe(true);
  });

  test.each(STAMPS.filter(([group]) => group !== 'tools'))(
    '%s-%s: its check counts a deep check and an inverted switch in each control Region',
    (group, code) => {
      const id = `${group}-${code}`;
      const record = named(`${group}.${ZONE}`).find(({ AliasTarget }) => AliasTarget?.DNSName?.startsWith(`${code}.`));
      const verdict = checks.get(record!.HealthCheckId!)!.HealthCheckConfig!;
      const children = verdict.ChildHealthChecks!.map((child) => checks.get(child)!.HealthCheckConfig!);
      expect(verdict.HealthThreshold).toBe(1 + CONTROL.length);
      expect(children).toHaveLength(1 + CONTROL.length);
      expect(children.filter(({ Inverted }) => Inverted !== true)).toEqual([
        expect.objectContaining({
          Type: 'HTTPS',
          FullyQualifiedDomainName: `${code}.${group}.${ZONE}`,
          ResourcePath: '/.stamp/health',
          RequestInterval: 10,
          FailureThreshold: 3,
          EnableSNI: true,
        }),
      ]);
      expect(
        children
          .filter(({ Inverted }) => Inverted === true)
          .map(({ FullyQualifiedDomainName: host }) => host)
          .sort(),
      ).toEqual(CONTROL.map(([control, region]) => `${switchBucketName('e2e', ACCOUNT, control)}.s3.${region}.amazonaws.com`));
      for (const { Type, SearchString, ResourcePath } of children.filter(({ Inverted }) => Inverted === true)) {
        expect([Type, SearchString, ResourcePath]).toEqual(['HTTPS_STR_MATCH', evacuatedToken(id), `/${switchKey(id)}`]);
      }
    },
  );
});

describe('what landed in the stamps', () => {
  test.each(STAMPS)('%s-%s: its service runs the image of its own Region', async (group, code, region) => {
    const names = stampNames({ fleet: 'e2e', group, regionCode: code });
    const ecs = new ECSClient({ region });
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: names.cluster, services: [names.service] }));
    expect(services?.[0]?.status).toBe('ACTIVE');
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: services![0]!.taskDefinition }),
    );
    expect(taskDefinition?.family).toBe(names.taskFamily);
    expect(taskDefinition?.containerDefinitions?.map(({ image }) => image)).toEqual(
      expect.arrayContaining([expect.stringContaining(`.dkr.ecr.${region}.amazonaws.com/e2e/`)]),
    );
  });

  test.each([
    ['use1', 'us-east-1'],
    ['usw2', 'us-west-2'],
  ])('orders-%s: its queue hands what fails to its own dead-letter queue, over TLS only', async (code, region) => {
    const names = stampNames({ fleet: 'e2e', group: 'orders', regionCode: code });
    const sqs = new SQSClient({ region });
    const attributes = async (QueueName: string): Promise<Record<string, string>> => {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
      return Attributes as Record<string, string>;
    };
    const work = await attributes(names.queue);
    const dead = await attributes(names.deadLetterQueue);
    expect(JSON.parse(work['RedrivePolicy']!).deadLetterTargetArn).toBe(dead['QueueArn']);
    for (const queue of [work, dead]) {
      expect(JSON.parse(queue['Policy']!).Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
    expect(work['KmsMasterKeyId']).toBeDefined();
  });

  test.each(CONTROL)('the switches in %s may be read by the checkers and by nobody else', async (code, region) => {
    const s3 = new S3Client({ region, forcePathStyle: true });
    const Bucket = switchBucketName('e2e', ACCOUNT, code);
    const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    const allowed = JSON.parse(Policy!).Statement.filter(({ Effect }: any) => Effect === 'Allow');
    expect(allowed).toHaveLength(1);
    expect(allowed[0]).toMatchObject({ Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/switches/*` });
    expect(allowed[0].Condition.IpAddress['aws:SourceIp'].length).toBeGreaterThan(16);
  });

  test('database pointers say engine and place, and a group without a database has none', async () => {
    const pointer = async (group: string, regionCode: string, region: string): Promise<unknown> => {
      const { databaseParameter } = stampNames({ fleet: 'e2e', group, regionCode });
      const { Parameter } = await new SSMClient({ region }).send(new GetParameterCommand({ Name: databaseParameter }));
      return JSON.parse(Parameter!.Value!);
    };
    expect(await pointer('orders', 'usw2', 'us-west-2')).toEqual({
      engine: 'aurora-postgresql',
      writer: expect.stringMatching(/^e2e-orders-usw2\.cluster-[^.]+\.us-west-2\.rds\.amazonaws\.com$/),
      reader: expect.stringMatching(/^e2e-orders-usw2\.cluster-ro-[^.]+\.us-west-2\.rds\.amazonaws\.com$/),
      port: 5432,
      name: 'app',
    });
    expect(await pointer('feed', 'use1', 'us-east-1')).toMatchObject({ engine: 'dynamodb', table: 'e2e-feed.table' });
    await expect(pointer('tools', 'usw2', 'us-west-2')).rejects.toThrow(/not found|ParameterNotFound/i);
  });
});

describe('deploying again', () => {
  test('changes nothing', async () => {
    const before = await physicalIds();
    const result = await deploySh(['--stamps', stamps]);
    expect(result.exitCode, shown(result)).toBe(0);
    for (const name of STACKS) expect(result.stdout + result.stderr).toMatch(new RegExp(`${name} \\(no changes\\)`));
    expect(await physicalIds()).toEqual(before);
  });

  test('and cdk diff is empty', async () => {
    const synth = await cdk(['synth', '--quiet', '--context', `stamps=${stamps}`, '--output', assembly]);
    expect(synth.exitCode, shown(synth)).toBe(0);
    const result = await cdk(['diff', '--app', assembly, '--fail', '--no-change-set']);
    expect(result.exitCode, shown(result)).toBe(0);
    expect(result.stdout + result.stderr).toContain('Number of stacks with differences: 0');
  });
});

describe('a stamp whose database was restored', () => {
  const { databaseParameter: Name } = stampNames({ fleet: 'e2e', group: 'orders', regionCode: 'use1' });
  const ssm = new SSMClient({ region: 'us-east-1' });
  let original: string;
  const restored =
    '{"engine":"aurora-postgresql","writer":"e2e-orders-use1-restored.cluster-x.us-east-1.rds.amazonaws.com","port":5432,"name":"app"}';

  beforeAll(async () => {
    original = (await ssm.send(new GetParameterCommand({ Name }))).Parameter!.Value!;
    await ssm.send(new PutParameterCommand({ Name, Value: restored, Type: 'String', Overwrite: true }));
  });

  test('keeps its pointer in an ordinary deployment', async () => {
    const result = await deploySh(['--stamps', stamps, '--stamp', 'orders-use1']);
    expect(result.exitCode, shown(result)).toBe(0);
    expect(result.stderr).toContain('points at a restored database');
    expect((await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value).toBe(restored);
  });

  test('fails to be deployed with other tags, which would point it back', async () => {
    edit(join(stamps, 'fleet.yaml'), 'defaults:', 'tags: { cost-center: e2e }\n\ndefaults:');
    const result = await deploySh(['--stamps', stamps, '--stamp', 'orders-use1']);
    edit(join(stamps, 'fleet.yaml'), 'tags: { cost-center: e2e }\n\ndefaults:', 'defaults:');
    expect(result.exitCode, shown(result)).toBe(3);
    expect(result.stderr).toContain('--allow-pointer-reset');
    expect((await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value).toBe(restored);
    await ssm.send(new PutParameterCommand({ Name, Value: original, Type: 'String', Overwrite: true }));
  });
});

describe('removing', () => {
  test('fails for a stamp that the records still lead to', async () => {
    const result = await deploySh(['--stamps', stamps, '--destroy', '--stamp', 'orders-usw2', '--confirm', 'e2e-orders-usw2']);
    expect(result.exitCode, shown(result)).toBe(3);
    expect(result.stderr).toContain('still lead to it');
  });

  test('fails without the exact name of each stack', async () => {
    const result = await deploySh(['--stamps', stamps, '--destroy', 'tools', '--confirm', 'e2e-tools-routing']);
    expect(result.exitCode, shown(result)).toBe(3);
    expect(result.stderr).toContain('--confirm e2e-tools-usw2');
    expect((await deployedStacks()).has('e2e-tools-routing')).toBe(true);
  });

  test('takes a group away, keeps what it must, and leaves the others as they are', async () => {
    const template = await deployedTemplate('e2e-tools-usw2', 'us-west-2');
    const resources = await stackResources('e2e-tools-usw2', 'us-west-2');
    const { StackId } = (await deployedStacks()).get('e2e-tools-usw2')!;
    const before = await physicalIds();
    const confirm = ['--confirm', 'e2e-tools-routing', '--confirm', 'e2e-tools-usw2'];
    const result = await deploySh(['--stamps', stamps, '--destroy', 'tools', ...confirm]);
    expect(result.exitCode, shown(result)).toBe(0);
    const others = Object.entries(before).filter(([key]) => !key.startsWith('e2e-tools-'));
    expect(await physicalIds()).toEqual(Object.fromEntries(others));
    const retained = resources.filter(({ LogicalResourceId }) =>
      String(template.Resources[LogicalResourceId!].DeletionPolicy ?? '').startsWith('Retain'),
    );
    const mapping = await run(join(ROOT, 'scripts', 'import-mapping.sh'), [
      ...['e2e-tools-usw2', '--assembly', assembly, '--stack-id', StackId!],
    ]);
    expect(mapping.exitCode, shown(mapping)).toBe(0);
    expect(
      Object.fromEntries(Object.entries(JSON.parse(mapping.stdout)).map(([id, value]) => [id, Object.values(value as any)])),
    ).toEqual(
      Object.fromEntries(retained.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, [PhysicalResourceId]])),
    );
    await expectLeftovers(retained.map(({ ResourceType, PhysicalResourceId }) => [ResourceType!, PhysicalResourceId!]));
    await removeLeftovers(retained.map(({ ResourceType, PhysicalResourceId }) => [ResourceType!, PhysicalResourceId!]));
  });

  test('and the group can be deployed again', async () => {
    const result = await deploySh(['--stamps', stamps, 'tools']);
    expect(result.exitCode, shown(result)).toBe(0);
    expect([...(await deployedStacks()).keys()].sort()).toEqual(STACKS);
  });
});

describe('the emulator', () => {
  test('answered every request, and says what it skipped: those templates pass cfn-lint', async () => {
    expect(readFileSync(process.env['EMULATOR_LOG']!, 'utf8')).not.toMatch(/" 5\d\d -/);
    const skipped = readFileSync(process.env['EMULATOR_SKIPPED']!, 'utf8').trim().split('\n').sort();
    process.stdout.write(`resource types that the emulator stood in for:\n${skipped.map((type) => `  ${type}`).join('\n')}\n`);
    const templates = STACKS.map((name) => join(assembly, `${name}.template.json`));
    expect(templates.every((path) => existsSync(path))).toBe(true);
    const all = templates.map((path) => readFileSync(path, 'utf8')).join('\n');
    for (const type of skipped) expect(all).toContain(`"${type}"`);
    const lint = await run(join(dirname(process.env['EMULATOR_PYTHON']!), 'cfn-lint'), [
      '--non-zero-exit-code',
      'error',
      '--',
      ...templates,
    ]);
    expect(lint.exitCode, shown(lint)).toBe(0);
  });
});

async function expectLeftovers(retained: readonly (readonly [string, string])[]): Promise<void> {
  const types = retained.map(([type]) => type);
  expect(types).toEqual(expect.arrayContaining(['AWS::KMS::Key', 'AWS::KMS::Alias', 'AWS::S3::Bucket', 'AWS::Logs::LogGroup']));
  const { Aliases } = await new KMSClient({ region: 'us-west-2' }).send(new ListAliasesCommand({}));
  expect(Aliases?.map(({ AliasName }) => AliasName)).toContain('alias/e2e-tools-usw2');
  for (const [type, id] of retained) {
    if (type === 'AWS::S3::Bucket')
      await new S3Client({ region: 'us-west-2', forcePathStyle: true }).send(new HeadBucketCommand({ Bucket: id }));
  }
}

async function removeLeftovers(retained: readonly (readonly [string, string])[]): Promise<void> {
  const kms = new KMSClient({ region: 'us-west-2' });
  const s3 = new S3Client({ region: 'us-west-2', forcePathStyle: true });
  for (const [type, id] of retained) {
    if (type === 'AWS::KMS::Alias') await kms.send(new DeleteAliasCommand({ AliasName: id }));
    if (type === 'AWS::S3::Bucket') await s3.send(new DeleteBucketCommand({ Bucket: id }));
  }
  for (const [type, id] of retained) {
    if (type === 'AWS::KMS::Key') await kms.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }));
  }
}
