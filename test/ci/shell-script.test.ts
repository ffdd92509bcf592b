import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { renderShellScript } from '../../lib/ci/shell-script';
import { examplePlan, StubbedRepository } from './pipeline';

const LOOK =
  'aws cloudwatch describe-alarms --region eu-west-1 --alarm-types CompositeAlarm --alarm-names shop-internal-euw1-unhealthy --query CompositeAlarms[0].StateValue --output text';
const CANARY = 'deploy.sh --stamps stamps --yes --stamp internal-euw1';
const REST = 'deploy.sh --stamps stamps --yes';
const CHECKS = [
  'npx --no-install stampkit check --stamps stamps',
  'npx --no-install stampkit lock --check --stamps stamps',
  'npx --no-install stampkit ci shell --check',
];

let repository: StubbedRepository;
beforeEach(() => {
  repository = new StubbedRepository();
});
afterEach(() => {
  repository.remove();
});

/** What was called, without waiting and looking. */
function deeds(calls: readonly string[]): string[] {
  return calls.filter((call) => !call.startsWith('aws ') && !call.startsWith('sleep '));
}

describe('a deployment', () => {
  test('checks, deploys the canary, watches its alarm for the whole bake time, then deploys the rest', () => {
    const { exitCode, calls, err } = repository.run(['all']);
    expect(exitCode).toBe(0);
    const look = [LOOK, 'sleep 30'];
    expect(calls).toEqual([...CHECKS, LOOK, CANARY, ...look, ...look, ...look, LOOK, REST]);
    expect(err).toContain('internal-euw1 stayed healthy');
  });

  test('of a first-time canary waits until its alarm exists and says OK', () => {
    const { exitCode, calls, err } = repository.run(['all'], ['None', 'INSUFFICIENT_DATA', 'INSUFFICIENT_DATA', 'OK']);
    expect(exitCode).toBe(0);
    expect(err).toContain('first deployment');
    expect(calls.at(-1)).toBe(REST);
  });

  test('that mends an unhealthy canary goes on once the alarm has gone to OK', () => {
    const { exitCode, calls, err } = repository.run(['all'], ['ALARM', 'ALARM', 'ALARM', 'OK']);
    expect(err).toContain('unhealthy before the deployment');
    expect(exitCode).toBe(0);
    expect(calls.at(-1)).toBe(REST);
  });

  test('outlives a look at the alarm that failed', () => {
    expect(repository.run(['all'], ['OK', 'OK', 'FAIL', 'OK']).exitCode).toBe(0);
  });
});

describe('stops before the other stamps', () => {
  test.each<[string, string[], number, RegExp]>([
    [
      'fails with 3 when the alarm goes off',
      ['OK', 'OK', 'ALARM'],
      3,
      /^Stopped: shop-internal-euw1-unhealthy in eu-west-1 went off/m,
    ],
    ['fails with 3 when it goes off at once, whatever comes later', ['OK', 'ALARM', 'OK'], 3, /went off, seen 0 s into/],
    ['fails with 3 when it goes off at the last look', ['OK', 'OK', 'OK', 'OK', 'ALARM'], 3, /went off, seen 90 s into/],
    ['fails with 3 when an unhealthy canary does not become healthy', ['ALARM'], 3, /is ALARM after the bake time/],
    ['fails with 3 when an unhealthy canary was mended and breaks again', ['ALARM', 'ALARM', 'OK', 'ALARM'], 3, /went off/],
    ['fails with 3 when the alarm never has data', ['None', 'INSUFFICIENT_DATA'], 3, /is INSUFFICIENT_DATA after the bake time/],
    ['fails with 3 when there is no alarm at all', ['None'], 3, /is None after the bake time/],
    ['fails with 1 when the alarm cannot be read any more', ['OK', 'OK', 'FAIL'], 1, /could not be read, so nobody knows/],
  ])('%s', (_name, states, code, message) => {
    const { exitCode, calls, err } = repository.run(['all'], states);
    expect(exitCode).toBe(code);
    expect(deeds(calls)).toEqual([...CHECKS, CANARY]);
    expect(err).toMatch(message);
    expect(err).toContain('The other stamps were not touched.');
  });

  test('fails with 1 and deploys nothing when the alarm cannot be read at the start', () => {
    const { exitCode, calls, err } = repository.run(['all'], ['FAIL']);
    expect(exitCode).toBe(1);
    expect(deeds(calls)).toEqual(CHECKS);
    expect(err).toContain('Nothing was deployed');
  });

  test.each([1, 2, 3])('fails with deploy.sh’s own exit code %i when the canary cannot be deployed', (code) => {
    const { exitCode, calls } = repository.run(['all'], ['OK'], { DEPLOY_EXIT: String(code) });
    expect(exitCode).toBe(code);
    expect(deeds(calls)).toEqual([...CHECKS, CANARY]);
  });

  test('fails and deploys nothing when the configuration has findings', () => {
    const { exitCode, calls } = repository.run(['all'], ['OK'], { NPX_EXIT: '1' });
    expect(exitCode).toBe(1);
    expect(calls).toEqual([CHECKS[0]]);
  });

  test('the report names the alarms behind it, on stderr and in the summary of a GitHub run', () => {
    const { err } = repository.run(['bake'], ['ALARM'], { GITHUB_STEP_SUMMARY: 'summary' });
    expect(err).toContain('shop-internal-euw1-web-5xx went off');
    expect(repository.read('summary')).toMatch(/^Stopped: [\s\S]*shop-internal-euw1-web-5xx went off/);
  });
});

