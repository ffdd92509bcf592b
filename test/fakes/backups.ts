import {
  type Backups,
  type DivergenceReading,
  type Divergences,
  PortError,
  type RecoveryPoint,
  type RestorableWindow,
  type RestoreTestReading,
  type ValidationResult,
  type Validations,
} from '../../lib/ports';
import type { FakeDatabases } from './databases';
import type { FakeTables } from './tables';
import type { FakeProcess, FakeWorld } from './world';

/** Milliseconds that a restore takes. */
export const RESTORE_TIME = 1_200_000;

interface Job {
  readonly target: string;
  readonly restore: string;
  readonly doneAt: number;
  readonly failure?: string;
}

/** See backups.md. */
export class FakeBackups {
  public readonly recoveryPoints: RecoveryPoint[] = [];
  public readonly windows: RestorableWindow[] = [];
  public readonly tests = new Map<string, RestoreTestReading>();
  /** Restores fail with this. */
  public failure?: string;
  public validation: ValidationResult = { passed: true, checks: [{ name: 'rows', passed: true, message: 'there are rows' }] };
  public divergence: DivergenceReading = {
    onlyOld: 3,
    evidence: 'snapshot rds:unplanned-global-failover-x',
    method: 'compared keys',
  };
  private readonly jobs = new Map<string, Job>();

  public constructor(
    private readonly world: FakeWorld,
    private readonly databases: FakeDatabases,
    private readonly tables: FakeTables,
  ) {}

  public port(process: FakeProcess): Backups {
    const reach = async (region: string, call: string): Promise<void> => {
      await Promise.resolve();
      this.world.reach({ service: 'backup', region, call });
    };
    return {
      points: async (region, vault) => {
        await reach(region, 'ListRecoveryPointsByBackupVault');
        return this.recoveryPoints.filter((point) => point.region === region && point.vault === vault);
      },
      window: async (region, _engine, resource) => {
        await reach(region, 'DescribeContinuousBackups');
        return this.windows.find((window) => window.region === region && window.resource === resource);
      },
      lastTest: async (region, plan) => {
        await reach(region, 'ListRestoreJobs');
        return this.tests.get(`${region}/${plan}`);
      },
      start: async ({ region, engine, target, like, restore, guard }) => {
        const place = { service: 'backup', region, call: 'StartRestoreJob' };
        process.checkGuard(guard, place);
        await reach(region, 'StartRestoreJob');
        const key = `${region}/${target}`;
        const running = this.jobs.get(key);
        if (running?.restore === restore) return;
        const taken = engine === 'aurora' ? this.databases.clusters.has(key) : this.tables.tables.has(target);
        if (running !== undefined || taken) throw new PortError('conflict', place, `${target} exists`);
        const doneAt = this.world.time + RESTORE_TIME;
        this.jobs.set(key, { target, restore, doneAt, ...(this.failure !== undefined && { failure: this.failure }) });
        if (this.failure !== undefined) return;
        if (engine === 'aurora') {
          const cluster = this.databases.addCluster(
            region,
            target,
            undefined,
            this.databases.clusters.get(`${region}/${like}`)?.engineVersion,
          );
          Object.assign(cluster, { availableAt: doneAt, instances: [], restore });
        } else {
          const table = this.tables.add(target, [region], 'none', this.tables.tables.get(like)?.items);
          table.restore = restore;
          table.replicas.set(region, doneAt);
        }
      },
      coverage: async (region, engine, resource) => {
        await reach(region, 'ListTags');
        if (engine === 'aurora') {
          const cluster = this.databases.clusters.get(`${region}/${resource}`);
          return cluster && { continuous: true, ...(cluster.plan !== undefined && { stamp: cluster.plan }) };
        }
        const table = this.tables.tables.get(resource);
        if (table?.replicas.has(region) !== true) return undefined;
        const stamp = table.plans.get(region);
        return { continuous: stamp !== undefined, ...(stamp !== undefined && { stamp }) };
      },
      cover: async ({ region, engine, resource, stamp, guard }) => {
        const place = { service: 'backup', region, call: 'TagResource' };
        process.checkGuard(guard, place);
        await reach(region, place.call);
        const cluster = this.databases.clusters.get(`${region}/${resource}`);
        const table = this.tables.tables.get(resource);
        if (engine === 'aurora' && cluster !== undefined) cluster.plan = stamp;
        else if (engine === 'dynamodb' && table?.replicas.has(region) === true) table.plans.set(region, stamp);
        else throw new PortError('not-found', place, `there is no ${resource}`);
      },
      job: async (region, target) => {
        await reach(region, 'DescribeRestoreJob');
        const job = this.jobs.get(`${region}/${target}`);
        if (job === undefined) return undefined;
        if (job.failure !== undefined) return { status: 'failed', message: job.failure };
        return { status: job.doneAt <= this.world.time ? 'completed' : 'running' };
      },
    };
  }

  public validations(): Validations {
    return {
      run: async ({ region }) => {
        await Promise.resolve();
        this.world.reach({ service: 'lambda', region, call: 'Invoke' });
        return this.validation;
      },
    };
  }

  public divergences(): Divergences {
    return {
      compare: async ({ oldRegion }) => {
        await Promise.resolve();
        this.world.reach({ service: 'rds', region: oldRegion, call: 'DescribeDBClusterSnapshots' });
        return this.divergence;
      },
    };
  }
}
