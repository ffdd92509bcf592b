import { beforeEach, describe, expect, test } from 'vitest';
import type { HealthCheckReport } from '../../../lib/aws/deployment/deployed-stacks';
import { deploy } from '../../../lib/cli/deploy/deploy';
import { deployCommand, type DeployOptions } from '../../../lib/cli/deploy/options';
import { isSettled } from '../../../lib/cli/deploy/wait';
import { builtFleet, fleetConfig } from '../../topology/fixtures';
import { DEFAULTS, FakeAccount } from './fake-ports';

const ROUTING = 'shop-enterprise-routing';
const healthy: HealthCheckReport = {
  type: 'HTTPS',
  inverted: false,
  observations: [{ checkerRegion: 'us-east-1', status: 'Success: HTTP Status Code 200, OK' }],
};
const check = (id: string): { logicalId: string; type: string; physicalId: string } => ({
  logicalId: id,
  type: 'AWS::Route53::HealthCheck',
  physicalId: `id-${id}`,
});

let account: FakeAccount;
const run = (options: Partial<DeployOptions> = {}): Promise<number> =>
  deploy({ ...DEFAULTS, groups: ['enterprise'], ...options }, account.ports());

beforeEach(() => {
  account = new FakeAccount();
});

describe('a deployment', () => {
  test('synthesizes once and deploys phase by phase, the stacks of a phase at the same time', async () => {
    expect(await run()).toBe(0);
    expect(account.calls).toEqual([
      'synth',
      'deploy shop-control-use2 shop-control-usw2',
      'deploy shop-enterprise-data',
      'deploy shop-enterprise-use1',
      'deploy shop-enterprise-usw2',
      'deploy shop-enterprise-routing',
    ]);
  });

  test('fails in a phase: the phases after it are not begun, and says how to go on', async () => {
    account.failing = 'shop-enterprise-use1';
    expect(await run()).toBe(1);
    expect(account.calls.at(-1)).toBe('deploy shop-enterprise-use1');
    expect(account.err).toContain('Run the same command again');
  });

  test('stopped by the operator: ends with 3 and begins nothing more', async () => {
    account.interruptAt = 'shop-enterprise-data';
    expect(await run()).toBe(3);
    expect(account.calls.at(-1)).toBe('deploy shop-enterprise-data');
    expect(account.err).not.toContain('failed');
  });

  test('a dry run changes nothing and prints the order, as text and as one document', async () => {
    expect(await run({ dryRun: true })).toBe(0);
    expect(account.out).toMatch(/1 +control +shop-control-use2/);
    account.out = '';
    expect(await run({ dryRun: true, json: true })).toBe(0);
    expect(JSON.parse(account.out).phases.map(({ name }: { name: string }) => name)).toContain('routing');
    expect(account.calls).toEqual([]);
  });

  test('waits for what an earlier, killed deployment left CloudFormation to finish', async () => {
    account.deployed('shop-enterprise-use1', {}, 'CREATE_IN_PROGRESS');
    account.onSleep = () => {
      account.deployed('shop-enterprise-use1');
    };
    expect(await run()).toBe(0);
    expect(account.err).toContain('waiting for CloudFormation to finish');
  });

  test('does not wait for a stack that only has a change set', async () => {
    account.deployed('shop-enterprise-use1', {}, 'REVIEW_IN_PROGRESS');
    account.onSleep = () => {
      throw new Error('slept');
    };
    expect(await run()).toBe(0);
  });

  test('fails when a stack does not come to rest', async () => {
    account.deployed('shop-enterprise-use1', {}, 'UPDATE_IN_PROGRESS');
    expect(await run()).toBe(1);
    expect(account.calls).not.toContain('deploy shop-enterprise-use1');
  });
});

describe('before anything is changed', () => {
  const order = /1 +control +shop-control-use2/;

  test('the plan is shown, and who sits at a terminal is asked once', async () => {
    account.answers = ['y'];
    expect(await run()).toBe(0);
    expect(account.err).toMatch(order);
    expect(account.out).toBe('');
    expect(account.calls.at(-1)).toBe('deploy shop-enterprise-routing');
  });

  test.each(['', 'n', 'yes please'])('fails with 3 and deploys nothing when the answer is "%s"', async (answer) => {
    account.answers = [answer];
    expect(await run()).toBe(3);
    expect(account.calls).toEqual(['synth']);
    expect(account.err).toContain('nothing was deployed');
  });

  test('--yes does not ask', async () => {
    account.answers = [];
    expect(await run({ yes: true })).toBe(0);
    expect(account.calls.at(-1)).toBe('deploy shop-enterprise-routing');
  });
});

