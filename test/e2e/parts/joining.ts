import { type HealthCheck, Route53Client, paginateListHealthChecks } from '@aws-sdk/client-route-53';
import { describe, expect, test } from 'vitest';
import { shown } from '../support/run';
import { CONTROL, JOINING, type Scene } from '../support/scene';
import { deployedStacks, physicalIds } from '../support/stacks';

const [CODE, REGION] = JOINING;

/** A control Region that joins in two deployments, because a verdict must not count a check that has no data yet. */
export function describeJoining(scene: Scene): void {
  const edit = (from: string, to: string): void => {
    scene.project.edit('stamps/fleet.yaml', from, to);
  };
  const lock = async (): Promise<void> => {
    const result = await scene.project.stampkit('lock');
    expect(result.exitCode, shown(result)).toBe(0);
  };
  const verdicts = async (): Promise<HealthCheck[]> => {
    const found: HealthCheck[] = [];
    for await (const { HealthChecks } of paginateListHealthChecks({ client: new Route53Client({}) }, {}))
      found.push(...(HealthChecks ?? []));
    return found.filter(({ HealthCheckConfig: config }) => config?.Type === 'CALCULATED');
  };
  const sizes = async (): Promise<Set<string>> =>
    new Set(
      (await verdicts()).map(
        ({ HealthCheckConfig: config }) => `${config!.HealthThreshold} of ${config!.ChildHealthChecks!.length}`,
      ),
    );
  const counted = (control: number): Set<string> => new Set([`${1 + control} of ${1 + control}`]);

  describe('another control Region', () => {
    test('fails to be counted in the deployment that makes its checks', async () => {
      const before = await physicalIds();
      edit('regions: [use1, usw2]', `regions: [use1, usw2, ${CODE}]`);
      await lock();
      const result = await scene.project.deploy();
      expect(result.exitCode, shown(result)).toBe(3);
      expect(result.stderr).toContain('control.joining');
      expect(await physicalIds()).toEqual(before);
    });

    test('joins: its switches and checks are made, and no verdict counts them', async () => {
      edit(`regions: [use1, usw2, ${CODE}]`, `regions: [use1, usw2]\n  joining: [${CODE}]`);
      await lock();
      const result = await scene.project.deploy();
      expect(result.exitCode, shown(result)).toBe(0);
      expect(result.stderr).toMatch(/waiting for \d+ health checks/);
      expect(result.stderr).toContain(`control Region ${CODE} is joining`);
      expect((await deployedStacks()).get(`e2e-control-${CODE}`)?.region).toBe(REGION);
      expect(await sizes()).toEqual(counted(CONTROL.length));
    });

    test('is counted by the next deployment, once its checks have data', async () => {
      edit(`regions: [use1, usw2]\n  joining: [${CODE}]`, `regions: [use1, usw2, ${CODE}]`);
      await lock();
      const result = await scene.project.deploy();
      expect(result.exitCode, shown(result)).toBe(0);
      expect(result.stderr).toMatch(/waiting for \d+ health checks/);
      expect(await sizes()).toEqual(counted(CONTROL.length + 1));
    });
  });
}
