import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { KMSClient, ListAliasesCommand } from '@aws-sdk/client-kms';
import { type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { skippedTypes } from '../support/emulator';
import { ROOT, shown } from '../support/run';
import type { Scene } from '../support/scene';
import { deployedStacks, deployedTemplate, physicalIds, stackResources } from '../support/stacks';

/** A group and a stamp that go while the others stay; what they leave can be adopted, and is removed. */
export function describeRemoval(scene: Scene): void {
  describe('removing', () => {
    test('fails for a stamp that the records still lead to', async () => {
      const result = await scene.project.deploy(['--destroy', '--stamp', 'orders-usw2', '--confirm', 'e2e-orders-usw2']);
      expect(result.exitCode, shown(result)).toBe(3);
      expect(result.stderr).toContain('still lead to it');
    });

    test('fails without the exact name of each stack', async () => {
      const result = await scene.project.deploy(['--destroy', 'tools', '--confirm', 'e2e-tools-routing']);
      expect(result.exitCode, shown(result)).toBe(3);
      expect(result.stderr).toContain('--confirm e2e-tools-usw2');
      expect((await deployedStacks()).has('e2e-tools-routing')).toBe(true);
    });

    test('fails for a control stack, which is protected', async () => {
      const result = await scene.project.cdk('destroy', '--force', '--exclusively', 'e2e-control-usw2');
      expect(result.exitCode, shown(result)).toBe(1);
      expect((await deployedStacks()).has('e2e-control-usw2')).toBe(true);
    });
  });

  describe('a group', () => {
    test('goes, keeps what it must, and leaves the others as they are', async () => {
      const gone = await snapshot('e2e-tools-usw2', 'us-west-2');
      const before = await physicalIds();
      const confirm = ['--confirm', 'e2e-tools-routing', '--confirm', 'e2e-tools-usw2'];
      const result = await scene.project.deploy(['--destroy', 'tools', ...confirm]);
      expect(result.exitCode, shown(result)).toBe(0);
      expect(await physicalIds()).toEqual(without(before, 'e2e-tools-routing', 'e2e-tools-usw2'));
      await expectAdoptable(scene, gone);
      await expectLeftovers(gone, 'alias/e2e-tools-usw2');
      await removeLeftovers(scene, gone);
    });
  });

  describe('a stamp', () => {
    const placement = 'placement:\n  mode: active-active\n  regions: [use1, usw2]\n  routing: { policy: latency }\n';
    const single =
      'placement: { mode: single, region: use1 }\nbackup: { copyTo: [], copyReason: the emulator lives for one test run }\n';

    test('that is taken out of its group gets no traffic any more', async () => {
      scene.project.edit('stamps/groups/feed.yaml', placement, single);
      const lock = await scene.project.stampkit('lock');
      expect(lock.exitCode, shown(lock)).toBe(0);
      const result = await scene.project.deploy(['feed']);
      expect(result.exitCode, shown(result)).toBe(0);
      expect(JSON.stringify(await deployedTemplate('e2e-feed-routing', 'us-east-1'))).not.toContain('usw2.feed.');
    });

    test('stays when somebody at a terminal types another name', async () => {
      const result = await scene.project.deployAtTerminal(
        ['--destroy', '--stamp', 'feed-usw2'],
        [['Type its exact name: ', 'feed-usw2\r']],
      );
      expect(result.exitCode, shown(result)).toBe(3);
      expect(result.stdout).toContain('that is not e2e-feed-usw2');
      expect((await deployedStacks()).has('e2e-feed-usw2')).toBe(true);
    });

    test('goes when they type its own, and leaves the others as they are', async () => {
      const gone = await snapshot('e2e-feed-usw2', 'us-west-2');
      const before = await physicalIds();
      const result = await scene.project.deployAtTerminal(
        ['--destroy', '--stamp', 'feed-usw2'],
        [['Type its exact name: ', 'e2e-feed-usw2\r']],
      );
      expect(result.exitCode, shown(result)).toBe(0);
      expect(await physicalIds()).toEqual(without(before, 'e2e-feed-usw2'));
      await expectLeftovers(gone, 'alias/e2e-feed-usw2');
      await removeLeftovers(scene, gone);
    });

    test('that is put back gets the addresses that it had', async () => {
      const addresses = (): string[] => scene.project.read('stamps/fleet.lock.yaml').match(/feed-usw2: \S+/g) ?? [];
      const before = addresses();
      scene.project.edit('stamps/groups/feed.yaml', single, placement);
      const lock = await scene.project.stampkit('lock');
      expect(lock.exitCode, shown(lock)).toBe(0);
      expect(addresses()).toEqual(before);
    });
  });
}

interface Gone {
  readonly stackId: string;
  readonly stackName: string;
  readonly region: string;
  /** What the template retains. */
  readonly retained: readonly StackResourceSummary[];
}

async function snapshot(stackName: string, region: string): Promise<Gone> {
  const template = await deployedTemplate(stackName, region);
  const retained = (await stackResources(stackName, region)).filter(({ LogicalResourceId }) =>
    String(template.Resources[LogicalResourceId!].DeletionPolicy ?? '').startsWith('Retain'),
  );
  return { stackId: (await deployedStacks()).get(stackName)!.StackId!, stackName, region, retained };
}

function without(ids: Record<string, string>, ...stacks: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(ids).filter(([key]) => !stacks.includes(key.split('/')[0]!)));
}

