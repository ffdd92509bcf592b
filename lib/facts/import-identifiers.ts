/**
 * The property that names a resource to CloudFormation when an existing one is imported, of every type that a stamp keeps when its stack
 * goes. It is the `primaryIdentifier` of the type's schema in the CloudFormation registry, and equals what `Ref` returns, so that the physical
 * id that a stack remembers is the value (schemas as shipped with cfn-lint 1.58, November 2026; the end-to-end test compares them).
 */
export const IMPORT_IDENTIFIERS: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupVault': 'BackupVaultName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::EC2::SecurityGroup': 'Id',
  'AWS::EC2::Subnet': 'SubnetId',
  'AWS::EC2::VPC': 'VpcId',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::KMS::Key': 'KeyId',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::RDS::DBCluster': 'DBClusterIdentifier',
  'AWS::RDS::DBClusterParameterGroup': 'DBClusterParameterGroupName',
  'AWS::RDS::DBInstance': 'DBInstanceIdentifier',
  'AWS::RDS::DBParameterGroup': 'DBParameterGroupName',
  'AWS::RDS::DBSubnetGroup': 'DBSubnetGroupName',
  'AWS::RDS::GlobalCluster': 'GlobalClusterIdentifier',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SQS::Queue': 'QueueUrl',
  'AWS::SSM::Parameter': 'Name',
  'AWS::SecretsManager::Secret': 'Id',
};
