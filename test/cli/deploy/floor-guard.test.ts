import { beforeEach, describe, expect, test } from 'vitest';
import { deploy } from '../../../lib/cli/deploy/deploy';
import { writesFloors } from '../../../lib/cli/deploy/floor-guard';
import type { DeployOptions } from '../../../lib/cli/deploy/options';
import type { DeployPorts } from '../../../lib/cli/deploy/ports';
import { Silence } from '../../../lib/cli/operations/silence';
import { viewOf } from '../../../lib/operations/group-view';
import { observe } from '../../../lib/operations/observe/observe';
import { FakeAws } from '../../fakes/fake-aws';
import { failover, FLEET, groupOf, Operator } from '../../operations/support';
import { DEFAULTS, FakeAccount } from './fake-ports';

const STANDBY = 'shop-enterprise-usw2';

/** A template whose web service has this minimum. */
function template(minimum: number, image = '1'): { Resources: Record<string, { Type: string; Properties: unknown }> } {
  const target = { MinCapacity: minimum, MaxCapacity: 40, ResourceId: 'service/x/y' };
  return {
    Resources: {
      Target: { Type: 'AWS::ApplicationAutoScaling::ScalableTarget', Properties: target },
      Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { image } },
    },
  };
}

let aws: FakeAws;
let account: FakeAccount;
const template50 = groupOf('enterprise').stamps.find(({ id }) => id === 'enterprise-usw2')!.values.capacity.minTasks;

async function run(options: Partial<DeployOptions> = {}, more: Partial<DeployPorts> = {}): Promise<number> {
  const silence = new Silence();
  const ports = silence.watch(new Operator(aws).ports);
  const observed: DeployPorts['observe'] = async (_fleet, group) => {
    const observation = await aws.world.run(observe(ports, viewOf(FLEET, group)));
    return { observation, problems: silence.linesOf('capacity') };
  };
  return deploy({ ...DEFAULTS, groups: ['enterprise'], ...options }, { ...account.ports(), observe: observed, ...more });
}

beforeEach(() => {
  aws = new FakeAws(FLEET);
  account = new FakeAccount(FLEET);
});

describe('after a failover to a standby with half the capacity', () => {
  beforeEach(async () => {
    await new Operator(aws).go(failover());
    expect(aws.capacity.bounds('enterprise-usw2').web!.min).toBeGreaterThan(template50);
  });

  test('a deployment that would write the template’s floor is refused, with what to do first', async () => {
    account.deployed(STANDBY, template(template50 - 1));
    account.synthesized.set(STANDBY, template(template50));
    expect(await run()).toBe(3);
    expect(account.err).toMatch(
      /refused: shop-enterprise-usw2: enterprise-usw2 serves now, and its minimum of web would drop from \d+ to \d+/,
    );
    expect(account.err).toMatch(
      /Fail back first \(stampkit failback enterprise\), or make it the preferred primary \(stampkit settle enterprise\)/,
    );
    expect(account.calls).toEqual(['synth']);
  });

  test('a deployment that leaves the floors alone goes on: CloudFormation writes only what changed', async () => {
    account.deployed(STANDBY, template(template50, '1'));
    account.synthesized.set(STANDBY, template(template50, '2'));
    expect(await run()).toBe(0);
  });

  test('and says so when another stamp’s floors are written in the same run', async () => {
    account.deployed(STANDBY, template(template50));
    account.synthesized.set(STANDBY, template(template50));
    account.deployed('shop-enterprise-use1', template(5));
    account.synthesized.set('shop-enterprise-use1', template(6));
    expect(await run()).toBe(0);
    expect(account.err).toMatch(/note: shop-enterprise-usw2: enterprise-usw2 keeps the floor that a failover raised/);
  });

  describe('when the live floors cannot be read', () => {
    beforeEach(() => {
      account.deployed(STANDBY, template(template50 - 1));
      account.synthesized.set(STANDBY, template(template50));
      aws.world.silent.add('ecs@us-west-2').add('application-autoscaling@us-west-2');
    });

    test('fails: it could take the capacity of the stamp that serves unseen', async () => {
      expect(await run()).toBe(3);
      expect(account.err).toMatch(/refused: shop-enterprise-usw2: the live floors of enterprise-usw2 cannot be read/);
      expect(account.err).toMatch(/unreachable: .*us-west-2/);
      expect(account.err).toContain('--allow-unread-floors');
      expect(account.calls).toEqual(['synth']);
    });

    test('goes on when the operator says so, with a note', async () => {
      expect(await run({ allowUnreadFloors: true })).toBe(0);
      expect(account.err).toMatch(/note: shop-enterprise-usw2: the live floors .* written all the same/);
    });

    test('goes on when the operator calls the Region dead, with a note', async () => {
      expect(await run({}, { deadRegions: new Set(['us-west-2']) })).toBe(0);
      expect(account.err).toMatch(/note: shop-enterprise-usw2: .*called dead/);
    });

    test('goes on when the floors stay as they are in the template', async () => {
      account.deployed(STANDBY, template(template50));
      expect(await run()).toBe(0);
      expect(account.err).not.toContain('cannot be read');
    });

    test('goes on with the first deployment of a stack, which was never completed', async () => {
      account.deployed(STANDBY, template(template50 - 1), 'ROLLBACK_COMPLETE');
      expect(await run()).toBe(0);
      expect(account.err).not.toContain('cannot be read');
    });
  });

  test('goes on when nobody can read the floors of a stamp that is evacuated', async () => {
    account.deployed('shop-enterprise-use1', template(5));
    account.synthesized.set('shop-enterprise-use1', template(6));
    aws.world.silent.add('ecs@us-east-1').add('application-autoscaling@us-east-1');
    expect(await run()).toBe(0);
    expect(account.err).not.toContain('cannot be read');
  });

  test('fails when nobody can read who serves: the old primary may have been evacuated', async () => {
    account.deployed(STANDBY, template(template50 - 1));
    account.synthesized.set(STANDBY, template(template50));
    for (const { region } of FLEET.control.members) aws.world.silent.add(`s3@${region}`);
    expect(await run()).toBe(3);
    expect(account.err).toMatch(
      /nobody can read whether enterprise-usw2 serves, and its minimum of web would drop from \d+ to \d+/,
    );
    expect(await run({ allowUnreadFloors: true })).toBe(0);
  });
});

test('before any failover the floors of the template are the ones to have', async () => {
  account.deployed(STANDBY, template(template50 - 1));
  account.synthesized.set(STANDBY, template(template50));
  expect(await run()).toBe(0);
  expect(account.err).not.toContain('refused');
});

test.each<[string, ReturnType<typeof template>, ReturnType<typeof template>, boolean]>([
  ['nothing changed', template(5), template(5), false],
  ['another resource changed', template(5, '1'), template(5, '2'), false],
  ['the floor changed', template(5), template(6), true],
  ['there was none before', { Resources: {} }, template(5), true],
  ['it goes away', template(5), { Resources: {} }, false],
])('CloudFormation writes floors: %s', (_what, before, after, written) => {
  expect(writesFloors(before, after)).toBe(written);
});
