import { Duration, Stack, Token, type IStackSynthesizer, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { AuroraEngine } from '../constructs/aurora-member';
import { BackupLock, BackupSchedule, RestoreTestSchedule } from '../constructs/backup-settings';
import { ExternalDatabaseProtocol } from '../constructs/external-database';
import { acknowledge } from '../constructs/private/acknowledge';
import type { RestoreChecks } from '../constructs/restore-checks';
import { Stamp } from '../constructs/stamp';
import type { StampOidc } from '../constructs/stamp-edge';
import { StampEgress, type StampNetworkProps } from '../constructs/stamp-network';
import {
  ComputeKind,
  type StampAuroraOptions,
  type StampBackupOptions,
  type StampComputeOptions,
  type StampExternalDatabaseOptions,
  type StampTableOptions,
  type StampWorkerOptions,
} from '../constructs/stamp-options';
import type { StampProps } from '../constructs/stamp-props';
import { StampArchitecture } from '../constructs/stamp-task';
import { StampError } from '../errors';
import type { BackupValidationShape, StampGuards, StampShape, StampValues } from '../topology/types';

export interface StampStackProps {
  /** What the stamp is: decides which resources exist. */
  readonly shape: StampShape;
  /** What fills it in; every leaf may be a token. */
  readonly values: StampValues;
  /** @default - the construct id */
  readonly stackName?: string;
  /** @default - aws-cdk-lib's */
  readonly synthesizer?: IStackSynthesizer;
}

/** What the stack of a stamp says of itself outside its template. */
export function stampStackSettings(
  shape: StampShape,
  values: StampValues,
): Pick<StackProps, 'env' | 'terminationProtection' | 'tags'> {
  return {
    env: { account: values.account, region: shape.region },
    terminationProtection: shape.guards.terminationProtection.enabled,
    tags: knownTags(values.tags),
  };
}

/**
 * `<fleet>-<group>-<regionCode>`: one stamp. Everything the template holds comes from the shape and the values, and nothing from the
 * construct id, so that one synthesis can serve every stamp of a shape (design 11).
 */
export class StampStack extends Stack {
  public readonly stamp: Stamp;

  public constructor(scope: Construct, id: string, { shape, values, stackName, synthesizer }: StampStackProps) {
    super(scope, id, {
      ...stampStackSettings(shape, values),
      ...(stackName !== undefined && { stackName }),
      ...(synthesizer !== undefined && { synthesizer }),
      description: 'One deployment stamp: a self-contained copy of the stack for one tenant group in one Region',
    });
    this.stamp = new Stamp(this, 'Stamp', {
      fleet: values.fleet,
      group: values.group,
      regionCode: values.regionCode,
      names: values.names,
      groupNames: values.groupNames,
      hostedZone: route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', {
        hostedZoneId: values.hostedZoneId,
        zoneName: values.zoneName,
      }),
      recordName: values.recordName,
      groupRecordName: values.groupRecordName,
      certificateNames: [...values.certificateNames],
      network: network(shape, values),
      compute: compute(this, shape, values),
      ...worker(this, shape, values),
      ...database(shape, values),
      ...backup(shape, values),
      health: {
        dependencies: [...shape.health.dependencies],
        writerGrace: Duration.seconds(shape.health.writerGrace),
        standbyServesReads: shape.health.standbyServes === 'reads',
        reservedConcurrency: values.capacity.healthConcurrency,
        ...(values.capacity.probeConnections !== undefined && { databaseConnections: values.capacity.probeConnections }),
      },
      edge: {
        rateLimitPer5Min: shape.edge.rateLimitPer5Min,
        ...(shape.edge.tenantRateLimitPer5Min !== undefined && { tenantRateLimitPer5Min: shape.edge.tenantRateLimitPer5Min }),
        blockedCidrs: [...shape.edge.blockedCidrs],
        clientKeepAlive: Duration.seconds(shape.edge.clientKeepAlive),
        automaticTraffic: shape.automaticTraffic,
        ...oidc(this, shape),
      },
      alarmSubscriptions: [...shape.alarmSubscriptions],
      deletionProtection: shape.guards.deletionProtection.enabled,
    });
    acknowledgeLoweredGuard(this.stamp, shape.guards.deletionProtection);
  }
}

/** Lowering the guard is explicit configuration with a reason (R8): the reason is what the rule packs get to read. */
function acknowledgeLoweredGuard({ edge, database }: Stamp, guard: StampGuards['deletionProtection']): void {
  if (guard.enabled) return;
  const reason = `Deletion protection is switched off in the configuration (guards.deletionProtection): ${guard.reason ?? 'no reason given'}`;
  acknowledge(edge.loadBalancer, reason, 'NIST.800.53.R5-ELBDeletionProtectionEnabled');
  if (database === undefined) return;
  acknowledge(database, reason, 'AwsSolutions-RDS10', 'NIST.800.53.R5-RDSInstanceDeletionProtectionEnabled');
}

