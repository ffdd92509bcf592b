import type { AuroraCluster } from '../../ports';
import type { Condition } from '../plan';
import type { Look } from './check';
import type { RunContext } from './context';

type Of<K extends Condition['is']> = Extract<Condition, { is: K }>;

/** Lag that was measured longer ago than this says nothing about now. */
const LAG_FRESH_MS = 120_000;

function fresh(run: RunContext, lag: { seconds: number; at: number } | undefined, limit: number): Look {
  if (lag === undefined) return { holds: false, saw: 'no lag is reported' };
  const age = run.ports.clock.now() - lag.at;
  const saw = `${lag.seconds} s behind, at most ${limit} s${age > LAG_FRESH_MS ? `, measured ${Math.round(age / 1000)} s ago` : ''}`;
  return { holds: lag.seconds <= limit && age <= LAG_FRESH_MS, saw };
}

export async function checkAuroraLag({ region, cluster, seconds }: Of<'aurora-lag'>, run: RunContext): Promise<Look> {
  return fresh(run, await run.ports.databases.lag(region, cluster), seconds);
}

export async function checkTableLag({ from, to, table, seconds }: Of<'table-lag'>, run: RunContext): Promise<Look> {
  const reading = await run.ports.tables.describe(from, table);
  // A strongly consistent table has no lag and reports none.
  if (reading?.consistency === 'strong') return { holds: true, saw: 'strongly consistent' };
  return fresh(run, await run.ports.tables.lag(from, to, table), seconds);
}

export async function checkGlobal(
  condition: Of<'global-writer'> | Of<'global-reader'> | Of<'global-exists'>,
  { ports }: RunContext,
): Promise<Look> {
  const global = await ports.databases.global(condition.region, condition.globalCluster);
  if (global === undefined) return { holds: false, saw: `${condition.globalCluster} does not exist` };
  const going = global.failover;
  const member = global.members.find(
    (each) =>
      each.cluster === condition.cluster &&
      each.region === (condition.is === 'global-reader' ? condition.memberRegion : condition.region),
  );
  const writer = global.members.find((each) => each.writer);
  const state =
    going === undefined ? `writer is ${writer?.cluster ?? 'nobody'}` : `${going.status} to ${going.toRegion ?? 'another Region'}`;
  switch (condition.is) {
    case 'global-exists':
      return { holds: member !== undefined, saw: state };
    case 'global-writer':
      return { holds: member?.writer === true && going === undefined, saw: state };
    case 'global-reader': {
      const synced = member?.synchronization ?? 'not a member';
      return {
        holds: member?.writer === false && synced === 'connected' && going === undefined,
        saw: `${condition.cluster}: ${synced}, ${state}`,
      };
    }
  }
}

export async function checkCluster(condition: Of<'stands-alone'> | Of<'cluster'>, { ports }: RunContext): Promise<Look> {
  const cluster = await ports.databases.cluster(condition.region, condition.cluster);
  if (cluster === undefined) return { holds: false, saw: `${condition.cluster} does not exist` };
  const saw = `${condition.cluster} is ${cluster.status}, ${cluster.instances.length} instances, ${cluster.globalCluster ?? 'in no global cluster'}`;
  if (condition.is === 'stands-alone')
    return { holds: cluster.status === 'available' && cluster.globalCluster === undefined, saw };
  return { holds: cluster.status === 'available' && (!condition.instances || instancesReady(cluster)), saw };
}

/** States that nobody comes back from in time; in all others AWS is asked, and says so itself (aws-facts 4.1). */
const BEYOND_PROMOTION = /^(deleting|stopp(ed|ing)|failed|.*-failed|inaccessible-encryption-credentials.*)$/;

export async function checkPromotable({ region, cluster }: Of<'promotable'>, { ports }: RunContext): Promise<Look> {
  const found = await ports.databases.cluster(region, cluster);
  if (found === undefined) return { holds: false, saw: `${cluster} does not exist` };
  return { holds: !BEYOND_PROMOTION.test(found.status), saw: `${cluster} is ${found.status}` };
}

function instancesReady({ instances }: AuroraCluster): boolean {
  return instances.length > 0 && instances.every((instance) => instance.status === 'available');
}

export async function checkTable({ region, table, replicas }: Of<'table'>, { ports }: RunContext): Promise<Look> {
  const reading = await ports.tables.describe(region, table);
  if (reading === undefined) return { holds: false, saw: `${table} does not exist` };
  const active = (wanted: string): boolean =>
    reading.replicas.some((replica) => replica.region === wanted && replica.status === 'ACTIVE');
  const saw = `${table} is ${reading.status}, replicas ${reading.replicas.map((replica) => `${replica.region} ${replica.status}`).join(', ')}`;
  return { holds: reading.status === 'ACTIVE' && replicas.every(active), saw };
}

/** @throws Error when the job failed: waiting will not change it */
export async function checkRestored({ region, engine, target }: Of<'restored'>, { ports }: RunContext): Promise<Look> {
  const job = await ports.backups.job(region, target);
  if (job?.status === 'failed') {
    const why = job.message ?? 'AWS gives no reason';
    throw new Error(`the restore of ${target} failed: ${why}. Its name is used up: abandon this restore and make it again`);
  }
  const there =
    engine === 'aurora'
      ? (await ports.databases.cluster(region, target))?.status === 'available'
      : (await ports.tables.describe(region, target))?.status === 'ACTIVE';
  return { holds: there && job?.status === 'completed', saw: `${target}: ${job?.status ?? 'no restore job'}` };
}

export async function checkGone({ region, engine, resource }: Of<'gone'>, { ports }: RunContext): Promise<Look> {
  const found =
    engine === 'aurora' ? await ports.databases.cluster(region, resource) : await ports.tables.describe(region, resource);
  // A job that still runs makes it after everybody has looked away.
  if (found === undefined && (await ports.backups.job(region, resource))?.status === 'running')
    return { holds: false, saw: `${resource} is still being restored` };
  return { holds: found === undefined, saw: found === undefined ? `${resource} is gone` : `${resource} is ${found.status}` };
}

export async function checkCovered({ region, engine, resource, stamp }: Of<'covered'>, { ports }: RunContext): Promise<Look> {
  const coverage = await ports.backups.coverage(region, engine, resource);
  if (coverage === undefined) return { holds: false, saw: `${resource} is not there` };
  const plan = coverage.stamp === undefined ? 'in no backup plan' : `in the backup plan of ${coverage.stamp}`;
  return {
    holds: coverage.stamp === stamp && coverage.continuous,
    saw: `${resource} is ${plan}, ${coverage.continuous ? 'with' : 'without'} a continuous backup`,
  };
}
