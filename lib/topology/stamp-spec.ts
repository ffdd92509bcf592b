import type {
  BackupConfig,
  BackupValidationConfig,
  FleetConfig,
  GroupConfig,
  RegionCode,
  RegionConfig,
  Seconds,
} from '../config/types';
import { entryOf } from '../entry-of';
import { sortedRecord } from '../order';
import { maxRecoveryPointAge } from './backup-age';
import { capacityOf } from './capacity';
import { certificateNames, groupNames, groupRecordName, stampId, stampNames, stampRecordName } from './names';
import { imageInRegion, imageRepositoryArns } from './images';
import { memberCodes, preferredRole } from './placement';
import { subnetsOf } from './subnets';
import type { BackupShape, BackupValidationShape, DatabaseShape, StampShape, StampSpec, StampValues } from './types';

/** What a stamp is made from. */
export interface StampSources {
  readonly config: FleetConfig;
  readonly group: GroupConfig;
  readonly region: RegionConfig;
  /** AWS Region of every code. */
  readonly regionOf: (code: RegionCode) => RegionConfig;
  readonly homeRegion: RegionCode;
  readonly vpcCidr: string;
  /** The fleet's tags and the group's. */
  readonly tags: Readonly<Record<string, string>>;
}

export function stampSpec(sources: StampSources): StampSpec {
  const { group, region } = sources;
  const home = sources.homeRegion === region.code;
  return {
    id: stampId(group.group, region.code),
    group: group.group,
    regionCode: region.code,
    preferredRole: preferredRole(group.placement, region.code),
    home,
    shape: shapeOf(sources, home),
    values: valuesOf(sources),
  };
}

/** Whatever decides which resources exist. Nothing here may depend on who the stamp is or on which role it prefers today. */
function shapeOf(sources: StampSources, home: boolean): StampShape {
  const { config, group, region } = sources;
  const { compute, worker, edge, failover, network } = group;
  const backup = backupOf(group);
  return {
    region: region.region,
    availabilityZones: region.azs.map((zone) => region.region + zone),
    mode: group.placement.mode,
    home,
    network: {
      egress: network.egress,
      transitGateway: entryOf(network.transitGateways, region.code) !== undefined,
      transitCidrs: network.transitCidrs,
    },
    edge: {
      rateLimitPer5Min: edge.rateLimitPer5Min,
      ...(edge.tenantRateLimitPer5Min !== undefined && { tenantRateLimitPer5Min: edge.tenantRateLimitPer5Min }),
      blockedCidrs: edge.blockedCidrs,
      ...(edge.oidc !== undefined && { oidc: edge.oidc }),
      clientKeepAlive: edge.clientKeepAlive,
    },
    compute: {
      kind: compute.kind,
      imageRepositories: imageRepositoryArns(imageInRegion(compute.image, region.region)).length,
      ...(compute.command !== undefined && { command: compute.command }),
      cpu: compute.cpu,
      memory: compute.memory,
      port: compute.port,
      healthPath: compute.healthPath,
      cpuTarget: compute.cpuTarget,
      stopTimeout: compute.stopTimeout,
      deregistrationDelay: compute.deregistrationDelay,
      architecture: compute.architecture,
      ...(compute.instanceType !== undefined && { instanceType: compute.instanceType }),
      readonlyRootFilesystem: compute.readonlyRootFilesystem,
      tmpSize: compute.tmpSize,
      environment: sortedRecord(Object.entries(compute.environment)),
      secrets: sortedRecord(Object.entries(compute.secrets)),
    },
    ...(worker !== undefined && {
      worker: {
        imageRepositories: imageRepositoryArns(imageInRegion(worker.image, region.region)).length,
        ...(worker.command !== undefined && { command: worker.command }),
        cpu: worker.cpu,
        memory: worker.memory,
        stopTimeout: worker.stopTimeout,
        visibilityTimeout: worker.visibilityTimeout,
        retention: worker.retention,
        maxReceives: worker.maxReceives,
        maxLatency: worker.maxLatency,
      },
    }),
    database: databaseShape(sources),
    ...(backup !== undefined && {
      backup: {
        ...backupShape(backup, copyVaultArns(sources, backup).length, config.assumptions),
        ...(backup.validation !== undefined && { validation: validationShape(backup.validation, group.objectives.recovery.rpo) }),
      },
    }),
    health: {
      dependencies: group.health.dependencies.map((dependency) => ({
        ...dependency,
        url: dependency.url.replaceAll('{region}', region.region),
      })),
      writerGrace: failover.writerGrace,
      standbyServes: failover.standbyServes,
    },
    automaticTraffic: failover.traffic === 'automatic',
    guards: group.guards,
    alarmSubscriptions: sources.config.alarms.subscriptions,
    tagKeys: Object.keys(sources.tags).sort(),
  };
}

