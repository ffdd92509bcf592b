import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListHealthChecksCommand, Route53Client } from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { controlTableName, switchKey } from '../../../lib/topology/names';
import { objectText } from '../support/name-server';
import { OperatedWorld } from '../support/operated-world';
import { ROOT, type RunResult, shown } from '../support/run';
import type { Scene } from '../support/scene';

/** Operations on the deployed fleet, by the commands that whoever is on call runs. */
export function describeOperations(scene: Scene): void {
  describe('operations', () => {
    let world: OperatedWorld;

    beforeAll(async () => {
      const synth = await scene.project.cdk('synth', '--quiet');
      expect(synth.exitCode, shown(synth)).toBe(0);
      world = new OperatedWorld(scene);
      await world.begin();
      process.stdout.write(`operations, what stands for AWS:\n${world.substituted.map((line) => `  ${line}`).join('\n')}\n`);
    });

    afterAll(() => world.end());

    /** Asked again when the emulator, which answers one request at a time, took longer than the control table or the Route 53 API is given. */
    const slow = /control-table-unreachable|primary-holder-unknown/;
    const stampkit = async (...args: readonly string[]): Promise<RunResult> => {
      const ask = (): Promise<RunResult> => scene.project.run('npx', ['--no-install', 'stampkit', ...args], { env: world.env });
      let result = await ask();
      for (let again = 0; again < 8 && slow.test(result.stdout + result.stderr); again += 1) {
        result = await ask();
      }
      return result;
    };
    /** Runs a change to its end. */
    const go = async (...args: readonly string[]): Promise<Report> => {
      const result = await stampkit(...args, '--reason', 'end-to-end test', '--go', '--json');
      const report = lastReport(result.stdout);
      expect(result.exitCode, JSON.stringify(report.findings, undefined, 2)).toBe(0);
      return report;
    };

    test('status of a healthy group needs nothing, and sees who leads', async () => {
      const result = await stampkit('status', 'orders', '--assembly', scene.project.assembly, '--json');
      const status = JSON.parse(result.stdout) as {
        stamps: { stamp: string; answered: boolean }[];
        attention: { code: string; message: string }[];
      };
      // The fake has no copy jobs and no restore tests; everything else is as it should be.
      expect(status.attention.filter(({ code }) => !['backup-copy-missing', 'restore-test-missing'].includes(code))).toEqual([]);
      expect(status.stamps.filter(({ answered }) => answered).map(({ stamp }) => stamp)).toEqual(['orders-use1']);
    });

    test('a dry run changes nothing and names its plan', async () => {
      const result = await stampkit('evacuate', 'feed-use1');
      expect(result.exitCode, shown(result)).toBe(0);
      expect(result.stdout).toMatch(/^Plan [0-9a-f]{64}$/m);
      expect(await switchOf(world, 'feed-use1')).toEqual(world.fleet.control.members.map(() => ''));
    });

    test('evacuate writes what the deployed checks look for', async () => {
      expect((await go('evacuate', 'feed-use1')).result).toBe('completed');
      const checks = await switchChecks('feed-use1');
      expect(checks).toHaveLength(world.fleet.control.members.length);
      for (const { host, path, search, inverted } of checks) {
        const [bucket = '', , region = ''] = host.split('.');
        expect(inverted).toBe(true);
        expect((await objectText(region, bucket, path.slice(1))).slice(0, 5120)).toContain(search);
      }
    });

    test('lease and journal are in the control table', async () => {
      const { Items = [] } = await new DynamoDBClient({ region: 'us-east-1' }).send(
        new ScanCommand({ TableName: controlTableName('e2e'), ConsistentRead: true }),
      );
      const keys = Items.map(({ pk, sk }) => `${pk?.S ?? ''} ${sk?.S ?? ''}`);
      expect(keys).toContain('group#feed lease');
      expect(keys.filter((key) => key.startsWith('journal#')).length).toBeGreaterThan(3);
      expect(keys.filter((key) => key.startsWith('operations#feed'))).toHaveLength(1);
    });

    test('the last healthy stamp of a group is not evacuated', async () => {
      const result = await stampkit('evacuate', 'feed-usw2', '--go');
      expect(result.exitCode, shown(result)).toBe(3);
      expect(await switchOf(world, 'feed-usw2')).toEqual(world.fleet.control.members.map(() => ''));
    });

    test('readmit brings it back', async () => {
      expect((await go('readmit', 'feed-use1')).result).toBe('completed');
      for (const { host, path, search } of await switchChecks('feed-use1')) {
        const [bucket = '', , region = ''] = host.split('.');
        expect(await objectText(region, bucket, path.slice(1))).not.toContain(search);
      }
    });

    describe('us-east-1 is lost', () => {
      let operation: string;

      beforeAll(() => {
        world.lose('us-east-1');
      });

      test('a failover whose operator is killed while it promotes leaves an unfinished operation', async () => {
        await killedDuring(scene, world, 'promote:', ['failover', 'orders', '--to', 'usw2', '--allow-data-loss']);
        const list = await stampkit('journal', 'list', 'orders', '--json');
        expect(list.exitCode, shown(list)).toBe(0);
        const { operations } = JSON.parse(list.stdout) as { operations: { operation: string; result?: string }[] };
        expect(operations.map(({ result }) => result)).toEqual([undefined]);
        operation = operations[0]!.operation;
        const second = await stampkit('failover', 'orders', '--to', 'usw2', '--allow-data-loss', '--go');
        expect(second.exitCode, shown(second)).toBe(3);
      });

      test('failover of the active-active group runs to its last step', async () => {
        expect((await go('failover', 'feed', '--to', 'usw2')).result).toBe('completed');
      });

      test('the killed failover is resumed to its last step', async () => {
        const result = await stampkit('journal', 'resume', operation, '--go', '--json');
        expect(result.exitCode, shown(result)).toBe(0);
        expect(lastReport(result.stdout)).toMatchObject({ result: 'completed', operation });
        const writer = world.fake.rds.globals
          .get(`${world.fleet.account}/e2e-orders-global`)
          ?.members.find((each) => each.writer);
        expect(writer?.region).toBe('us-west-2');
      });

      test('nothing was to be changed in the lost Region', () => {
        // Looks are allowed, and so is asking a replica of the control table that has just fallen silent.
        const changes = world.gateway.broken.filter(({ service, change }) => change && service !== 'dynamodb');
        expect(changes).toEqual([]);
      });
    });

    test('a deployment does not lower the floor of the stamp that leads now', async () => {
      world.giveBack('us-east-1');
      scene.project.edit('stamps/groups/orders.yaml', 'maxTasks: 4', 'maxTasks: 9');
      const result = await scene.project.deploy(['--stamp', 'orders-usw2'], { env: world.deploymentEnv });
      scene.project.edit('stamps/groups/orders.yaml', 'maxTasks: 9', 'maxTasks: 4');
      expect(result.exitCode, shown(result)).toBe(3);
      expect(result.stderr).toContain('would drop from');
    });

    test('the old side returns as a replica, and failback brings everything home', async () => {
      await go('return', 'orders-use1');
      await go('readmit', 'feed-use1');
      await go('failback', 'orders');
      const status = await stampkit('status', 'orders', '--assembly', scene.project.assembly);
      expect(status.stdout, shown(status)).toMatch(/orders-use1 +primary +yes +healthy +writer +in service/);
    });
  });
}

