import { beforeAll, describe, expect, test } from 'vitest';
import { type RunResult, shown } from '../support/run';
import { JOINING, STACKS, type Scene } from '../support/scene';
import { deployedStacks, physicalIds } from '../support/stacks';

const SCRIPT = 'scripts/stampkit-ci.sh';
const ALARM = 'e2e-tools-usw2-unhealthy';

/** The pipeline that `stampkit ci` writes, run as a CI runs it: it deploys again what was removed before. */
export function describePipeline(scene: Scene): void {
  const step = (...args: string[]): Promise<RunResult> =>
    scene.project.run('bash', [SCRIPT, ...args], {
      env: {
        STAMPKIT_BAKE_SECONDS: '2',
        STAMPKIT_POLL_SECONDS: '1',
        STAMPKIT_DEPLOY: 'node_modules/stampkit/scripts/deploy.sh',
      },
    });
  const setAlarm = async (state: string): Promise<void> => {
    const result = await scene.project.run('aws', [
      ...['cloudwatch', 'set-alarm-state', '--region', 'us-west-2', '--alarm-name', ALARM],
      ...['--state-value', state, '--state-reason', `it is ${state}`],
    ]);
    expect(result.exitCode, shown(result)).toBe(0);
  };

  describe('the generated pipeline', () => {
    beforeAll(async () => {
      const result = await scene.project.stampkit('ci', 'shell');
      expect(result.exitCode, shown(result)).toBe(0);
      expect(result.stdout).toContain('canary tools-usw2');
    });

    test('checks, deploys the canary alone, watches its alarm, then deploys the rest: the removed stamps are back', async () => {
      expect((await step('before')).stdout).toBe('None\n');
      const before = await physicalIds();
      const result = await step('all');
      expect(result.exitCode, shown(result)).toBe(0);
      expect(result.stderr).toMatch(
        /tools-usw2 has no alarm yet: this is its first deployment[^]*watching e2e-tools-usw2-unhealthy[^]*stayed healthy[^]*phase 5 of 5, routing/,
      );
      const stacks = [...(await deployedStacks()).keys()].sort();
      expect(stacks).toEqual([...STACKS, `e2e-control-${JOINING[0]}`].sort());
      // The group that gets its stamp back changes; the others do not.
      const others = Object.entries(before).filter(([key]) => !key.startsWith('e2e-feed-'));
      expect(await physicalIds()).toMatchObject(Object.fromEntries(others));
    });

    test('shows no difference for what it has deployed', async () => {
      const result = await step('diff');
      expect(result.exitCode, shown(result)).toBe(0);
      expect(result.stdout).toContain('Number of stacks with differences: 0');
    });

    test('stops with 3 when the alarm goes off while it watches, and says why', async () => {
      expect((await step('before')).stdout).toBe('OK\n');
      await setAlarm('ALARM');
      const result = await step('bake', 'OK');
      expect(result.exitCode, shown(result)).toBe(3);
      expect(result.stderr).toContain(`Stopped: ${ALARM} in us-west-2 went off`);
      expect(result.stderr).toContain('it is ALARM');
      expect((await step('before')).stdout).toBe('ALARM\n');
      await setAlarm('OK');
    });
  });
}
