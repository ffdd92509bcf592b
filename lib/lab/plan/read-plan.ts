import type { DatabaseClusterFact } from '../../assembly/facts/databases';
import type { TargetGroupFact } from '../../assembly/facts/edge';
import type { ServiceFact } from '../../assembly/facts/services';
import type { ParsedFleet, ParsedStamp } from '../../assembly/parsed-fleet';
import { StampError } from '../../errors';
import { compareText } from '../../order';
import { fleetZones } from '../../resilience/dns';
import type { Addresses } from '../net/addresses';
import type { Endpoint } from '../net/endpoint';
import type {
  DatabasePlan,
  GlobalPlan,
  InternetPlan,
  LabPlan,
  QueuePlan,
  RegionPlan,
  ServicePlan,
  StampPlan,
  TablePlan,
} from './lab-plan';

/** What the templates do not say. */
export type LabSettings = Pick<
  LabPlan,
  'id' | 'folder' | 'speed' | 'seed' | 'token' | 'password' | 'programs' | 'databaseUser' | 'postgres'
> & {
  /** Names of zones; templates know them by their ids only. */
  readonly zones: readonly { readonly hostedZoneId: string; readonly name: string }[];
  /** Tenant groups to run. @default - all */
  readonly groups?: readonly string[];
};

/**
 * The lab of an assembly. A lab holds no more than one process for each zone of a service, whatever the template's minimum is: each stands for
 * several tasks.
 *
 * @throws StampError `LAB_NO_STAMPS`, `LAB_ENGINE` for an engine the lab cannot run, `LAB_TOO_LARGE`
 */
export async function readPlan(fleet: ParsedFleet, settings: LabSettings, addresses: Addresses): Promise<LabPlan> {
  const { zones, groups, ...own } = settings;
  const chosen = fleet.stamps.filter(
    (stamp) => stamp.generated && stamp.group !== undefined && (groups === undefined || groups.includes(stamp.group)),
  );
  if (chosen.length === 0) {
    const known = [...new Set(fleet.stamps.flatMap(({ group }) => group ?? []))].join(', ');
    throw new StampError(
      'LAB_NO_STAMPS',
      `the assembly has no stamps of ${groups?.join(', ') ?? 'any group'}`,
      `Its groups are: ${known}.`,
    );
  }
  const stamps: StampPlan[] = [];
  for (const stamp of chosen) stamps.push(await stampPlan(fleet, stamp, addresses));
  const tables = tablePlans(fleet, stamps);
  const regions = await regionPlans(fleet, stamps, tables, addresses);
  return {
    ...own,
    control: addresses.control,
    internet: await internetPlan(fleet, zones, regions, addresses),
    gauge: await addresses.endpoint(addresses.host()),
    regions,
    stamps,
    globals: globalPlans(fleet, stamps),
    tables,
  };
}

async function stampPlan(fleet: ParsedFleet, stamp: ParsedStamp, addresses: Addresses): Promise<StampPlan> {
  const [loadBalancer] = fleet.loadBalancers.filter(({ id }) => stamp.loadBalancerIds.includes(id));
  const webFact = fleet.services.find(({ id }) => stamp.webServiceIds.includes(id));
  const workerFact = fleet.services.find(({ id }) => stamp.workerServiceIds.includes(id));
  const target = fleet.targetGroups.find(({ id, targetType }) => stamp.targetGroupIds.includes(id) && targetType !== 'lambda');
  const health = fleet.functions.find(({ id }) => id === stamp.healthFunctionId);
  const [recordName] = stamp.recordNames;
  if (
    loadBalancer === undefined ||
    webFact === undefined ||
    target === undefined ||
    health === undefined ||
    recordName === undefined
  ) {
    throw new StampError(
      'LAB_STAMP',
      `the templates of ${stamp.id} lack a load balancer, service, health function or record`,
      'Synthesize again.',
    );
  }
  const host = addresses.host();
  const edge = await addresses.endpoint(host);
  const agent = await addresses.endpoint(host);
  const { environment } = health;
  const queue = queuePlan(fleet, stamp);
  const pointer = fleet.pointers.find(({ id }) => stamp.pointerIds.includes(id));
  return {
    id: stamp.id,
    group: stamp.group ?? '',
    region: stamp.region,
    account: stamp.account,
    zones: stamp.availabilityZones,
    recordName,
    loadBalancer: loadBalancer.dnsName,
    address: host,
    edge,
    agent,
    clientKeepAlive: loadBalancer.clientKeepAlive ?? 3600,
    target: targetPlan(target),
    web: await servicePlan(webFact, stamp.availabilityZones.length, host, addresses),
    ...(workerFact !== undefined && { worker: await servicePlan(workerFact, 1, host, addresses) }),
    ...(queue !== undefined && { queue }),
    health: {
      healthPath: environment['STAMP_HEALTH_PATH'] ?? '/',
      writerGrace: Number(environment['STAMP_WRITER_GRACE_SECONDS'] ?? 90),
      replicaGrace: Number(environment['STAMP_REPLICA_GRACE_SECONDS'] ?? 90),
      standbyServes: environment['STAMP_STANDBY_SERVES'] === 'none' ? 'none' : 'reads',
      dependencies: dependenciesOf(environment['STAMP_DEPENDENCIES']),
    },
    database: await databasePlan(fleet, stamp, host, addresses),
    ...(pointer !== undefined && { pointer: pointer.name }),
    ...backupOf(fleet, stamp),
    stack: stamp.stacks[0] ?? stamp.id,
  };
}

