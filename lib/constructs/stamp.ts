import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { StampError } from '../errors';
import {
  type GroupNames,
  type StampNames,
  certificateNames,
  groupNames,
  groupRecordName,
  stampNames,
  stampRecordName,
} from '../topology/names';
import { AuroraEngine, AuroraMember } from './aurora-member';
import { BackupResourceType } from './backup-settings';
import { DatabaseBootstrap } from './database-bootstrap';
import { Ec2Compute } from './ec2-compute';
import { ExternalDatabase } from './external-database';
import { FargateCompute } from './fargate-compute';
import { acknowledgeWildcardResources } from './private/acknowledge';
import { applicationEnvironment } from './private/application-environment';
import { allowDatabaseAccess } from './private/database-access';
import { stampWidgets } from './private/stamp-widgets';
import { RestoreValidation } from './restore-validation';
import { StampBackup } from './stamp-backup';
import type { StampCompute, StampComputeProps } from './stamp-compute';
import { DatabaseUser, type StampDatabase } from './stamp-database';
import { StampEdge } from './stamp-edge';
import { StampDatabaseProbe, StampHealth, StandbyServes } from './stamp-health';
import { StampKey } from './stamp-key';
import { StampEgress, StampNetwork } from './stamp-network';
import { StampObservability } from './stamp-observability';
import { ComputeKind } from './stamp-options';
import type { StampProps } from './stamp-props';
import { StampQueue } from './stamp-queue';
import { TableMember } from './table-member';
import { StampWorker } from './stamp-worker';

/**
 * One self-contained copy of a tenant group's stack in one Region: network, edge, compute, queue and worker, database member, health,
 * backup, observability.
 *
 * It shares nothing by reference with other stamps (R3): what they have to know of each other are names. Which stamp is primary today is
 * not in here either (R1). The parts are ordinary constructs and work alone; the stamp wires them.
 */
export class Stamp extends Construct {
  /** Physical names of the stamp's parts. */
  public readonly names: StampNames;
  /** The network, own or given. */
  public readonly vpc: ec2.IVpc;
  /** Present when the stamp made its network. */
  public readonly network?: StampNetwork;
  /** Key of everything the stamp stores. */
  public readonly encryptionKey: kms.IKey;
  /** Load balancer, web ACL, certificate and the stamp's own record. */
  public readonly edge: StampEdge;
  /** The web tasks. */
  public readonly compute: StampCompute;
  /** Present with `worker`. */
  public readonly queue?: StampQueue;
  /** Present with `worker`. */
  public readonly worker?: StampWorker;
  /** Present with `aurora`, `table` or `externalDatabase`. */
  public readonly database?: StampDatabase;
  /** Creates the group's database users; present in the home stamp with `aurora`. */
  public readonly databaseBootstrap?: DatabaseBootstrap;
  /** The deep health check. */
  public readonly health: StampHealth;
  /** Present with `backup`. */
  public readonly backup?: StampBackup;
  /** Present with `backup`, unless its `restoreTest` is NONE. */
  public readonly restoreValidation?: RestoreValidation;
  /** Alarms, dashboard and canary. */
  public readonly observability: StampObservability;
  /** The stamp's own DNS name. */
  public readonly recordName: string;

  private readonly egress: StampEgress;
  private readonly groupNames: GroupNames;

  /** @throws StampError `STAMP_NETWORK`, `STAMP_DATABASE`, `STAMP_BACKUP`, `STAMP_EC2_CAPACITY`, and what the parts throw */
  public constructor(scope: Construct, id: string, props: StampProps) {
    super(scope, id);
    checkChoices(props);
    this.names = props.names ?? stampNames(props);
    this.groupNames = props.groupNames ?? groupNames(props.fleet, props.group);
    this.recordName = props.recordName ?? stampRecordName(props.group, props.regionCode, props.hostedZone.zoneName);

    this.encryptionKey =
      props.encryptionKey ??
      new StampKey(this, 'Key', {
        aliasName: this.names.keyAlias,
        ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
      }).key;
    if (props.network !== undefined) {
      this.network = new StampNetwork(this, 'Network', {
        encryptionKey: this.encryptionKey,
        name: this.names.stack,
        ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
        ...props.network,
      });
    }
    this.vpc = props.vpc ?? this.requireNetwork().vpc;
    this.egress = props.network?.egress ?? props.vpcEgress ?? StampEgress.NAT;

    this.edge = this.createEdge(props);
    this.database = this.createDatabase(props);
    this.databaseBootstrap = this.createDatabaseBootstrap(props);
    this.queue = this.createQueue(props);
    this.compute = this.createCompute(props);
    this.edge.forwardTo(this.compute.targetGroup, props.compute.healthPath);
    this.worker = this.createWorker(props);
    this.health = this.createHealth(props);
    this.edge.answerHealthWith(this.health.targetGroup);
    this.connectDatabase();
    this.backup = this.createBackup(props);
    this.restoreValidation = this.createRestoreValidation(props);
    this.observability = this.createObservability(props);
  }

