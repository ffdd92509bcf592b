import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { beforeAll, describe, expect, test } from 'vitest';
import { stampNames } from '../../../lib/topology/names';
import { customRequests } from '../support/emulator';
import { shown } from '../support/run';
import { STACKS, type Scene } from '../support/scene';
import { physicalIds } from '../support/stacks';

/** Deploying what is deployed, and what a restore has changed since. */
export function describeAgain(scene: Scene): void {
  describe('deploying again', () => {
    test('changes nothing', async () => {
      const before = await physicalIds();
      const asked = customRequests();
      const result = await scene.project.deploy();
      expect(result.exitCode, shown(result)).toBe(0);
      for (const name of STACKS) expect(result.stderr).toMatch(new RegExp(`${name} \\(no changes\\)`));
      expect(result.stdout).toBe('');
      expect(await physicalIds()).toEqual(before);
      expect(customRequests()).toEqual(asked);
    });

    test('and cdk diff is empty', async () => {
      const synth = await scene.project.cdk('synth', '--quiet');
      expect(synth.exitCode, shown(synth)).toBe(0);
      const result = await scene.project.cdk('diff', '--app', scene.project.assembly, '--fail', '--method', 'template');
      expect(result.exitCode, shown(result)).toBe(0);
      expect(result.stdout + result.stderr).toContain('Number of stacks with differences: 0');
    });

    test('cdk list names every stack once, in the order to deploy them in', async () => {
      const result = await scene.project.cdk('list', '--app', scene.project.assembly);
      expect(result.exitCode, shown(result)).toBe(0);
      const listed = result.stdout.trim().split('\n');
      expect([...listed].sort()).toEqual(STACKS);
      const kind = (name: string): number =>
        name.includes('-control-') ? 0 : name.endsWith('-data') ? 1 : name.endsWith('-routing') ? 3 : 2;
      expect(listed.map(kind)).toEqual(listed.map(kind).sort());
    });

    test('cdk deploy takes a pattern of stamps and works on several at once', async () => {
      const result = await scene.project.cdk(
        ...['deploy', 'e2e-orders-us*', '--app', scene.project.assembly],
        ...['--concurrency', '2', '--require-approval', 'never', '--progress', 'events'],
      );
      expect(result.exitCode, shown(result)).toBe(0);
      const done = [...(result.stdout + result.stderr).matchAll(/(e2e-[\w-]+) \(no changes\)/g)].map(([, name]) => name);
      expect([...new Set(done)].sort()).toEqual(['e2e-orders-use1', 'e2e-orders-usw2']);
    });
  });

  describe('a stamp whose database was restored', () => {
    const { databaseParameter: Name } = stampNames({ fleet: 'e2e', group: 'orders', regionCode: 'use1' });
    const ssm = new SSMClient({ region: 'us-east-1' });
    const value = async (): Promise<string> => (await ssm.send(new GetParameterCommand({ Name }))).Parameter!.Value!;
    const put = (Value: string): Promise<unknown> =>
      ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
    let original: string;
    const restored =
      '{"engine":"aurora-postgresql","writer":"e2e-orders-use1-restored.cluster-x.us-east-1.rds.amazonaws.com","port":5432,"name":"app"}';

    beforeAll(async () => {
      original = await value();
      await put(restored);
    });

    test('keeps its pointer in an ordinary deployment', async () => {
      const result = await scene.project.deploy(['--stamp', 'orders-use1']);
      expect(result.exitCode, shown(result)).toBe(0);
      expect(result.stderr).toContain('points at a restored database');
      expect(await value()).toBe(restored);
    });

    test('fails to be deployed with other tags, which would point it back', async () => {
      scene.project.edit('stamps/fleet.yaml', 'defaults:', 'tags: { cost-center: e2e }\n\ndefaults:');
      const result = await scene.project.deploy(['--stamp', 'orders-use1']);
      scene.project.edit('stamps/fleet.yaml', 'tags: { cost-center: e2e }\n\ndefaults:', 'defaults:');
      expect(result.exitCode, shown(result)).toBe(3);
      expect(result.stderr).toContain('--allow-pointer-reset');
      expect(await value()).toBe(restored);
      await put(original);
    });
  });
}
