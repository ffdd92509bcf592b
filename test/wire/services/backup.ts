import { type Call, type Handlers, text } from '../world';
import { WireError } from '../wire-error';
import type { BackupState, Point, RestoreJob, Vault } from './backup-state';

type Shown = Readonly<Record<string, unknown>>;

/** Milliseconds between the start of a job and the moment its resource can be seen. */
const PENDING = 5_000;

/** AWS Backup: points of vaults, restores and the results of restore tests. */
export function backup(state: BackupState): Handlers {
  const { world } = state;
  const vault = (call: Call): Vault => {
    const name = text(call.input, 'BackupVaultName');
    const found = state.vaults.get(state.key(call, name));
    if (found === undefined) throw new WireError('ResourceNotFoundException', `Cannot find backup vault ${name}`);
    return found;
  };
  const point = (call: Call): Point => {
    const arn = text(call.input, 'RecoveryPointArn');
    // A point is restored where it is (aws-facts 5.3).
    const found = state.points.find((each) => each.arn === arn && each.region === call.region && each.account === call.account);
    if (found === undefined) throw new WireError('ResourceNotFoundException', `Cannot find recovery point ${arn}`);
    return found;
  };
  const job = (call: Call): RestoreJob => {
    const id = text(call.input, 'RestoreJobId');
    const found = state.jobs.find((each) => each.id === id && each.region === call.region && each.account === call.account);
    if (found === undefined) throw new WireError('ResourceNotFoundException', `Cannot find restore job ${id}`);
    return found;
  };
  return {
    DescribeBackupVault: (call) => {
      const { name, lock } = vault(call);
      return {
        BackupVaultName: name,
        Locked: lock !== 'none',
        ...(lock !== 'none' && { MinRetentionDays: 7 }),
        ...(lock === 'compliance' && { LockDate: new Date(world.now - 86_400_000) }),
      };
    },
    ListRecoveryPointsByBackupVault: (call) => {
      const { name } = vault(call);
      const found = state.points.filter(
        (each) => each.vault === name && each.region === call.region && each.account === call.account,
      );
      const from = Number((call.input.NextToken as string | undefined) ?? 0);
      const limit = (call.input.MaxResults as number | undefined) ?? 100;
      return {
        RecoveryPoints: found.slice(from, from + limit).map(showPoint),
        ...(from + limit < found.length && { NextToken: String(from + limit) }),
      };
    },
    GetRecoveryPointRestoreMetadata: (call) => {
      vault(call);
      const found = point(call);
      const metadata =
        found.type === 'DynamoDB' ? { originalTableName: found.resource } : { DBClusterIdentifier: found.resource };
      return { RecoveryPointArn: found.arn, RestoreMetadata: metadata };
    },
    DescribeRecoveryPoint: (call) => {
      vault(call);
      return showPoint(point(call));
    },
    StartRestoreJob: (call) => {
      const { input } = call;
      const token = input.IdempotencyToken as string | undefined;
      const same = state.jobs.find((each) => token !== undefined && each.token === token && each.region === call.region);
      if (same !== undefined) return { RestoreJobId: same.id };
      const from = point(call);
      const metadata = input.Metadata as Readonly<Record<string, string>>;
      if (input.IamRoleArn === undefined) throw new WireError('InvalidParameterValueException', 'IamRoleArn is required');
      if (from.status !== 'COMPLETED') throw new WireError('InvalidRequestException', `${from.arn} is ${from.status}`);
      const target = (from.type === 'DynamoDB' ? metadata.targetTableName : metadata.DBClusterIdentifier) ?? '';
      if (target === '') throw new WireError('InvalidParameterValueException', 'the metadata name no target');
      const made: RestoreJob = {
        account: call.account,
        region: call.region,
        id: `0000000${state.jobs.length}-0000-4000-8000-000000000000`.slice(-36),
        ...(token !== undefined && { token }),
        point: from,
        target,
        metadata,
        createdAt: world.now,
        doneAt: world.now + (from.type === 'DynamoDB' ? state.tables.times.restore : state.rds.times.restore),
        ...(failureOf(state, from, target) && { failure: failureOf(state, from, target) }),
      };
      state.jobs.push(made);
      if (made.failure === undefined) makeResource(state, made);
      return { RestoreJobId: made.id };
    },
    DescribeRestoreJob: (call) => showJob(state, job(call)),
    GetRestoreJobMetadata: (call) => {
      const found = job(call);
      return { RestoreJobId: found.id, Metadata: found.metadata };
    },
    ListRestoreJobs: (call) => {
      const plan = call.input.ByRestoreTestingPlanArn as string | undefined;
      const after = (call.input.ByCreatedAfter as Date | undefined)?.getTime() ?? 0;
      const type = call.input.ByResourceType as string | undefined;
      const found = state.jobs
        .filter((each) => each.region === call.region && each.account === call.account && each.createdAt >= after)
        .filter((each) => (plan === undefined || each.testingPlan === plan) && (type === undefined || each.point.type === type));
      return { RestoreJobs: found.map((each) => showJob(state, each)) };
    },
    GetRestoreTestingPlan: (call) => {
      const name = text(call.input, 'RestoreTestingPlanName');
      const arn = state.testingPlans.get(state.key(call, name));
      if (arn === undefined) throw new WireError('ResourceNotFoundException', `Cannot find restore testing plan ${name}`);
      return {
        RestoreTestingPlan: {
          RestoreTestingPlanName: name,
          RestoreTestingPlanArn: arn,
          CreationTime: new Date(0),
          ScheduleExpression: 'cron(0 5 ? * 1 *)',
          RecoveryPointSelection: {},
        },
      };
    },
  };
}