  private requireNetwork(): StampNetwork {
    if (this.network === undefined)
      throw new StampError('STAMP_NETWORK', 'neither vpc nor network is given', 'Give exactly one of them.');
    return this.network;
  }

  private createEdge(props: StampProps): StampEdge {
    const { certificate, ...edge } = props.edge ?? {};
    const names = props.certificateNames ?? certificateNames(props.group, props.hostedZone.zoneName);
    return new StampEdge(this, 'Edge', {
      vpc: this.vpc,
      hostedZone: props.hostedZone,
      recordName: this.recordName,
      encryptionKey: this.encryptionKey,
      // The health function comes through the users' way: no client limit may fail every stamp at once (R5).
      ...(this.network !== undefined && { ownAddresses: this.network.natAddresses }),
      ...edge,
      // The group's wildcard shares the validation record of the group's own name.
      ...(certificate === undefined
        ? { certificateNames: names, certificateValidationNames: names.slice(0, 2) }
        : { certificate }),
      ...(props.deletionProtection !== undefined && { deletionProtection: props.deletionProtection }),
      ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
    });
  }

  private createDatabase(props: StampProps): StampDatabase | undefined {
    const common = {
      pointerName: this.names.databaseParameter,
      ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
    };
    if (props.aurora !== undefined) {
      const { joinGlobalCluster, ...aurora } = props.aurora;
      this.network?.retainForDatabase(props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
      return new AuroraMember(this, 'Database', {
        ...common,
        ...aurora,
        vpc: this.vpc,
        clusterIdentifier: this.names.databaseCluster,
        stampId: this.names.stampId,
        appUser: this.groupNames.appUser,
        probeUser: this.groupNames.probeUser,
        validatorUser: this.groupNames.validatorUser,
        encryptionKey: this.encryptionKey,
        ...((joinGlobalCluster ?? true) && { globalClusterIdentifier: this.groupNames.globalCluster }),
        ...(aurora.home && { masterSecretName: this.names.masterSecret }),
        ...(props.deletionProtection !== undefined && { deletionProtection: props.deletionProtection }),
      });
    }
    if (props.table !== undefined) {
      return new TableMember(this, 'Database', {
        ...common,
        ...props.table,
        tableName: this.groupNames.table,
        tablePrefix: this.groupNames.tablePrefix,
      });
    }
    return props.externalDatabase === undefined
      ? undefined
      : new ExternalDatabase(this, 'Database', { ...common, ...props.externalDatabase });
  }

  private createDatabaseBootstrap({ aurora, health, removalPolicy }: StampProps): DatabaseBootstrap | undefined {
    const database = this.auroraMember();
    if (database === undefined || aurora?.home !== true) return undefined;
    return new DatabaseBootstrap(this, 'DatabaseBootstrap', {
      vpc: this.vpc,
      database,
      appUser: this.groupNames.appUser,
      probeUser: this.groupNames.probeUser,
      validatorUser: this.groupNames.validatorUser,
      encryptionKey: this.encryptionKey,
      ...(health?.databaseConnections !== undefined && { probeConnectionLimit: health.databaseConnections }),
      ...(removalPolicy !== undefined && { removalPolicy }),
    });
  }

  private createQueue({ worker, removalPolicy }: StampProps): StampQueue | undefined {
    if (worker === undefined) return undefined;
    return new StampQueue(this, 'Queue', {
      queueName: this.names.queue,
      deadLetterQueueName: this.names.deadLetterQueue,
      visibilityTimeout: worker.visibilityTimeout,
      maxMessageAge: worker.maxLatency,
      encryptionKey: this.encryptionKey,
      ...(worker.retention !== undefined && { retention: worker.retention }),
      ...(worker.maxReceives !== undefined && { maxReceives: worker.maxReceives }),
      ...(removalPolicy !== undefined && { removalPolicy }),
    });
  }

  private createCompute(props: StampProps): StampCompute {
    const { kind, instanceType, minInstances, maxInstances, environment, ...task } = props.compute;
    const settings: StampComputeProps = {
      ...task,
      vpc: this.vpc,
      taskFamily: this.names.taskFamily,
      clusterName: this.names.cluster,
      serviceName: this.names.service,
      environment: { ...this.contract(props), ...environment },
      encryptionKey: this.encryptionKey,
      loadBalancerSecurityGroup: this.edge.securityGroup,
      ...(this.database !== undefined && { parameters: { STAMP_DATABASE: this.database.pointer.parameter } }),
      ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
    };
    const compute =
      kind === ComputeKind.EC2
        ? new Ec2Compute(this, 'Compute', { ...settings, ...ec2Capacity(instanceType, minInstances, maxInstances) })
        : new FargateCompute(this, 'Compute', settings);
    this.queue?.grantSend(compute.taskDefinition.taskRole);
    this.grantTask(compute.taskDefinition.taskRole);
    return compute;
  }

  private createWorker(props: StampProps): StampWorker | undefined {
    if (props.worker === undefined || this.queue === undefined) return undefined;
    const { maxLatency: _maxLatency, retention: _retention, maxReceives: _maxReceives, environment, ...task } = props.worker;
    const worker = new StampWorker(this, 'Worker', {
      ...task,
      cluster: this.compute.cluster,
      queue: this.queue.queue,
      taskFamily: this.names.workerTaskFamily,
      serviceName: this.names.workerService,
      environment: { ...this.contract(props), ...environment },
      encryptionKey: this.encryptionKey,
      capacityProviderStrategies: this.compute.capacityProviderStrategies,
      ...(this.database !== undefined && { parameters: { STAMP_DATABASE: this.database.pointer.parameter } }),
      ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
    });
    this.grantTask(worker.taskDefinition.taskRole);
    return worker;
  }

  private createHealth(props: StampProps): StampHealth {
    const { dependencies, writerGrace, standbyServesReads, reservedConcurrency } = props.health ?? {};
    const grace = writerGrace ?? Duration.seconds(90);
    const aurora = this.auroraMember();
    const health = new StampHealth(this, 'Health', {
      vpc: this.vpc,
      functionName: this.names.healthFunction,
      stampId: this.names.stampId,
      loadBalancer: this.edge.loadBalancer,
      recordName: this.recordName,
      healthPath: props.compute.healthPath,
      egress: this.egress,
      computeTargetGroup: this.compute.targetGroup,
      databaseProbe: databaseProbe(props),
      standbyServes: (standbyServesReads ?? true) ? StandbyServes.READS : StandbyServes.NONE,
      encryptionKey: this.encryptionKey,
      ...(this.database !== undefined && { databaseParameter: this.database.pointer.parameter }),
      ...(aurora !== undefined && { databaseUser: this.groupNames.probeUser, databaseSecurityGroup: aurora.securityGroup }),
      // Nobody knows who else uses a database that somebody else runs: its failure warns (R5).
      ...(props.externalDatabase !== undefined && { databasePort: props.externalDatabase.port, databaseShared: true }),
      ...(dependencies !== undefined && { dependencies }),
      // Replicas restart when the writer does: without the same patience a standby would fail just then, and Route 53 fall open onto
      // the primary.
      writerGrace: grace,
      replicaGrace: grace,
      ...(reservedConcurrency !== undefined && { reservedConcurrency }),
      ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
    });
    this.database?.grantAccess(health.function, DatabaseUser.PROBE);
    return health;
  }

  /** Tasks log in as the application's user, read the pointer again when a restore moved it, and send traces. */
  private grantTask(role: iam.IRole): void {
    this.database?.grantAccess(role, DatabaseUser.APP);
    this.database?.pointer.grantRead(role);
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['xray:PutTraceSegments', 'xray:PutSpans', 'xray:PutSpansForIndexing'],
        resources: ['*'],
      }),
    );
    acknowledgeWildcardResources(role, 'X-Ray actions know no resources.', '*');
  }

  private contract({ group, health }: StampProps): Record<string, string> {
    return applicationEnvironment({
      stampId: this.names.stampId,
      group,
      region: Stack.of(this).region,
      standbyServes: (health?.standbyServesReads ?? true) ? 'reads' : 'none',
      ...(this.queue !== undefined && { queueUrl: this.queue.queue.queueUrl }),
    });
  }

  /** Only Aurora has a network side of the stamp's own; the health function brings its own rule. */
  private connectDatabase(): void {
    const aurora = this.auroraMember();
    if (aurora === undefined) return;
    for (const [id, part, description] of [
      ['DatabaseFromWeb', this.compute, 'Web tasks of the stamp'],
      ['DatabaseFromWorker', this.worker, 'Worker tasks of the stamp'],
    ] as const) {
      const source = part?.connections.securityGroups[0];
      if (part === undefined || source === undefined) continue;
      // A task that starts before the way is open fails, and three of those stop the first deployment.
      part.service.node.addDependency(allowDatabaseAccess(this, id, aurora, source, description));
    }
  }

  private auroraMember(): AuroraMember | undefined {
    return this.database instanceof AuroraMember ? this.database : undefined;
  }

  private createBackup(props: StampProps): StampBackup | undefined {
    if (props.backup === undefined || this.database === undefined) return undefined;
    const aurora = this.auroraMember();
    const { restoreChecks: _restoreChecks, ...backup } = props.backup;
    return new StampBackup(this, 'Backup', {
      ...backup,
      vaultName: this.names.backupVault,
      stampId: this.names.stampId,
      resourceType: aurora === undefined ? BackupResourceType.DYNAMODB : BackupResourceType.AURORA,
      encryptionKey: this.encryptionKey,
      restoreTestingPlanName: this.names.restoreTestingPlan,
      ...(aurora !== undefined && { restoreMetadata: aurora.restoreMetadata }),
      ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
    });
  }

  private createRestoreValidation({ backup, removalPolicy }: StampProps): RestoreValidation | undefined {
    if (this.backup?.restoreTesting === undefined || this.database === undefined) return undefined;
    return new RestoreValidation(this, 'RestoreValidation', {
      restoreTesting: this.backup.restoreTesting,
      database: this.database,
      vpc: this.vpc,
      name: this.names.stack,
      functionName: this.names.validationFunction,
      restoredTables: `${this.groupNames.table}-*`,
      validatorUser: this.groupNames.validatorUser,
      encryptionKey: this.encryptionKey,
      ...(backup?.restoreChecks !== undefined && { checks: backup.restoreChecks }),
      ...(removalPolicy !== undefined && { removalPolicy }),
    });
  }

  private createObservability(props: StampProps): StampObservability {
    const groupName = props.groupRecordName ?? groupRecordName(props.group, props.hostedZone.zoneName);
    const alarms = [
      ...this.compute.alarms,
      ...(this.worker?.alarms ?? []),
      ...(this.queue?.alarms ?? []),
      ...(this.database?.alarms ?? []),
      ...(this.backup?.alarms ?? []),
      ...(this.restoreValidation?.alarms ?? []),
    ];
    const criticalAlarms = [...this.compute.deploymentAlarms, ...this.health.alarms];
    const observability = new StampObservability(this, 'Observability', {
      unhealthyAlarmName: this.names.unhealthyAlarm,
      criticalAlarms,
      warningAlarms: alarms.filter((alarm) => !criticalAlarms.includes(alarm)),
      widgets: stampWidgets(this.edge.loadBalancer, this.compute, this.queue),
      encryptionKey: this.encryptionKey,
      ...((props.canary ?? true) && {
        canaryName: this.names.stack,
        canaryUrls: [this.recordName, groupName].map((name) => `https://${name}${props.compute.healthPath}`),
      }),
      ...(props.alarmTopic !== undefined && { alarmTopic: props.alarmTopic }),
      ...(props.alarmSubscriptions !== undefined && { subscriptions: props.alarmSubscriptions }),
      ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
    });
    // Its first runs must not meet a load balancer without tasks: failing open would roll the deployment back.
    observability.canary?.canary.node.addDependency(this.compute.service);
    return observability;
  }
}