const DAY = 86_400;

/** The first rule of the stamp's plan with a vault of its own. */
function backupOf(fleet: ParsedFleet, stamp: ParsedStamp): Pick<StampPlan, 'backup'> {
  const plan = fleet.backupPlans.find(({ id }) => stamp.backupPlanIds.includes(id));
  const rule = plan?.rules.find(({ copies }) => copies.length > 0) ?? plan?.rules[0];
  if (plan === undefined || rule === undefined) return {};
  const vault = fleet.vaults.find(({ id }) => id === rule.vaultId);
  return {
    backup: {
      vault: rule.vaultName,
      interval: rule.scheduleInterval ?? DAY,
      retention: (rule.retentionDays ?? 36_500) * DAY,
      continuous: plan.rules.some(({ continuous }) => continuous),
      lock: vault?.lock?.mode ?? 'none',
      copies: rule.copies.flatMap(({ region, vaultId }) => {
        const target = fleet.vaults.find(({ id }) => id === vaultId);
        return region === undefined || target === undefined ? [] : [{ region, vault: target.name }];
      }),
    },
  };
}

function targetPlan({ healthCheck, deregistrationDelay, dnsFailover }: TargetGroupFact): StampPlan['target'] {
  return {
    path: healthCheck.path ?? '/',
    interval: healthCheck.interval ?? 30,
    timeout: healthCheck.timeout ?? 5,
    healthyThreshold: healthCheck.healthyThreshold ?? 5,
    unhealthyThreshold: healthCheck.unhealthyThreshold ?? 2,
    matcher: healthCheck.matcher ?? '200',
    deregistrationDelay: deregistrationDelay ?? 300,
    minimumHealthy: dnsFailover.count ?? 1,
  };
}

/** At least one process, at most one for each zone to begin with; endpoints for twice as many, so that a rollout and a scale-out have room. */
async function servicePlan(fact: ServiceFact, zones: number, host: string, addresses: Addresses): Promise<ServicePlan> {
  const min = fact.minTasks ?? 1;
  const processes = Math.max(1, Math.min(zones, min));
  const [container] = fact.task?.containers.filter(({ essential }) => essential) ?? [];
  const endpoints: Endpoint[] = [];
  for (let at = 0; at < processes * 2; at += 1) endpoints.push(await addresses.endpoint(host));
  return {
    min,
    max: fact.maxTasks ?? min,
    tasksPerProcess: Math.max(1, Math.ceil(min / processes)),
    stopTimeout: container?.stopTimeout ?? 30,
    environment: container?.environment ?? {},
    endpoints,
  };
}

function queuePlan(fleet: ParsedFleet, stamp: ParsedStamp): QueuePlan | undefined {
  const queue = fleet.queues.find(({ id, deadLetter }) => stamp.queueIds.includes(id) && deadLetter !== undefined);
  if (queue?.deadLetter === undefined) return undefined;
  const deadLetter = fleet.queues.find(({ id }) => id === queue.deadLetter?.queueId);
  return {
    name: queue.name,
    deadLetter: deadLetter?.name ?? `${queue.name}-dead`,
    visibilityTimeout: queue.visibilityTimeout ?? 30,
    retention: queue.retention ?? 345_600,
    maxReceives: queue.deadLetter.maxReceives ?? 5,
  };
}

async function databasePlan(fleet: ParsedFleet, stamp: ParsedStamp, host: string, addresses: Addresses): Promise<DatabasePlan> {
  const cluster = fleet.databaseClusters.find(({ id }) => stamp.databaseIds.includes(id));
  if (cluster !== undefined) {
    if (cluster.engine !== 'aurora-postgresql') {
      throw new StampError(
        'LAB_ENGINE',
        `the lab has no ${cluster.engine ?? 'unknown'} for ${stamp.id}`,
        'Leave its group out with --group.',
      );
    }
    const pointer = fleet.pointers.find(({ id }) => stamp.pointerIds.includes(id));
    // Replicas of a global database have no name of their own: it comes with the data.
    const name = pointer?.databaseName ?? cluster.databaseName ?? 'app';
    return auroraPlan(cluster, name, stamp.region, host, addresses);
  }
  const table = fleet.tables.find(({ id }) => stamp.databaseIds.includes(id));
  return table === undefined ? { engine: 'none' } : { engine: 'dynamodb', table: table.name };
}