/** Stack tags stand in the manifest, where a token cannot: of a shape, whoever fills in the values writes them. */
function knownTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => !Token.isUnresolved(value)));
}

function network({ network: shape, availabilityZones }: StampShape, values: StampValues): StampNetworkProps {
  return {
    vpcCidr: values.vpcCidr,
    availabilityZones: [...availabilityZones],
    publicSubnetCidrs: [...values.publicSubnets],
    privateSubnetCidrs: [...values.privateSubnets],
    isolatedSubnetCidrs: [...values.isolatedSubnets],
    egress: shape.egress === 'nat' ? StampEgress.NAT : StampEgress.ENDPOINTS_ONLY,
    ...(shape.transitGateway && {
      transitGatewayId: present(values.transitGatewayId, 'transitGatewayId'),
      transitCidrs: [...shape.transitCidrs],
    }),
  };
}

function compute(stack: Stack, { compute: shape }: StampShape, values: StampValues): StampComputeOptions {
  const { capacity } = values;
  return {
    kind: shape.kind === 'ec2' ? ComputeKind.EC2 : ComputeKind.FARGATE,
    image: values.image,
    imageRepositoryArns: [...values.imageRepositoryArns],
    cpu: shape.cpu,
    memoryMiB: shape.memory,
    port: shape.port,
    healthPath: shape.healthPath,
    minTasks: capacity.minTasks,
    maxTasks: capacity.maxTasks,
    requestsPerTargetPerMinute: capacity.requestsPerTargetPerMinute,
    cpuTargetPercent: shape.cpuTarget,
    stopTimeout: Duration.seconds(shape.stopTimeout),
    deregistrationDelay: Duration.seconds(shape.deregistrationDelay),
    architecture: architecture(shape.architecture),
    readonlyRootFilesystem: shape.readonlyRootFilesystem,
    tmpSizeMiB: shape.tmpSize,
    environment: { ...shape.environment },
    secrets: secrets(stack, shape.secrets),
    ...(shape.command !== undefined && { command: [...shape.command] }),
    ...(shape.kind === 'ec2' && {
      instanceType: new ec2.InstanceType(present(shape.instanceType, 'instanceType')),
      minInstances: present(capacity.minInstances, 'minInstances'),
      maxInstances: present(capacity.maxInstances, 'maxInstances'),
    }),
  };
}

function worker(stack: Stack, shape: StampShape, values: StampValues): { readonly worker?: StampWorkerOptions } {
  if (shape.worker === undefined) return {};
  const { capacity } = values;
  return {
    worker: {
      image: present(values.workerImage, 'workerImage'),
      imageRepositoryArns: [...present(values.workerImageRepositoryArns, 'workerImageRepositoryArns')],
      cpu: shape.worker.cpu,
      memoryMiB: shape.worker.memory,
      minTasks: present(capacity.workerMinTasks, 'workerMinTasks'),
      maxTasks: present(capacity.workerMaxTasks, 'workerMaxTasks'),
      backlogPerTask: present(capacity.workerBacklogPerTask, 'workerBacklogPerTask'),
      maxLatency: Duration.seconds(shape.worker.maxLatency),
      visibilityTimeout: Duration.seconds(shape.worker.visibilityTimeout),
      retention: Duration.seconds(shape.worker.retention),
      maxReceives: shape.worker.maxReceives,
      stopTimeout: Duration.seconds(shape.worker.stopTimeout),
      architecture: architecture(shape.compute.architecture),
      readonlyRootFilesystem: shape.compute.readonlyRootFilesystem,
      tmpSizeMiB: shape.compute.tmpSize,
      environment: { ...shape.compute.environment },
      secrets: secrets(stack, shape.compute.secrets),
      ...(shape.worker.command !== undefined && { command: [...shape.worker.command] }),
    },
  };
}