function databaseShape({ group: { database, placement }, region: { code }, regionOf }: StampSources): DatabaseShape {
  switch (database.engine) {
    case 'aurora-postgresql':
    case 'aurora-mysql':
      return {
        engine: database.engine,
        version: database.version,
        databaseName: database.name,
        capacity: database.serverless === undefined ? 'provisioned' : 'serverless',
        ...(database.provisioned !== undefined && { instance: database.provisioned.instance }),
        readers: database.serverless?.readers ?? database.provisioned?.readers ?? 0,
        ...(database.maxReplicationLag !== undefined && { maxReplicationLag: database.maxReplicationLag }),
        global: memberCodes(placement).length > 1,
      };
    case 'dynamodb':
      return {
        engine: 'dynamodb',
        customerManagedKey: entryOf(database.keyArns, code) !== undefined,
        consistency: database.consistency,
        peerRegions: memberCodes(placement)
          .filter((member) => member !== code)
          .map((member) => regionOf(member).region)
          .sort(),
      };
    case 'external':
      return { engine: 'external', protocol: database.protocol };
    case 'none':
      return { engine: 'none' };
  }
}

/** Backups of what the stamp owns: no database of its own, none. */
function backupOf({ backup, database }: GroupConfig): BackupConfig | undefined {
  return database.engine === 'none' || database.engine === 'external' ? undefined : backup;
}

function backupShape(backup: BackupConfig, copies: number, assumptions: Readonly<Record<string, number>>): BackupShape {
  return {
    schedule: backup.schedule,
    continuous: backup.continuous,
    retain: backup.retain,
    copyRetain: backup.copyRetain,
    copies,
    lock: backup.lock,
    restoreTest: backup.restoreTest,
    maxRecoveryPointAge: maxRecoveryPointAge(backup.schedule, copies, assumptions).age,
  };
}

/** The newest row may be as old as the group may lose. */
function validationShape(validation: BackupValidationConfig, maxAge: Seconds): BackupValidationShape {
  const { minimumRows, newest, query, timeLimit } = validation;
  const column = newest?.attribute ?? newest?.column;
  return {
    minimumRows,
    ...(column !== undefined && {
      newest: { ...(newest?.table !== undefined && { table: newest.table }), column, maxAge },
    }),
    ...(query !== undefined && { query }),
    timeLimit,
  };
}

function valuesOf(sources: StampSources): StampValues {
  const { config, group, region, vpcCidr, tags } = sources;
  const { account, zone, database, worker } = group;
  const identity = { fleet: config.fleet, group: group.group, regionCode: region.code };
  const ofGroup = groupNames(config.fleet, group.group);
  const transitGatewayId = entryOf(group.network.transitGateways, region.code);
  const image = imageInRegion(group.compute.image, region.region);
  const workerImage = worker === undefined ? undefined : imageInRegion(worker.image, region.region);
  const backup = backupOf(group);
  const tableKeyArn = database.engine === 'dynamodb' ? entryOf(database.keyArns, region.code) : undefined;
  return {
    ...identity,
    account,
    names: stampNames(identity),
    groupNames: ofGroup,
    tags,
    zoneName: zone.name,
    hostedZoneId: zone.hostedZoneId,
    recordName: stampRecordName(group.group, region.code, zone.name),
    groupRecordName: groupRecordName(group.group, zone.name),
    certificateNames: certificateNames(group.group, zone.name),
    vpcCidr,
    ...subnetsOf(vpcCidr, region.azs),
    ...(transitGatewayId !== undefined && { transitGatewayId }),
    image,
    imageRepositoryArns: imageRepositoryArns(image),
    ...(workerImage !== undefined && { workerImage, workerImageRepositoryArns: imageRepositoryArns(workerImage) }),
    capacity: capacityOf(group, { regionCode: region.code, zones: region.azs.length, assumptions: config.assumptions }),
    backupCopyVaultArns: backup === undefined ? [] : copyVaultArns(sources, backup),
    ...(database.engine === 'dynamodb' && {
      tableArn: `arn:aws:dynamodb:${region.region}:${account}:table/${ofGroup.table}`,
      ...(tableKeyArn !== undefined && { tableKeyArn }),
    }),
    ...(database.engine === 'external' && externalDatabase(entryOf(database.endpoints, region.code), database.name)),
  };
}

function externalDatabase(
  endpoint: { readonly writer: string; readonly reader: string; readonly port: number } | undefined,
  databaseName: string,
): Pick<StampValues, 'databaseWriter' | 'databaseReader' | 'databasePort' | 'databaseName'> {
  if (endpoint === undefined) return { databaseName };
  return { databaseWriter: endpoint.writer, databaseReader: endpoint.reader, databasePort: endpoint.port, databaseName };
}

/**
 * Vaults that a stamp copies its backups to, sorted, never its own. Every member copies to every peer whatever its role, so
 * that a failover changes no template (design 3, R1).
 */
function copyVaultArns({ config, group, region, regionOf }: StampSources, backup: BackupConfig): string[] {
  const targets = backup.copyTo === 'peers' ? memberCodes(group.placement) : backup.copyTo;
  const vaultOf = (code: RegionCode): string => {
    const { backupVault } = stampNames({ fleet: config.fleet, group: group.group, regionCode: code });
    return `arn:aws:backup:${regionOf(code).region}:${group.account}:backup-vault:${backupVault}`;
  };
  const own = vaultOf(region.code);
  const arns = targets.map((target) => (target.startsWith('arn:') ? target : vaultOf(target)));
  return [...new Set(arns)].filter((arn) => arn !== own).sort();
}