async function auroraPlan(
  cluster: DatabaseClusterFact,
  name: string,
  region: string,
  host: string,
  addresses: Addresses,
): Promise<DatabasePlan> {
  const maxLag = cluster.parameters['rds.global_db_rpo'];
  return {
    engine: 'aurora',
    cluster: cluster.identifier,
    global: cluster.globalClusterIdentifier,
    home: cluster.home,
    name,
    maxLag: maxLag === undefined ? undefined : Number(maxLag),
    endpoint: await addresses.endpoint(host),
    writer: clusterHost(cluster.identifier, region),
    reader: readerHost(cluster.identifier, region),
    link: await addresses.endpoint(host),
    instances: Math.max(1, cluster.instances.length),
    version: cluster.engineVersion ?? '16',
  };
}

/** As RDS names them, so that a pointer of the lab reads like one of AWS. */
export function clusterHost(identifier: string, region: string): string {
  return `${identifier}.cluster-stampkitlab.${region}.rds.amazonaws.com`;
}

export function readerHost(identifier: string, region: string): string {
  return `${identifier}.cluster-ro-stampkitlab.${region}.rds.amazonaws.com`;
}

function globalPlans(fleet: ParsedFleet, stamps: readonly StampPlan[]): GlobalPlan[] {
  return fleet.globalClusters.flatMap(({ identifier, engineVersion }) => {
    const members = stamps.flatMap(({ id, region, database }) =>
      database.engine === 'aurora' && database.global === identifier
        ? [{ region, cluster: database.cluster, stamp: id, home: database.home }]
        : [],
    );
    return members.length === 0 ? [] : [{ identifier, version: engineVersion ?? '16', members }];
  });
}

function tablePlans(fleet: ParsedFleet, stamps: readonly StampPlan[]): TablePlan[] {
  const used = new Set(stamps.flatMap(({ database }) => (database.engine === 'dynamodb' ? [database.table] : [])));
  return fleet.tables
    .filter(({ id, name }) => id === fleet.controlTableId || used.has(name))
    .map(({ id, name, consistency, replicas, witnessRegion }) => ({
      name,
      consistency,
      replicas: replicas.map(({ region }) => region),
      ...(witnessRegion !== undefined && { witness: witnessRegion }),
      control: id === fleet.controlTableId,
    }));
}

async function regionPlans(
  fleet: ParsedFleet,
  stamps: readonly StampPlan[],
  tables: readonly TablePlan[],
  addresses: Addresses,
): Promise<RegionPlan[]> {
  const buckets = new Map(fleet.switchBuckets.map(({ origin, bucketName }) => [origin.region, bucketName] as const));
  const names = new Set([
    ...stamps.map(({ region }) => region),
    ...buckets.keys(),
    ...tables.flatMap(({ replicas, witness }) => [...replicas, ...(witness === undefined ? [] : [witness])]),
  ]);
  const plans: RegionPlan[] = [];
  for (const region of [...names].sort(compareText)) {
    const host = addresses.host();
    const switchBucket = buckets.get(region);
    plans.push({
      region,
      rpc: await addresses.endpoint(host),
      services: await addresses.endpoint(host),
      ...(switchBucket !== undefined && { switchBucket }),
    });
  }
  return plans;
}

async function internetPlan(
  fleet: ParsedFleet,
  zones: LabSettings['zones'],
  regions: readonly RegionPlan[],
  addresses: Addresses,
): Promise<InternetPlan> {
  const host = addresses.host();
  const resolvers: InternetPlan['resolvers'][number][] = [];
  for (const { region } of regions) resolvers.push({ region, endpoint: await addresses.endpoint(host) });
  return {
    rpc: await addresses.endpoint(host),
    wan: await addresses.endpoint(host),
    clients: await addresses.endpoint(host),
    authority: await addresses.endpoint(host),
    resolvers,
    zones: fleetZones(fleet, zones),
  };
}

function dependenciesOf(text: string | undefined): { readonly name: string; readonly shared: boolean }[] {
  if (text === undefined) return [];
  const list = JSON.parse(text) as readonly { readonly name: string; readonly shared?: boolean }[];
  return list.map(({ name, shared }) => ({ name, shared: shared === true }));
}
