import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assemble, artifactsOf, filesOf, readJson, stackArtifacts } from '../../support/assemblies';
import { variantFleet } from '../../support/loaded-fleets';
import { once } from '../../support/once';
import { activePassive, builtFleet, fleetConfig, group, plainGroup, single } from '../../topology/fixtures';

type Json = Record<string, any>;

const variant = once(() => assemble(variantFleet().fleet, { stamping: true }));

describe('assets', () => {
  const stacks = once(() => stackArtifacts(variant()));

  test('of every stack go to its own account and Region', () => {
    const accounts = new Set<string>();
    for (const [id, { environment }] of stacks()) {
      const [, account, region] = /^aws:\/\/(\d{12})\/(.+)$/.exec(environment!)!;
      accounts.add(account!);
      const { files } = readJson(variant(), `${id}.assets.json`) as { files: Record<string, { destinations: Json }> };
      for (const { destinations } of Object.values(files)) {
        const [destination, ...others] = Object.values(destinations) as Json[];
        expect([id, others]).toEqual([id, []]);
        expect([id, destination!['bucketName'], destination!['region']]).toEqual([
          id,
          `cdk-hnb659fds-assets-${account}-${region}`,
          region,
        ]);
        expect(destination!['assumeRoleArn']).toContain(
          `::${account}:role/cdk-hnb659fds-file-publishing-role-${account}-${region}`,
        );
      }
    }
    expect([...accounts].sort()).toEqual(['111111111111', '222222222222']);
  });

  test('are in the template with the bucket of the stamp’s account', () => {
    for (const [id, { environment }] of stacks()) {
      const account = /\d{12}/.exec(environment!)![0];
      const buckets =
        readFileSync(join(variant(), `${id}.template.json`), 'utf8').match(/cdk-hnb659fds-assets-[\w${}:-]+/g) ?? [];
      expect([id, buckets.filter((bucket) => !bucket.includes(account))]).toEqual([id, []]);
    }
  });

  test('the template is uploaded by its own digest, which the manifest names', () => {
    for (const [id, { properties }] of stacks()) {
      const digest = createHash('sha256')
        .update(readFileSync(join(variant(), `${id}.template.json`)))
        .digest('hex');
      expect([id, properties!['stackTemplateAssetObjectUrl']]).toEqual([id, expect.stringContaining(`/${digest}.json`)]);
      expect(Object.keys((readJson(variant(), `${id}.assets.json`) as { files: Json }).files)).toContain(digest);
    }
  });
});

describe('a fleet that is too large for one tree file', () => {
  test('keeps its constructs in files that tree.json refers to, and one stack of every shape in it', () => {
    const groups = ['a', 'b', 'c'].map((name) => plainGroup(name, { placement: single('use1') }));
    const folder = assemble(builtFleet(fleetConfig({ groups })), {
      stamping: true,
      context: { '@aws-cdk/core.TreeMetadata:maxNodes': 700 },
    });
    const { children } = readJson(folder, 'tree.json')['tree'] as { children: Record<string, Json> };
    expect(children['shop-a-use1']!['children'].Stamp.path).toBe('shop-a-use1/Stamp');
    const { fileName, treeId, ...reference } = children['shop-c-use1']!;
    expect(reference).toEqual({ id: 'shop-c-use1', path: 'shop-c-use1', constructInfo: expect.anything() as unknown });
    expect(filesOf(folder)).toContain(fileName);
    const tree = readJson(folder, fileName as string)['forest'][treeId as string] as Json;
    expect(tree['path']).toBe('shop-c-use1');
    expect(JSON.stringify(tree)).toContain('"aws:cdk:cloudformation:type":"AWS::KMS::Key"');
    expect(JSON.stringify(tree)).not.toContain('shop-a-use1');
  });
});

describe('the CDK CLI, on a stamped assembly', { timeout: 120_000 }, () => {
  const folder = once(() => {
    const groups = [group('one'), group('two', { placement: activePassive('usw2', 'use1') })];
    return assemble(builtFleet(fleetConfig({ groups })), { stamping: true });
  });
  const cdk = (...args: string[]): { status: number | null; out: string } => {
    const program = join(__dirname, '..', '..', '..', 'node_modules', 'aws-cdk', 'bin', 'cdk');
    const { status, stdout } = spawnSync(process.execPath, [program, ...args, '--app', folder(), '--no-notices'], {
      encoding: 'utf8',
    });
    return { status, out: stdout };
  };

  test('lists the stacks in the order to deploy them in', () => {
    expect(cdk('list')).toEqual({
      status: 0,
      out: [
        ...['shop-control-use2', 'shop-control-usw2', 'shop-one-data', 'shop-two-data'],
        ...['shop-one-use1', 'shop-one-usw2', 'shop-two-usw2', 'shop-two-use1', 'shop-one-routing', 'shop-two-routing', ''],
      ].join('\n'),
    });
  });

  test('selects stacks by a pattern', () => {
    expect(cdk('list', 'shop-two-us*').out).toBe('shop-two-usw2\nshop-two-use1\n');
  });

  test('prints one template', () => {
    const { status, out } = cdk('synth', 'shop-two-use1', '--json');
    expect(status).toBe(0);
    // The CLI leaves out the check of the bootstrap version.
    const { Resources } = JSON.parse(out) as Json;
    expect(Resources).toEqual(readJson(folder(), 'shop-two-use1.template.json')['Resources']);
  });
});

test('stacks of the manifest are stacks and their asset manifests, and nothing of shapes', () => {
  const ids = Object.keys(artifactsOf(variant()));
  expect(ids.filter((id) => /shape/i.test(id))).toEqual([]);
  expect(filesOf(variant()).filter((file) => /shape/i.test(file))).toEqual([]);
});