describe('single steps', () => {
  test('before prints one word for bake, and hands it to later steps of a GitHub job', () => {
    const { out } = repository.run(['before'], ['ALARM'], { GITHUB_OUTPUT: 'output' });
    expect(out).toBe('ALARM\n');
    expect(repository.read('output')).toBe('state=ALARM\n');
  });

  test('bake without that word takes the canary for healthy', () => {
    expect(repository.run(['bake'], ['ALARM', 'OK']).exitCode).toBe(3);
    expect(repository.run(['bake', 'ALARM'], ['ALARM', 'OK']).exitCode).toBe(0);
  });

  test('diff compares templates, which needs no role that deploys', () => {
    const { exitCode, calls } = repository.run(['diff']);
    expect(exitCode).toBe(0);
    expect(calls).toEqual(['npx --no-install cdk diff --method template --no-color --context stamps=stamps']);
  });

  test('STAMPKIT_DEPLOY names another deploy.sh', () => {
    repository.write('other.sh', 'echo "other $*" >> calls\n');
    expect(repository.run(['rest'], ['OK'], { STAMPKIT_DEPLOY: 'other.sh' }).calls).toEqual(['other --stamps stamps --yes']);
  });

  test.each([[[]], [['everything']], [['rest', 'pool']], [['bake', 'ALARM', 'OK']]])('fails with 2 for %j', (args) => {
    const { exitCode, calls, err } = repository.run(args);
    expect(exitCode).toBe(2);
    expect(calls).toEqual([]);
    expect(err).toMatch(/^usage: /);
  });
});

describe('the text', () => {
  test('is the same every time', () => {
    expect(renderShellScript(examplePlan())).toBe(renderShellScript(examplePlan()));
  });

  test('says how it was written, and its own check asks for the same', () => {
    const text = renderShellScript(examplePlan({ canary: 'pool-use1', bakeMinutes: 30, stampsFolder: 'infra/stamps' }));
    expect(text).toContain('# Written by: npx stampkit ci shell --stamps infra/stamps --canary pool-use1 --bake 30\n');
    expect(text).toContain('  npx --no-install stampkit ci shell --check --stamps infra/stamps --canary pool-use1 --bake 30\n');
    expect(text).toContain('readonly ALARM=shop-pool-use1-unhealthy\n');
  });

  test('survives a folder whose name means something to a shell', () => {
    const odd = new StubbedRepository(examplePlan({ stampsFolder: "it's $HOME" }));
    try {
      expect(odd.run(['rest']).calls).toEqual(["deploy.sh --stamps it's $HOME --yes"]);
      expect(odd.run(['check']).calls.at(-1)).toBe("npx --no-install stampkit ci shell --check --stamps it's $HOME");
    } finally {
      odd.remove();
    }
  });

  test('is taken by bash, and by ShellCheck where there is one', () => {
    const input = renderShellScript(examplePlan());
    expect(spawnSync('bash', ['-n'], { input, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    const { status, stdout, error } = spawnSync('shellcheck', ['--shell=bash', '-'], { input, encoding: 'utf8' });
    if (error === undefined) expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});
