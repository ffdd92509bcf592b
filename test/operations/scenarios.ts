import type { OperationRequest } from '../../lib/operations/request';
import { EPOCH } from '../fakes/world';
import { FakeAws } from '../fakes/fake-aws';
import { planLock } from '../../lib/topology/addresses';
import { buildFleet } from '../../lib/topology/build-fleet';
import type { Fleet } from '../../lib/topology/types';
import { activePassive, fleetConfig, group } from '../topology/fixtures';
import { failover, FLEET, Operator, REASON } from './support';

/** A situation and what an operator does in it: every operation, in every way that it can go. */
export interface Scenario {
  readonly name: string;
  readonly request: OperationRequest;
  /** @default - {@link FLEET} */
  readonly fleet?: Fleet;
  /** Brings a fresh fleet into the situation. */
  readonly prepare: (aws: FakeAws, jo: Operator) => Promise<void>;
}

const AT = EPOCH - 3_600_000;
const RESTORED = 'r20261121t080000';
const nothing = (): Promise<void> => Promise.resolve();

async function lost(aws: FakeAws, jo: Operator, name = 'enterprise'): Promise<void> {
  await jo.look(failover(name));
  aws.world.down.add('us-east-1');
}

async function came(aws: FakeAws, jo: Operator, name = 'enterprise'): Promise<void> {
  await lost(aws, jo, name);
  await jo.go(failover(name));
  aws.world.down.clear();
  Object.assign(aws.queues.of(`${name}-use1`), { visible: 25, deadLetters: 4 });
}

function otherVersion(aws: FakeAws): void {
  aws.databases.clusters.get('us-west-2/shop-enterprise-usw2')!.engineVersion = '16.6';
}

const restore = (group: string, test = false): OperationRequest => ({
  operation: 'restore',
  group,
  at: AT,
  test,
  reason: REASON,
});
const cutover = (group: string): OperationRequest => ({ operation: 'cutover', group, restore: RESTORED, reason: REASON });

/** After `lock --rehome`: the group is at home in usw2, and use1 is lost for good. */
function rehomed(): Fleet {
  const config = fleetConfig({ groups: [group('enterprise', { placement: activePassive('usw2', 'use1') })] });
  const before = planLock(fleetConfig({ groups: [group('enterprise')] }), undefined).lock;
  const rehome = [{ group: 'enterprise', region: 'usw2', reason: 'use1 is given up' }];
  return buildFleet(config, planLock(config, before, { rehome }).lock).fleet;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'failover, planned', request: failover(), prepare: nothing },
  { name: 'failover, old Region gone', request: failover(), prepare: lost },
  {
    name: 'failover, old Region half there',
    request: failover(),
    prepare: (aws) => {
      aws.traffic.sick.add('enterprise-use1');
      return Promise.resolve();
    },
  },
  {
    name: 'failover, versions differ',
    request: failover(),
    prepare: async (aws, jo) => {
      otherVersion(aws);
      await lost(aws, jo);
    },
  },
  { name: 'failover, strongly consistent table', request: failover('ledger'), prepare: (aws, jo) => lost(aws, jo, 'ledger') },
  { name: 'failover, no database', request: failover('tools'), prepare: nothing },
  { name: 'failover, active-active', request: failover('pool'), prepare: (aws, jo) => lost(aws, jo, 'pool') },
  {
    name: 'failback',
    request: { operation: 'failback', group: 'enterprise', reason: REASON },
    prepare: async (_aws, jo) => {
      await jo.go(failover());
    },
  },
  { name: 'evacuate', request: { operation: 'evacuate', group: 'pool', stamp: 'pool-euw1', reason: REASON }, prepare: nothing },
  {
    name: 'readmit',
    request: { operation: 'readmit', group: 'pool', stamp: 'pool-euw1', reason: REASON },
    prepare: async (_aws, jo) => {
      await jo.go({ operation: 'evacuate', group: 'pool', stamp: 'pool-euw1', reason: REASON });
    },
  },
  {
    name: 'return, re-joined',
    request: { operation: 'return', group: 'enterprise', stamp: 'enterprise-use1', reason: REASON },
    prepare: came,
  },
  {
    name: 'return, rebuilt',
    request: { operation: 'return', group: 'enterprise', stamp: 'enterprise-use1', reason: REASON },
    prepare: async (aws, jo) => {
      otherVersion(aws);
      await came(aws, jo);
    },
  },
  {
    name: 'failover, only traffic is left to move',
    request: failover(),
    prepare: async (aws, jo) => {
      await lost(aws, jo);
      aws.world.silent.add('s3@us-east-2').add('s3@us-west-2');
      await jo.go(failover());
      aws.world.silent.clear();
    },
  },
  {
    name: 'failback, active-active',
    request: { operation: 'failback', group: 'pool', reason: REASON },
    prepare: async (_aws, jo) => {
      await jo.go(failover('pool'));
    },
  },
  {
    name: 'readmit, the standby after a settle',
    request: { operation: 'readmit', group: 'enterprise', stamp: 'enterprise-use1', reason: REASON },
    prepare: async (aws, jo) => {
      await jo.go(failover());
      aws.traffic.holders.set('enterprise', 'enterprise-usw2');
    },
  },
  {
    name: 'return, a table catches up',
    request: { operation: 'return', group: 'pool', stamp: 'pool-use1', reason: REASON },
    prepare: async (aws, jo) => {
      await lost(aws, jo, 'pool');
      await jo.go(failover('pool'));
      aws.world.down.clear();
    },
  },
  {
    name: 'rehome',
    request: { operation: 'rehome', group: 'enterprise', lost: 'use1', reason: REASON },
    fleet: rehomed(),
    prepare: (aws) => {
      aws.stacks.names.clear();
      aws.world.down.add('us-east-1');
      // A person imports the definitions in the meantime.
      void aws.world.wait(900_000).then(() => aws.stacks.names.add('us-west-2/shop-enterprise-data'));
      return Promise.resolve();
    },
  },
  { name: 'restore, Aurora', request: restore('enterprise'), prepare: nothing },
  { name: 'restore, EVENTUAL table', request: restore('pool'), prepare: nothing },
  { name: 'restore, STRONG table', request: restore('ledger'), prepare: nothing },
  { name: 'restore, test', request: restore('enterprise', true), prepare: nothing },
  {
    name: 'cut-over',
    request: cutover('enterprise'),
    prepare: async (_aws, jo) => {
      await jo.go(restore('enterprise'));
    },
  },
  {
    name: 'cut-over, table',
    request: cutover('pool'),
    prepare: async (_aws, jo) => {
      await jo.go(restore('pool'));
    },
  },
  {
    name: 'adopt',
    request: { operation: 'adopt', group: 'enterprise', restore: RESTORED, reason: REASON },
    prepare: async (_aws, jo) => {
      await jo.go(restore('enterprise'));
      await jo.go(cutover('enterprise'));
    },
  },
  {
    name: 'abandon',
    request: { operation: 'abandon', group: 'enterprise', restore: RESTORED, reason: REASON },
    prepare: async (_aws, jo) => {
      await jo.go(restore('enterprise'));
    },
  },
];

/** A fleet in the situation of a scenario, with the operator who got it there. */
export async function situation({ prepare, fleet = FLEET }: Scenario): Promise<FakeAws> {
  const aws = new FakeAws(fleet);
  await prepare(aws, new Operator(aws, { name: 'before' }));
  return aws;
}