/** A name that is taken makes the job fail; AWS Backup finds that out only when it runs. */
function failureOf(state: BackupState, point: Point, target: string): string | undefined {
  if (state.failure !== undefined) return state.failure;
  const taken = point.type === 'DynamoDB' ? state.tables.table(point, target) : state.rds.cluster(point, target);
  return taken === undefined ? undefined : `${target} already exists`;
}

function makeResource(state: BackupState, job: RestoreJob): void {
  const { point, target } = job;
  if (point.type === 'DynamoDB') {
    const live = state.tables.table(point, point.resource);
    const made = state.tables.add(job.account, target, [job.region], {
      ...(live !== undefined && { definition: live.definition }),
      readyAt: job.doneAt,
      restoredFrom: point.resource,
    });
    for (const [key, item] of live?.items ?? []) made.items.set(key, item);
    return;
  }
  const live = state.rds.cluster(point, point.resource);
  state.rds.clusters.set(state.rds.key(job, target), {
    account: job.account,
    region: job.region,
    id: target,
    settings: { Engine: live?.settings.Engine ?? 'aurora-postgresql', EngineVersion: live?.settings.EngineVersion ?? '16.8' },
    deletionProtection: false,
    tags: new Map(),
    createdAt: job.createdAt,
    availableAt: job.doneAt,
    rows: live?.rows ?? 0,
  });
}

function arnOf(state: BackupState, job: RestoreJob): string {
  return job.point.type === 'DynamoDB'
    ? `arn:aws:dynamodb:${job.region}:${job.account}:table/${job.target}`
    : state.rds.arn(job, job.target);
}

function showJob(state: BackupState, job: RestoreJob): Shown {
  const { now } = state.world;
  const done = job.doneAt <= now;
  const status =
    job.failure !== undefined ? 'FAILED' : done ? 'COMPLETED' : job.createdAt + PENDING > now ? 'PENDING' : 'RUNNING';
  return {
    RestoreJobId: job.id,
    RecoveryPointArn: job.point.arn,
    AccountId: job.account,
    CreationDate: new Date(job.createdAt),
    ...(status === 'COMPLETED' && { CompletionDate: new Date(job.doneAt) }),
    Status: status,
    ...(job.failure !== undefined && { StatusMessage: job.failure }),
    ...(status !== 'PENDING' && status !== 'FAILED' && { CreatedResourceArn: arnOf(state, job) }),
    ResourceType: job.point.type,
    ...(job.validation !== undefined && { ValidationStatus: job.validation }),
  };
}

function showPoint(point: Point): Shown {
  const resource =
    point.type === 'DynamoDB'
      ? `arn:aws:dynamodb:${point.region}:${point.account}:table/${point.resource}`
      : `arn:aws:rds:${point.region}:${point.account}:cluster:${point.resource}`;
  return {
    RecoveryPointArn: point.arn,
    BackupVaultName: point.vault,
    BackupVaultArn: `arn:aws:backup:${point.region}:${point.account}:backup-vault:${point.vault}`,
    ...(point.copiedFrom !== undefined && { SourceBackupVaultArn: point.copiedFrom }),
    ResourceArn: resource,
    ResourceType: point.type,
    IamRoleArn: point.role,
    Status: point.status,
    CreationDate: new Date(point.createdAt),
    CompletionDate: new Date(point.createdAt + 600_000),
    ...(point.expiresAt !== undefined && { CalculatedLifecycle: { DeleteAt: new Date(point.expiresAt) } }),
    IsEncrypted: true,
  };
}
