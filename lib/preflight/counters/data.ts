import { type Counters, onePerRegion } from '../counter';
import { listOf, recordOf, textOf } from '../template-reader';

/** Databases, tables and their backups. */
export const DATA_COUNTERS: Counters = {
  ...onePerRegion({
    'AWS::RDS::DBClusterParameterGroup': 'databaseClusterParameterGroups',
    'AWS::RDS::DBParameterGroup': 'databaseParameterGroups',
    'AWS::DynamoDB::Table': 'tables',
    'AWS::Backup::BackupVault': 'backupVaults',
    'AWS::Backup::RestoreTestingPlan': 'restoreTestingPlans',
  }),
  'AWS::RDS::DBCluster': ({ properties, template }, count) => {
    count.inRegion('databaseClusters');
    const globalCluster = properties['GlobalClusterIdentifier'];
    if (globalCluster !== undefined) count.inGlobalResource('globalClusterMembers', template.identity(globalCluster));
  },
  'AWS::RDS::DBInstance': ({ properties, template }, count) => {
    count.inRegion('databaseInstances');
    count.inRegion('networkInterfaces');
    const cluster = properties['DBClusterIdentifier'];
    if (cluster !== undefined) count.inResource('instancesPerCluster', template.identity(cluster));
  },
  'AWS::RDS::DBSubnetGroup': ({ properties, template, logicalId }, count) => {
    count.inRegion('databaseSubnetGroups');
    count.inResource('subnetsPerDatabaseSubnetGroup', template.idOf(logicalId), listOf(properties['SubnetIds']).length);
  },
  'AWS::DynamoDB::GlobalTable': ({ properties, template, logicalId }, count) => {
    for (const replica of listOf(properties['Replicas'])) count.inRegion('tables', 1, textOf(recordOf(replica)['Region']));
    count.inGlobalResource('indexesPerTable', template.idOf(logicalId), listOf(properties['GlobalSecondaryIndexes']).length);
  },
  'AWS::Backup::BackupPlan': ({ properties, template, logicalId }, count) => {
    count.inRegion('backupPlans');
    const id = template.idOf(logicalId);
    const rules = listOf(recordOf(properties['BackupPlan'])['BackupPlanRule']).map((rule) => recordOf(rule));
    count.inResource('rulesPerBackupPlan', id, rules.length);
    for (const rule of rules) {
      const copies = listOf(rule['CopyActions']).map((copy) => textOf(recordOf(copy)['DestinationBackupVaultArn']));
      if (copies.length === 0) continue;
      count.inResource('copyActionsPerRule', `${id} ${textOf(rule['RuleName'])}`, copies.length);
      for (const arn of copies) {
        const to = arn.split(':')[3] ?? 'unknown';
        if (to !== template.stack.region) {
          count.inResource('concurrentCopyJobs', `${template.stack.region} to ${to}, ${textOf(rule['ScheduleExpression'])}`);
        }
      }
    }
  },
  'AWS::Backup::RestoreTestingSelection': ({ properties, template }, count) => {
    count.inResource('selectionsPerRestoreTestingPlan', template.identity(properties['RestoreTestingPlanName']));
  },
};