function database(shape: StampShape, values: StampValues): Pick<StampProps, 'aurora' | 'table' | 'externalDatabase'> {
  const { database: of } = shape;
  switch (of.engine) {
    case 'aurora-postgresql':
    case 'aurora-mysql': {
      const aurora: StampAuroraOptions = {
        engine: of.engine === 'aurora-mysql' ? AuroraEngine.AURORA_MYSQL : AuroraEngine.AURORA_POSTGRESQL,
        engineVersion: of.version,
        databaseName: of.databaseName,
        home: shape.home,
        joinGlobalCluster: of.global,
        readers: of.readers,
        ...(of.capacity === 'serverless'
          ? { minAcu: present(values.capacity.minAcu, 'minAcu'), maxAcu: present(values.capacity.maxAcu, 'maxAcu') }
          : { instanceType: new ec2.InstanceType(present(of.instance, 'instance').replace(/^db\./, '')) }),
        ...(of.maxReplicationLag !== undefined && { maxReplicationLag: Duration.seconds(of.maxReplicationLag) }),
      };
      return { aurora };
    }
    case 'dynamodb': {
      const table: StampTableOptions = {
        tableArn: present(values.tableArn, 'tableArn'),
        ...(of.customerManagedKey && { tableKeyArn: present(values.tableKeyArn, 'tableKeyArn') }),
        ...(of.consistency === 'eventual' && { peerRegions: [...of.peerRegions] }),
      };
      return { table };
    }
    case 'external': {
      const externalDatabase: StampExternalDatabaseOptions = {
        protocol: EXTERNAL_PROTOCOLS[of.protocol],
        writer: present(values.databaseWriter, 'databaseWriter'),
        reader: present(values.databaseReader, 'databaseReader'),
        port: present(values.databasePort, 'databasePort'),
        databaseName: present(values.databaseName, 'databaseName'),
      };
      return { externalDatabase };
    }
    case 'none':
      return {};
  }
}

function backup({ backup: shape }: StampShape, values: StampValues): { readonly backup?: StampBackupOptions } {
  if (shape === undefined) return {};
  return {
    backup: {
      schedule: BACKUP_SCHEDULES[shape.schedule],
      continuous: shape.continuous,
      retention: Duration.seconds(shape.retain),
      copyVaultArns: [...values.backupCopyVaultArns],
      copyRetention: Duration.seconds(shape.copyRetain),
      vaultLock: BACKUP_LOCKS[shape.lock],
      restoreTest: RESTORE_TESTS[shape.restoreTest],
      maxRecoveryPointAge: Duration.seconds(shape.maxRecoveryPointAge),
      ...(shape.validation !== undefined && { restoreChecks: restoreChecks(shape.validation) }),
    },
  };
}

function restoreChecks({ minimumRows, newest, query, timeLimit }: BackupValidationShape): RestoreChecks {
  return {
    minimumRows,
    ...(newest !== undefined && {
      ...(newest.table !== undefined && { newestTable: newest.table }),
      newestColumn: newest.column,
      newestMaxAge: Duration.seconds(newest.maxAge),
    }),
    ...(query !== undefined && { query: query.sql, ...(query.expect !== undefined && { queryAnswer: query.expect }) }),
    timeLimit: Duration.seconds(timeLimit),
  };
}

function oidc(stack: Stack, { edge }: StampShape): { readonly oidc?: StampOidc } {
  if (edge.oidc === undefined) return {};
  const { clientSecretName, ...provider } = edge.oidc;
  return {
    oidc: { ...provider, clientSecret: secretsmanager.Secret.fromSecretNameV2(stack, 'OidcClientSecret', clientSecretName) },
  };
}

/** Secrets are looked up by name in the stamp's own Region (R10); web tasks and worker share the imports. */
function secrets(stack: Stack, names: Readonly<Record<string, string>>): Record<string, secretsmanager.ISecret> {
  return Object.fromEntries(
    Object.entries(names).map(([variable, name]) => {
      const id = `Secret-${variable}`;
      const known = stack.node.tryFindChild(id) as secretsmanager.ISecret | undefined;
      return [variable, known ?? secretsmanager.Secret.fromSecretNameV2(stack, id, name)];
    }),
  );
}

function architecture(of: 'x86_64' | 'arm64'): StampArchitecture {
  return of === 'arm64' ? StampArchitecture.ARM64 : StampArchitecture.X86_64;
}

/** A value that the shape promises. Topology always gives it; a shape put together by hand may not. */
function present<T>(value: T | undefined, name: string): T {
  if (value === undefined)
    throw new StampError('STAMP_VALUE_MISSING', `the shape needs the value ${name}`, 'Build shape and values with buildFleet.');
  return value;
}

const EXTERNAL_PROTOCOLS = {
  postgresql: ExternalDatabaseProtocol.POSTGRESQL,
  mysql: ExternalDatabaseProtocol.MYSQL,
  other: ExternalDatabaseProtocol.OTHER,
};
const BACKUP_SCHEDULES = { hourly: BackupSchedule.HOURLY, daily: BackupSchedule.DAILY, weekly: BackupSchedule.WEEKLY };
const BACKUP_LOCKS = { none: BackupLock.NONE, governance: BackupLock.GOVERNANCE, compliance: BackupLock.COMPLIANCE };
const RESTORE_TESTS = {
  none: RestoreTestSchedule.NONE,
  daily: RestoreTestSchedule.DAILY,
  weekly: RestoreTestSchedule.WEEKLY,
  monthly: RestoreTestSchedule.MONTHLY,
};
