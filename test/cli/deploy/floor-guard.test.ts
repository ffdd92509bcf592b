import { beforeEach, describe, expect, test } from 'vitest';
import { deploy } from '../../../lib/cli/deploy/deploy';
import { writesFloors } from '../../../lib/cli/deploy/floor-guard';
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

async function run(): Promise<number> {
  const { ports } = new Operator(aws);
  const observed = (_fleet: unknown, group: string): ReturnType<typeof observe> =>
    aws.world.run(observe(ports, viewOf(FLEET, group)));
  return deploy({ ...DEFAULTS, groups: ['enterprise'] }, { ...account.ports(), observe: observed });
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
      /refused: shop-enterprise-usw2: enterprise-usw2 serves now and its minimum of web would drop from \d+ to \d+/,
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

  test('when the live floors cannot be read, a note says that nobody knows', async () => {
    account.deployed(STANDBY, template(template50 - 1));
    account.synthesized.set(STANDBY, template(template50));
    aws.world.silent.add('ecs@us-west-2').add('application-autoscaling@us-west-2');
    expect(await run()).toBe(0);
    expect(account.err).toMatch(/note: shop-enterprise-usw2: the live floors of enterprise-usw2 cannot be read/);
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
