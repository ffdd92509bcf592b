import { definedOf, type ResourceView } from '../resource-view';
import { isSymbolic } from '../symbols';
import { environmentOf, type Drafts } from './drafts';
import { flagOr, numberOr } from './number-or';
import type { Reader } from './reader';

/** `AWS::RDS::*`. */
export const DATABASE_READERS: Readonly<Record<string, Reader>> = {
  'AWS::RDS::DBCluster': readCluster,
  'AWS::RDS::DBInstance': readInstance,
  'AWS::RDS::GlobalCluster': readGlobalCluster,
  'AWS::RDS::DBSubnetGroup': (view, drafts) =>
    drafts.subnetGroups.push({
      environment: environmentOf(view.origin),
      name: view.name(),
      subnets: view.at('SubnetIds').texts(),
    }),
  'AWS::RDS::DBClusterParameterGroup': (view, drafts) =>
    drafts.parameterGroups.push({
      environment: environmentOf(view.origin),
      name: view.name(),
      parameters: view.at('Parameters').textMembers(),
    }),
};

/** CloudFormation keeps a snapshot of clusters and of instances outside clusters. */
const DEFAULT_DELETION = 'Snapshot';

function readCluster(view: ResourceView, drafts: Drafts): void {
  const serverless = view.at('ServerlessV2ScalingConfiguration');
  drafts.databaseClusters.push(
    view.fact({
      identifier: view.name(),
      arn: view.attribute('DBClusterArn'),
      engine: view.at('Engine').text(),
      engineVersion: view.at('EngineVersion').text(),
      globalClusterIdentifier: identifierOf(view.at('GlobalClusterIdentifier').text()),
      home: hasCredentials(view),
      replicationSource: view.at('ReplicationSourceIdentifier').text(),
      instances: [],
      serverless: serverless.exists
        ? definedOf({ minCapacity: serverless.at('MinCapacity').number(), maxCapacity: serverless.at('MaxCapacity').number() })
        : undefined,
      parameters: {},
      backupRetentionDays: numberOr(view.at('BackupRetentionPeriod'), 1),
      deletionProtection: flagOr(view.at('DeletionProtection'), false),
      deletionPolicy: view.deletionPolicy(DEFAULT_DELETION),
      availabilityZones: view.at('AvailabilityZones').texts(),
      databaseName: view.at('DatabaseName').text(),
      port: view.at('Port').number(),
      writerEndpoint: view.attribute('Endpoint.Address'),
      readerEndpoint: view.attribute('ReadEndpoint.Address'),
      tags: view.tags(),
      subnetGroup: view.at('DBSubnetGroupName').text(),
      parameterGroup: view.at('DBClusterParameterGroupName').text(),
    }),
  );
}

/** RDS keeps identifiers in lower case; symbols stay what they are. */
function identifierOf(text: string | undefined): string | undefined {
  return text === undefined || isSymbolic(text) ? text : text.toLowerCase();
}

/** Secondary members of a global cluster and clones must have none (aws-facts 4.1). */
function hasCredentials(view: ResourceView): boolean {
  return ['MasterUsername', 'MasterUserPassword', 'ManageMasterUserPassword', 'SnapshotIdentifier'].some(
    (key) => view.at(key).exists,
  );
}

function readInstance(view: ResourceView, drafts: Drafts): void {
  const source = view.at('SourceDBInstanceIdentifier').text() ?? view.at('SourceDBClusterIdentifier').text();
  drafts.databaseInstances.push(
    view.fact({
      identifier: view.name(),
      arn: view.attribute('DBInstanceArn'),
      engine: view.at('Engine').text(),
      multiAz: flagOr(view.at('MultiAZ'), false),
      availabilityZone: view.at('AvailabilityZone').text(),
      availabilityZones: [],
      replicaOf: source,
      backupRetentionDays: numberOr(view.at('BackupRetentionPeriod'), 1),
      deletionProtection: flagOr(view.at('DeletionProtection'), false),
      deletionPolicy: view.deletionPolicy(DEFAULT_DELETION),
      tags: view.tags(),
      instanceClass: view.at('DBInstanceClass').text(),
      promotionTier: numberOr(view.at('PromotionTier'), 1) ?? 1,
      subnetGroup: view.at('DBSubnetGroupName').text(),
      cluster: view.at('DBClusterIdentifier').text(),
    }),
  );
}

function readGlobalCluster(view: ResourceView, drafts: Drafts): void {
  drafts.globalClusters.push(
    view.fact({
      identifier: view.name(),
      engine: view.at('Engine').text(),
      engineVersion: view.at('EngineVersion').text(),
      deletionProtection: flagOr(view.at('DeletionProtection'), false),
      deletionPolicy: view.deletionPolicy(),
      memberIds: [],
      source: view.at('SourceDBClusterIdentifier').text(),
    }),
  );
}