/** The mapping for `cdk import`, from the stack's memory, is the list of what was retained. */
async function expectAdoptable({ project }: Scene, { stackId, stackName, retained }: Gone): Promise<void> {
  const mapping = await project.run('node_modules/stampkit/scripts/import-mapping.sh', [stackName, '--stack-id', stackId]);
  expect(mapping.exitCode, shown(mapping)).toBe(0);
  expect(
    Object.fromEntries(Object.entries(JSON.parse(mapping.stdout)).map(([id, value]) => [id, Object.values(value as any)])),
  ).toEqual(
    Object.fromEntries(retained.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, [PhysicalResourceId]])),
  );
}

async function expectLeftovers({ region, retained }: Gone, alias: string): Promise<void> {
  const types = retained.map(({ ResourceType }) => ResourceType);
  expect(types).toEqual(expect.arrayContaining(['AWS::KMS::Key', 'AWS::KMS::Alias', 'AWS::S3::Bucket', 'AWS::Logs::LogGroup']));
  expect(await aliases(region)).toContain(alias);
  for (const { ResourceType, PhysicalResourceId } of retained) {
    if (ResourceType === 'AWS::S3::Bucket')
      await new S3Client({ region, forcePathStyle: true }).send(new HeadBucketCommand({ Bucket: PhysicalResourceId }));
  }
}

async function aliases(region: string): Promise<(string | undefined)[]> {
  const { Aliases } = await new KMSClient({ region }).send(new ListAliasesCommand({}));
  return (Aliases ?? []).map(({ AliasName }) => AliasName);
}

/** All but what the emulator only stood in for, which is nowhere. */
async function removeLeftovers({ project }: Scene, { region, retained, stackName }: Gone): Promise<void> {
  const skipped = skippedTypes();
  const resources = retained
    .filter(({ ResourceType }) => !skipped.includes(ResourceType!))
    .map(({ ResourceType, PhysicalResourceId }) => [ResourceType, PhysicalResourceId]);
  const result = await project.run('python', [join(ROOT, 'test', 'e2e', 'support', 'remove_leftovers.py')], {
    stdin: JSON.stringify({ region, resources }),
  });
  expect(result.exitCode, shown(result)).toBe(0);
  expect(result.stdout.trim().split('\n')).toHaveLength(resources.length);
  expect(await aliases(region)).not.toContain(`alias/${stackName}`);
}
