import { type GroupView, stampSpec } from '../group-view';
import type { Step } from '../plan';
import { call, step } from './step';
import { assumed, sum } from './timing';

/** The member that becomes the writer. */
export interface AuroraTarget {
  readonly stamp: string;
  readonly region: string;
  readonly cluster: string;
  readonly globalCluster: string;
}

/** Waits until the secondary is close enough; reads the metric in the secondary's own Region. */
export function auroraLagStep(view: GroupView, target: AuroraTarget, limit: number, after: readonly string[]): Step {
  const { region, cluster } = target;
  return step({
    id: `lag:${target.stamp}`,
    title: `Wait until ${cluster} is at most ${limit} s behind`,
    after,
    action: { do: 'wait' },
    postcondition: [{ is: 'aurora-lag', region, cluster, seconds: limit }],
    calls: [call('cloudwatch', region, 'data')],
    expected: assumed(view, 'auroraReplicationLag'),
    timeout: 900,
  });
}

/**
 * How the writer moves. A switchover is a call to the Region of the writer of today, which has to live for it anyway; the other two call the
 * Region of the target only (aws-facts 4.1).
 */
export type Promotion = { readonly how: 'switchover'; readonly from: string } | { readonly how: 'failover' | 'detach' };

export function promoteStep(view: GroupView, promotion: Promotion, target: AuroraTarget, after: readonly string[]): Step {
  const { region, cluster, globalCluster, stamp } = target;
  const { how } = promotion;
  const titles = {
    switchover: `Switch the writer over to ${cluster}: loses nothing`,
    failover: `Fail the writer over to ${cluster}`,
    detach: `Detach ${cluster} from ${globalCluster}, which makes it a writer of its own`,
  };
  return step({
    id: `promote:${stamp}`,
    title: titles[how],
    after,
    precondition: [{ is: 'promotable', region, cluster }],
    action:
      promotion.how === 'switchover'
        ? { do: 'switchover', region, from: promotion.from, globalCluster, cluster }
        : { do: promotion.how, region, globalCluster, cluster },
    postcondition:
      how === 'detach' ? [{ is: 'stands-alone', region, cluster }] : [{ is: 'global-writer', region, globalCluster, cluster }],
    calls: [
      call('rds', region, 'regional-control'),
      ...(promotion.how === 'switchover' ? [call('rds', promotion.from, 'regional-control')] : []),
    ],
    expected: assumed(view, how === 'switchover' ? 'auroraGlobalSwitchover' : 'auroraGlobalFailover'),
  });
}

/** Asks the stamp's own function, by IAM: its probe has to have seen the database take a write. */
export function writableStep(view: GroupView, stamp: string, after: readonly string[]): Step {
  return step({
    id: `writable:${stamp}`,
    title: `See the database of ${stamp} take writes`,
    after,
    action: { do: 'wait' },
    postcondition: [{ is: 'writable', stamp }],
    calls: [call('lambda', stampSpec(view, stamp).shape.region, 'data')],
    expected: sum(assumed(view, 'databaseReconnect')),
    timeout: 600,
  });
}

/** Makes a global cluster around one that stands alone. */
export function createGlobalStep(
  region: string,
  globalCluster: string,
  cluster: string,
  given: { readonly after: readonly string[] },
): Step {
  return step({
    id: `global:${globalCluster}`,
    title: `Make the global cluster ${globalCluster} around ${cluster}`,
    after: given.after,
    action: { do: 'create-global', region, globalCluster, cluster },
    postcondition: [{ is: 'global-exists', region, globalCluster, cluster }],
    calls: [call('rds', region, 'regional-control')],
    expected: { typical: 60, pessimistic: 300 },
  });
}

/** A secondary cluster with instances, and the wait until it follows. */
export function memberSteps(
  view: GroupView,
  member: {
    readonly region: string;
    readonly cluster: string;
    readonly like: string;
    readonly globalCluster: string;
    /** Region from which the global cluster is looked at. */
    readonly writerRegion: string;
    readonly restore?: string;
  },
  after: readonly string[],
): Step[] {
  const { region, cluster, like, globalCluster, writerRegion, restore } = member;
  const rds = [call('rds', region, 'regional-control')];
  const expected = assumed(view, 'auroraRestore');
  return [
    step({
      id: `member:${region}`,
      title: `Make ${cluster} in ${region} a member of ${globalCluster}`,
      after,
      action: { do: 'add-member', region, globalCluster, cluster, like, ...(restore !== undefined && { restore }) },
      postcondition: [{ is: 'cluster', region, cluster, instances: false }],
      calls: rds,
      expected,
    }),
    instancesStep(view, { region, cluster, like }, [`member:${region}`]),
    step({
      id: `follows:${region}`,
      title: `Wait until ${cluster} follows`,
      after: [`instances:${region}`],
      action: { do: 'wait' },
      postcondition: [{ is: 'global-reader', region: writerRegion, globalCluster, memberRegion: region, cluster }],
      calls: [call('rds', writerRegion, 'regional-control')],
      expected,
    }),
  ];
}

export function instancesStep(
  view: GroupView,
  { region, cluster, like }: { readonly region: string; readonly cluster: string; readonly like: string },
  after: readonly string[],
): Step {
  return step({
    id: `instances:${region}`,
    title: `Give ${cluster} the instances that ${like} has`,
    after,
    action: { do: 'add-instances', region, cluster, like },
    postcondition: [{ is: 'cluster', region, cluster, instances: true }],
    calls: [call('rds', region, 'regional-control')],
    expected: assumed(view, 'auroraInRegionRecreate'),
  });
}
