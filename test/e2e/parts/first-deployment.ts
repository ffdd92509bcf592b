import { describe, expect, test } from 'vitest';
import { emulatorLog } from '../support/emulator';
import { runningCommands } from '../support/processes';
import { shown } from '../support/run';
import { ACCOUNT, STACKS, type Scene } from '../support/scene';
import { REGIONS, deployedStacks } from '../support/stacks';

/** Bootstrap, a first deployment that is stopped half-way, and the one that goes on. */
export function describeFirstDeployment(scene: Scene): void {
  describe('a fleet of all three kinds of groups', () => {
    test('its Regions are bootstrapped', async () => {
      const result = await scene.project.cdk('bootstrap', ...REGIONS.map((region) => `aws://${ACCOUNT}/${region}`));
      expect(result.exitCode, shown(result)).toBe(0);
    });

    test('a dry run prints the order and changes nothing', async () => {
      const result = await scene.project.deploy(['--dry-run', '--json']);
      expect(result.exitCode, shown(result)).toBe(0);
      const { phases } = JSON.parse(result.stdout);
      expect(phases.map(({ name }: { name: string }) => name)).toEqual([
        'control',
        'data',
        'home stamps',
        'other stamps',
        'routing',
      ]);
      expect(phases.flatMap(({ stacks }: any) => stacks.map(({ stackName }: any) => stackName)).sort()).toEqual(STACKS);
      expect((await deployedStacks()).size).toBe(0);
    });

    test('a deployment that is stopped half-way ends with 3 and leaves no process', async () => {
      const result = await scene.project.deploy([], {
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

    test('the next one goes on and completes every stack', async () => {
      const result = await scene.project.deploy(['--json']);
      expect(result.exitCode, shown(result)).toBe(0);
      expect(JSON.parse(result.stdout)).toMatchObject({ outcome: 'deployed', completedPhases: 5 });
      expect(result.stderr).toMatch(/waiting for \d+ health checks/);
      const stacks = await deployedStacks();
      expect([...stacks.keys()].sort()).toEqual(STACKS);
      expect([...stacks.values()].map(({ StackStatus }) => StackStatus)).toEqual(STACKS.map(() => 'CREATE_COMPLETE'));
    });

    test('which asked for the checks until they had data: at first, none has', () => {
      const asked = [...emulatorLog().matchAll(/"GET \/2013-04-01\/healthcheck\/([\w-]+)\/status /g)].map(([, id]) => id!);
      const checks = [...new Set(asked)];
      expect(checks.length).toBeGreaterThan(10);
      for (const check of checks) expect(asked.filter((id) => id === check)).toHaveLength(2);
    });

    test('control stacks are protected against termination, which the emulator’s stamps gave up with a reason', async () => {
      const stacks = [...(await deployedStacks()).values()];
      expect(
        stacks
          .filter(({ EnableTerminationProtection }) => EnableTerminationProtection === true)
          .map(({ StackName }) => StackName),
      ).toEqual(['e2e-control-use1', 'e2e-control-usw2']);
    });
  });
}
