import { templateBounds } from '../../lib/operations/group-view';
import type { Fleet, StampSpec, TenantGroup } from '../../lib/topology/types';
import { stampHealth } from './stamp-health';
import type { WireAws } from './wire-aws';
import { restoreValidation } from './restore-validation';

const HOUR = 3_600_000;
/** Rows and items that every database holds at first. */
export const ROWS = 250;

/** Puts into the fake what a deployment of the fleet would have made, as far as operations touch it. */
export function deployFleet(aws: WireAws, fleet: Fleet): void {
  const { control, account } = fleet;
  aws.dynamodb.add(account, control.table.name, control.table.replicaRegions, { strong: true });
  for (const { region, bucketName } of control.members) aws.buckets.add(region, bucketName);
  for (const group of fleet.groups) {
    const home = group.stamps.find((stamp) => stamp.home)?.shape.region ?? '';
    aws.stacks.add(`${group.account}/${home}/${group.names.dataStack}`);
    const aurora = isAurora(group);
    if (aurora) deployAurora(aws, group);
    if (group.database.engine === 'dynamodb') deployTable(aws, fleet, group);
    for (const stamp of group.stamps) deployStamp(aws, group, stamp);
  }
}

export function isAurora({ database }: TenantGroup): boolean {
  return database.engine === 'aurora-postgresql' || database.engine === 'aurora-mysql';
}

function deployAurora(aws: WireAws, group: TenantGroup): void {
  const { database, account } = group;
  if (database.engine !== 'aurora-postgresql' && database.engine !== 'aurora-mysql') return;
  const members = group.stamps.map((stamp) => ({
    region: stamp.shape.region,
    cluster: stamp.values.names.databaseCluster,
    stamp: stamp.id,
    writer: stamp.home,
    connectedAt: 0,
  }));
  for (const { region, cluster, stamp } of members) {
    const place = { account, region };
    aws.rds.clusters.set(aws.rds.key(place, cluster), {
      ...place,
      id: cluster,
      settings: {
        Engine: database.engine,
        EngineVersion: database.version,
        DBSubnetGroupName: `${cluster}-subnets`,
        VpcSecurityGroupIds: ['sg-0123456789abcdef0'],
        DBClusterParameterGroupName: `${cluster}-parameters`,
        Port: database.engine === 'aurora-mysql' ? 3306 : 5432,
        KmsKeyId: `arn:aws:kms:${region}:${account}:key/1234abcd-0000-4000-8000-000000000000`,
        EnableIAMDatabaseAuthentication: true,
        BackupRetentionPeriod: 35,
        ServerlessV2ScalingConfiguration: { MinCapacity: 8, MaxCapacity: 32 },
      },
      deletionProtection: true,
      tags: new Map([['stampkit:backup', stamp]]),
      ...(members.length > 1 && { global: group.names.globalCluster }),
      createdAt: aws.world.now - 40 * 24 * HOUR,
      availableAt: 0,
      rows: ROWS,
    });
    for (const number of [1, 2]) {
      const id = `${cluster}-${number}`;
      const settings = { DBInstanceClass: 'db.serverless', Engine: database.engine, PromotionTier: number - 1 };
      aws.rds.instances.set(aws.rds.key(place, id), { ...place, id, cluster, settings, availableAt: 0 });
    }
  }
  if (members.length > 1)
    aws.rds.globals.set(`${account}/${group.names.globalCluster}`, {
      account,
      id: group.names.globalCluster,
      engine: database.engine,
      engineVersion: database.version,
      members,
    });
}

function deployTable(aws: WireAws, fleet: Fleet, group: TenantGroup): void {
  if (group.database.engine !== 'dynamodb') return;
  const { consistency, witness } = group.database;
  const strong = consistency === 'strong';
  const witnessRegion = fleet.regions.find((each) => each.code === witness)?.region;
  const table = aws.dynamodb.add(
    group.account,
    group.names.table,
    group.stamps.map((stamp) => stamp.shape.region),
    {
      strong,
      deletionProtection: true,
      tags: (region) => {
        const stamp = group.stamps.find(({ shape }) => shape.region === region);
        return new Map(stamp === undefined ? [] : [['stampkit:backup', stamp.id]]);
      },
      ...(witnessRegion !== undefined && { witness: witnessRegion }),
    },
  );
  for (let number = 0; number < ROWS; number += 1) {
    const item = { pk: { S: `row#${String(number).padStart(4, '0')}` }, sk: { S: 'v1' } };
    table.items.set(aws.dynamodb.keyOf(table, item), item);
  }
}

function deployStamp(aws: WireAws, group: TenantGroup, stamp: StampSpec): void {
  const { names, account } = stamp.values;
  const place = { account, region: stamp.shape.region };
  const bounds = templateBounds(stamp);
  const targetGroup = `arn:aws:elasticloadbalancing:${place.region}:${account}:targetgroup/${names.service}/0123456789abcdef`;
  if (bounds.web !== undefined) aws.compute.addService(place, names.cluster, names.service, bounds.web, targetGroup);
  if (bounds.worker !== undefined) aws.compute.addService(place, names.cluster, names.workerService, bounds.worker);
  if (bounds.instances !== undefined)
    aws.compute.addGroup(place, names.cluster, `${names.stack}-ComputeInstances-0A1B2C3D`, bounds.instances);
  aws.lambda.add(place, names.healthFunction, stampHealth(aws, group, stamp));
  aws.stacks.add(`${account}/${place.region}/${names.stack}`);
  if (bounds.worker !== undefined) {
    aws.queues.add(place, names.queue);
    aws.queues.add(place, names.deadLetterQueue);
  }
  const pointer = pointerOf(group, stamp);
  if (pointer !== undefined) aws.parameters.set(place, names.databaseParameter, JSON.stringify(pointer));
  if (group.database.engine === 'none' || group.database.engine === 'external') return;
  aws.lambda.add(place, names.validationFunction, restoreValidation(aws, group, stamp));
  aws.backup.vaults.set(aws.backup.key(place, names.backupVault), { ...place, name: names.backupVault, lock: 'governance' });
  aws.backup.testingPlans.set(
    aws.backup.key(place, names.restoreTestingPlan),
    `arn:aws:backup:${place.region}:${account}:restore-testing-plan:${names.restoreTestingPlan}-0a1b2c3d`,
  );
  const home = group.stamps.find((each) => each.home);
  for (const hours of [2, 26]) {
    const at = aws.world.now - hours * HOUR;
    const copied =
      home === undefined || home.id === stamp.id
        ? {}
        : { copiedFrom: `arn:aws:backup:${home.shape.region}:${account}:backup-vault:${home.values.names.backupVault}` };
    if (isAurora(group)) aws.backup.addAuroraPoint(place, names.backupVault, names.databaseCluster, at, copied);
    else aws.backup.addTablePoint(place, names.backupVault, group.names.table, at, copied);
  }
}

/** The document that tasks read (application contract). */
function pointerOf(group: TenantGroup, { shape, values }: StampSpec): object | undefined {
  const { engine } = group.database;
  if (engine === 'dynamodb') return { engine, table: group.names.table };
  if (!isAurora(group)) return undefined;
  const host = (kind: string): string => `${values.names.databaseCluster}.${kind}-abc123.${shape.region}.rds.amazonaws.com`;
  return {
    engine,
    writer: host('cluster'),
    reader: host('cluster-ro'),
    port: engine === 'aurora-mysql' ? 3306 : 5432,
    name: 'app',
  };
}