interface Report {
  readonly type: string;
  readonly result: string;
  readonly findings: readonly object[];
  readonly operation: string;
}

function lastReport(stdout: string): Report {
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Report);
  return lines.at(-1)!;
}

/** The stamp's switch in every control Region. */
function switchOf(world: OperatedWorld, stamp: string): Promise<string[]> {
  return Promise.all(
    world.fleet.control.members.map(({ region, bucketName }) => objectText(region, bucketName, switchKey(stamp))),
  );
}

/** The checks that were deployed for a stamp's switch. */
async function switchChecks(stamp: string): Promise<{ host: string; path: string; search: string; inverted: boolean }[]> {
  const { HealthChecks = [] } = await new Route53Client({}).send(new ListHealthChecksCommand({ MaxItems: 100 }));
  return HealthChecks.flatMap(({ HealthCheckConfig: config }) =>
    config?.ResourcePath === `/${switchKey(stamp)}`
      ? [
          {
            host: config.FullyQualifiedDomainName ?? '',
            path: config.ResourcePath,
            search: config.SearchString ?? '?',
            inverted: config.Inverted ?? false,
          },
        ]
      : [],
  );
}

/** Starts an operation and kills its process when it has begun a step. */
function killedDuring(scene: Scene, world: OperatedWorld, step: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'dist', 'bin', 'stampkit.js'), ...args, '--reason', 'end-to-end test', '--go', '--json'],
      { cwd: scene.project.folder, env: { ...process.env, ...world.env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const lines = output.split('\n').slice(0, -1);
      const events = lines.map((line) => JSON.parse(line) as { code?: string; step?: string });
      if (events.some((event) => event.code === 'step-started' && event.step?.startsWith(step) === true)) child.kill('SIGKILL');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('close', (_code, signal) => {
      if (signal === 'SIGKILL') resolve();
      else reject(new Error(`it was over before it could be killed:\n${output}`));
    });
  });
}