describe('--json: one document about what was done', () => {
  const document = (): any => JSON.parse(account.out);

  test('deployed', async () => {
    expect(await run({ json: true })).toBe(0);
    expect(document()).toMatchObject({ schemaVersion: 1, outcome: 'deployed', completedPhases: 5, reasons: [] });
    expect(document().phases).toHaveLength(5);
  });

  test('failed half-way: what was done, and why no more', async () => {
    account.failing = 'shop-enterprise-use1';
    expect(await run({ json: true })).toBe(1);
    expect(document()).toMatchObject({
      outcome: 'failed',
      completedPhases: 2,
      reasons: [expect.stringContaining('home stamps failed')],
    });
  });

  test('stopped by the operator', async () => {
    account.interruptAt = 'shop-enterprise-data';
    expect(await run({ json: true })).toBe(3);
    expect(document()).toMatchObject({ outcome: 'stopped', completedPhases: 1 });
  });

  test('removed', async () => {
    account.deployed('shop-enterprise-usw2');
    expect(
      await run({ json: true, destroy: true, groups: [], stamp: ['enterprise-usw2'], confirm: ['shop-enterprise-usw2'] }),
    ).toBe(0);
    expect(document()).toMatchObject({
      outcome: 'removed',
      phases: [{ stacks: [{ stackName: 'shop-enterprise-usw2', region: 'us-west-2' }] }],
    });
  });
});

describe('options that would do nothing', () => {
  const parse = (...args: string[]): Promise<unknown> =>
    deployCommand(() => Promise.resolve())
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .parseAsync(args, { from: 'user' });

  test.each([
    ['--confirm', ['--confirm', 'shop-pool-use1'], /--destroy/],
    ['--yes for a removal', ['--destroy', '--yes', 'pool'], /exact name/],
  ])('fails: %s', async (_name, args, message) => {
    await expect(parse(...args)).rejects.toThrow(message);
  });
});

describe('the health checks of new stamps', () => {
  beforeEach(() => {
    account.resources.set(ROUTING, [check('Deep')]);
  });

  test('are waited for', async () => {
    const before = account.resources.get(ROUTING)!;
    account.resources.delete(ROUTING);
    const ports = account.ports();
    const cdk = (args: readonly string[]): Promise<number> => {
      if (args.includes(ROUTING)) account.resources.set(ROUTING, before);
      return ports.cdk(args);
    };
    account.onSleep = () => account.checks.set('id-Deep', healthy);
    expect(await deploy({ ...DEFAULTS, groups: ['enterprise'] }, { ...ports, cdk })).toBe(0);
    expect(account.err).toContain('waiting for 1 health check');
  });

  test('that were there before are not', async () => {
    expect(await run()).toBe(0);
    expect(account.err).not.toContain('waiting');
  });

  test('fails when they are not healthy in time', async () => {
    const ports = account.ports();
    let calls = 0;
    const resources = (): Promise<ReturnType<typeof check>[]> => Promise.resolve(calls++ === 0 ? [] : [check('Deep')]);
    expect(await deploy({ ...DEFAULTS, groups: ['enterprise'] }, { ...ports, deployed: { ...ports.deployed, resources } })).toBe(
      1,
    );
    expect(account.err).toContain('not healthy within 15 minutes: shop-enterprise-routing Deep');
  });

  test.each<[string, Partial<HealthCheckReport>, boolean]>([
    ['no reports yet', { observations: [] }, false],
    ['18 % of the checkers and no more', { observations: share(18, 100) }, false],
    ['more than 18 % of the checkers', { observations: share(19, 100) }, true],
    ['inverted, with reports from two Regions', { inverted: true, observations: regions('a', 'a', 'b') }, false],
    ['inverted, with reports from three Regions', { inverted: true, observations: regions('a', 'b', 'c') }, true],
    ['calculated', { type: 'CALCULATED', observations: [] }, true],
  ])('%s: settled is %s', (_name, report, settled) => {
    expect(isSettled({ ...healthy, ...report })).toBe(settled);
  });
});