function databaseProbe(props: StampProps): StampDatabaseProbe {
  if (props.aurora !== undefined) {
    return props.aurora.engine === AuroraEngine.AURORA_MYSQL ? StampDatabaseProbe.MYSQL : StampDatabaseProbe.POSTGRESQL;
  }
  if (props.table !== undefined) return StampDatabaseProbe.DYNAMODB;
  return props.externalDatabase === undefined ? StampDatabaseProbe.NONE : StampDatabaseProbe.CONNECTION;
}

function ec2Capacity(
  instanceType: ec2.InstanceType | undefined,
  minInstances: number | undefined,
  maxInstances: number | undefined,
): { instanceType: ec2.InstanceType; minInstances: number; maxInstances: number } {
  if (instanceType === undefined || minInstances === undefined || maxInstances === undefined) {
    throw new StampError(
      'STAMP_EC2_CAPACITY',
      'compute.kind is EC2 without instanceType, minInstances and maxInstances',
      'Give all three.',
    );
  }
  return { instanceType, minInstances, maxInstances };
}

function checkChoices(props: StampProps): void {
  if ((props.vpc === undefined) === (props.network === undefined)) {
    throw new StampError(
      'STAMP_NETWORK',
      'vpc and network: one of them has to be given, and not both',
      'Give vpc for an existing network, network for a new one.',
    );
  }
  const databases = [props.aurora, props.table, props.externalDatabase].filter((database) => database !== undefined).length;
  if (databases > 1) {
    throw new StampError(
      'STAMP_DATABASE',
      `${databases} of aurora, table and externalDatabase are given`,
      'Give one of them at most.',
    );
  }
  if (props.backup !== undefined && props.aurora === undefined && props.table === undefined) {
    throw new StampError(
      'STAMP_BACKUP',
      'backup is given, but the stamp has no database of its own',
      'Leave backup out, or give aurora or table.',
    );
  }
}