describe('guards look before anything is changed', () => {
  const NAME = '/stampkit/shop/enterprise-use1/database';
  const pointer = { Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Name: NAME, Value: 'original' } } } };

  test('fails: a deployment that would point a stamp back at the database it had before a restore', async () => {
    account.deployed('shop-enterprise-use1', pointer);
    account.synthesized.set('shop-enterprise-use1', pointer);
    account.parameters.set(NAME, 'restored');
    account.tags.set('shop-enterprise-use1', { owner: 'new' });
    expect(await run()).toBe(3);
    expect(account.calls).toEqual(['synth']);
    expect(account.err).toContain('--allow-pointer-reset');
    expect(account.err).toContain('nothing was deployed');
    expect(await run({ allowPointerReset: true })).toBe(0);
  });

  const verdict = (children: readonly string[], checks: readonly string[]): Record<string, unknown> => ({
    Resources: {
      ...Object.fromEntries(
        checks.map((id) => [
          id,
          { Type: 'AWS::Route53::HealthCheck', Properties: { HealthCheckConfig: { Type: 'HTTPS_STR_MATCH' } } },
        ]),
      ),
      InService: {
        Type: 'AWS::Route53::HealthCheck',
        Properties: {
          HealthCheckConfig: {
            Type: 'CALCULATED',
            ChildHealthChecks: children.map((id) => ({ 'Fn::GetAtt': [id, 'HealthCheckId'] })),
          },
        },
      },
    },
  });

  test('fails: a control Region whose checks would be made and counted at once', async () => {
    account.deployed(ROUTING, verdict(['A'], ['A']));
    account.synthesized.set(ROUTING, verdict(['A', 'B'], ['A', 'B']));
    expect(await run()).toBe(3);
    expect(account.calls).toEqual(['synth']);
    expect(account.err).toContain('control.joining');
  });

  test('a control Region that was joining is attached once its checks have data', async () => {
    account.deployed(ROUTING, verdict(['A'], ['A', 'B']));
    account.synthesized.set(ROUTING, verdict(['A', 'B'], ['A', 'B']));
    account.resources.set(ROUTING, [check('A'), check('B')]);
    account.onSleep = () => {
      expect(account.calls).not.toContain(`deploy ${ROUTING}`);
      account.checks.set('id-B', healthy);
    };
    expect(await run()).toBe(0);
    expect(account.calls.at(-1)).toBe(`deploy ${ROUTING}`);
  });

  test('fails while they have none', async () => {
    account.deployed(ROUTING, verdict(['A'], ['A', 'B']));
    account.synthesized.set(ROUTING, verdict(['A', 'B'], ['A', 'B']));
    account.resources.set(ROUTING, [check('A'), check('B')]);
    expect(await run()).toBe(1);
    expect(account.calls).not.toContain(`deploy ${ROUTING}`);
  });

  test('says that a joining control Region is attached by a second deployment', async () => {
    const config = fleetConfig();
    account = new FakeAccount(builtFleet({ ...config, control: { ...config.control, joining: ['euw1'] } }));
    expect(await run()).toBe(0);
    expect(account.calls[1]).toContain('shop-control-euw1');
    expect(account.err).toContain('euw1 is joining');
  });
});

describe('the command line', () => {
  const parse = async (...args: string[]): Promise<DeployOptions> => {
    let parsed: DeployOptions | undefined;
    const command = deployCommand((options) => {
      parsed = options;
      return Promise.resolve();
    });
    await command
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .parseAsync(args, { from: 'user' });
    return parsed!;
  };

  test('has the defaults that the documentation says', async () => {
    expect(await parse()).toEqual(DEFAULTS);
  });

  test('takes groups, and stamps and confirmations more than once', async () => {
    expect(await parse('a', 'b', '--stamp', 'a-use1', '--stamp', 'a-usw2', '--destroy', '--confirm', 'x', '--no-wait')).toEqual({
      ...DEFAULTS,
      groups: ['a', 'b'],
      stamp: ['a-use1', 'a-usw2'],
      destroy: true,
      confirm: ['x'],
      wait: false,
    });
  });

  test.each([['--concurrency', '0'], ['--concurrency', 'many'], ['--wait-timeout', '-1'], ['--what']])(
    'fails for %s %s',
    async (...args) => {
      await expect(parse(...args)).rejects.toThrow(/Give a whole number|unknown option|argument missing/);
    },
  );
});

function share(healthyCheckers: number, all: number): HealthCheckReport['observations'] {
  return Array.from({ length: all }, (_, index) => ({
    checkerRegion: 'us-east-1',
    status: index < healthyCheckers ? 'Success: HTTP Status Code 200, OK' : 'Failure: Connection refused',
  }));
}

function regions(...names: string[]): HealthCheckReport['observations'] {
  return names.map((checkerRegion) => ({ checkerRegion, status: 'Failure: HTTP Status Code 403, Forbidden' }));
}
