import { symbolOf } from '../symbols';

/** What a resource's identifiers are made of. */
export interface ResourceIdentity {
  readonly stack: string;
  readonly logicalId: string;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly urlSuffix: string;
  /** Explicit name, or the symbol for the one that CloudFormation generates. */
  readonly name: string;
  /** A property of the resource as text, if it can be resolved. */
  readonly property: (name: string) => string | undefined;
}

interface ResourceKind {
  /** Property that gives the physical name. */
  readonly name?: string;
  /** What `Ref` gives; a symbol for the name without it. */
  readonly ref?: (identity: ResourceIdentity) => string;
  /** Attributes that can be computed; others are symbols. */
  readonly attributes?: Readonly<Record<string, (identity: ResourceIdentity) => string | undefined>>;
}

const nameOf = ({ name }: ResourceIdentity): string => name;
const symbol =
  (attribute: string) =>
  ({ stack, logicalId }: ResourceIdentity): string =>
    symbolOf(stack, logicalId, attribute);
const arn =
  (service: string, resource: (identity: ResourceIdentity) => string) =>
  (identity: ResourceIdentity): string =>
    `arn:${identity.partition}:${service}:${identity.region}:${identity.account}:${resource(identity)}`;
/** Name whose ARN is `service:...:<type><separator><name>`, the most frequent form. */
const named = (property: string, service: string, prefix: string, attribute = 'Arn'): ResourceKind => ({
  name: property,
  ref: nameOf,
  attributes: { [attribute]: arn(service, ({ name }) => `${prefix}${name}`) },
});
/** Same, and `Ref` is the ARN. */
const arnReferenced = (
  property: string,
  service: string,
  resource: (identity: ResourceIdentity) => string,
  attribute: string,
): ResourceKind => ({
  name: property,
  ref: arn(service, resource),
  attributes: { [attribute]: arn(service, resource) },
});

const queueArn = arn('sqs', nameOf);
const queueUrl = ({ region, urlSuffix, account, name }: ResourceIdentity): string =>
  `https://sqs.${region}.${urlSuffix}/${account}/${name}`;
const bucketHost = ({ name, region, urlSuffix }: ResourceIdentity): string => `${name}.s3.${region}.${urlSuffix}`;
const loadBalancerPath = (identity: ResourceIdentity): string =>
  `${identity.property('Type') === 'network' ? 'net' : 'app'}/${identity.name}/${symbol('Id')(identity)}`;
const targetGroupPath = (identity: ResourceIdentity): string => `targetgroup/${identity.name}/${symbol('Id')(identity)}`;
const healthCheckId = ({ stack, logicalId }: ResourceIdentity): string => `${stack}/${logicalId}`;
const tableArn = arn('dynamodb', ({ name }) => `table/${name}`);
const table: ResourceKind = { name: 'TableName', ref: nameOf, attributes: { Arn: tableArn } };

const KINDS: Readonly<Record<string, ResourceKind>> = {
  'AWS::AutoScaling::AutoScalingGroup': named(
    'AutoScalingGroupName',
    'autoscaling',
    'autoScalingGroup:[id]:autoScalingGroupName/',
    'AutoScalingGroupARN',
  ),
  'AWS::Backup::BackupPlan': { attributes: { BackupPlanId: symbol('BackupPlanId') }, ref: symbol('BackupPlanId') },
  'AWS::Backup::BackupVault': {
    name: 'BackupVaultName',
    ref: nameOf,
    attributes: { BackupVaultName: nameOf, BackupVaultArn: arn('backup', ({ name }) => `backup-vault:${name}`) },
  },
  'AWS::Backup::LogicallyAirGappedBackupVault': {
    name: 'BackupVaultName',
    ref: nameOf,
    attributes: { BackupVaultArn: arn('backup', ({ name }) => `backup-vault:${name}`) },
  },
  'AWS::Backup::RestoreTestingPlan': named('RestoreTestingPlanName', 'backup', 'restore-testing-plan:', 'RestoreTestingPlanArn'),
  'AWS::CloudWatch::Alarm': named('AlarmName', 'cloudwatch', 'alarm:'),
  'AWS::CloudWatch::CompositeAlarm': named('AlarmName', 'cloudwatch', 'alarm:'),
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::EC2::Subnet': {
    attributes: {
      AvailabilityZone: ({ property }) => property('AvailabilityZone'),
      CidrBlock: ({ property }) => property('CidrBlock'),
    },
  },
  'AWS::EC2::VPC': { attributes: { CidrBlock: ({ property }) => property('CidrBlock') } },
  'AWS::ECR::Repository': {
    name: 'RepositoryName',
    ref: nameOf,
    attributes: {
      Arn: arn('ecr', ({ name }) => `repository/${name}`),
      RepositoryUri: ({ account, region, urlSuffix, name }) => `${account}.dkr.ecr.${region}.${urlSuffix}/${name}`,
    },
  },
  'AWS::ECS::CapacityProvider': { name: 'Name', ref: nameOf },
  'AWS::ECS::Cluster': named('ClusterName', 'ecs', 'cluster/'),
  'AWS::ECS::Service': {
    name: 'ServiceName',
    ref: arn('ecs', (identity) => `service/${afterSlash(identity.property('Cluster') ?? 'default')}/${identity.name}`),
    attributes: {
      Name: nameOf,
      ServiceArn: arn('ecs', (identity) => `service/${afterSlash(identity.property('Cluster') ?? 'default')}/${identity.name}`),
    },
  },
  'AWS::ECS::TaskDefinition': arnReferenced(
    'Family',
    'ecs',
    (identity) => `task-definition/${identity.name}:${symbol('Revision')(identity)}`,
    'TaskDefinitionArn',
  ),
  'AWS::ElasticLoadBalancing::LoadBalancer': { name: 'LoadBalancerName', ref: nameOf },
  'AWS::ElasticLoadBalancingV2::Listener': arnReferenced(
    '',
    'elasticloadbalancing',
    // The listener's ARN goes on from its load balancer's; CDK splits it at the slashes to find the name in metrics.
    (identity) =>
      `listener/${(identity.property('LoadBalancerArn') ?? '').split(':loadbalancer/')[1] ?? 'app/[lb]/[id]'}/${symbol('Id')(identity)}`,
    'ListenerArn',
  ),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    name: 'Name',
    ref: arn('elasticloadbalancing', (identity) => `loadbalancer/${loadBalancerPath(identity)}`),
    attributes: {
      LoadBalancerArn: arn('elasticloadbalancing', (identity) => `loadbalancer/${loadBalancerPath(identity)}`),
      LoadBalancerFullName: loadBalancerPath,
      LoadBalancerName: nameOf,
    },
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    name: 'Name',
    ref: arn('elasticloadbalancing', targetGroupPath),
    attributes: {
      TargetGroupArn: arn('elasticloadbalancing', targetGroupPath),
      TargetGroupFullName: targetGroupPath,
      TargetGroupName: nameOf,
    },
  },
  'AWS::IAM::Role': {
    name: 'RoleName',
    ref: nameOf,
    attributes: { Arn: ({ partition, account, name }) => `arn:${partition}:iam::${account}:role/${name}` },
  },
  'AWS::KMS::Alias': { name: 'AliasName', ref: nameOf },
  'AWS::KMS::Key': {
    attributes: { Arn: arn('kms', (identity) => `key/${symbol('KeyId')(identity)}`), KeyId: symbol('KeyId') },
    ref: symbol('KeyId'),
  },
  'AWS::Lambda::Alias': {
    name: 'Name',
    ref: (identity) => `${functionArnOf(identity)}:${identity.name}`,
    attributes: { AliasArn: (identity) => `${functionArnOf(identity)}:${identity.name}` },
  },
  'AWS::Lambda::Function': named('FunctionName', 'lambda', 'function:'),
  'AWS::Lambda::Version': {
    ref: (identity) => `${functionArnOf(identity)}:${symbol('Version')(identity)}`,
    attributes: { FunctionArn: (identity) => `${functionArnOf(identity)}:${symbol('Version')(identity)}` },
  },
  'AWS::Logs::LogGroup': named('LogGroupName', 'logs', 'log-group:'),
  'AWS::RDS::DBCluster': named('DBClusterIdentifier', 'rds', 'cluster:', 'DBClusterArn'),
  'AWS::RDS::DBClusterParameterGroup': { name: 'DBClusterParameterGroupName', ref: nameOf },
  'AWS::RDS::DBInstance': named('DBInstanceIdentifier', 'rds', 'db:', 'DBInstanceArn'),
  'AWS::RDS::DBSubnetGroup': { name: 'DBSubnetGroupName', ref: nameOf },
  'AWS::RDS::GlobalCluster': { name: 'GlobalClusterIdentifier', ref: nameOf },
  'AWS::Route53::HealthCheck': { ref: healthCheckId, attributes: { HealthCheckId: healthCheckId } },
  'AWS::Route53::HostedZone': { ref: symbol('Id'), attributes: { Id: symbol('Id') } },
  'AWS::S3::Bucket': {
    name: 'BucketName',
    ref: nameOf,
    attributes: {
      Arn: ({ partition, name }) => `arn:${partition}:s3:::${name}`,
      DomainName: ({ name, urlSuffix }) => `${name}.s3.${urlSuffix}`,
      RegionalDomainName: bucketHost,
    },
  },
  'AWS::SNS::Topic': arnReferenced('TopicName', 'sns', nameOf, 'TopicArn'),
  'AWS::SQS::Queue': { name: 'QueueName', ref: queueUrl, attributes: { Arn: queueArn, QueueName: nameOf, QueueUrl: queueUrl } },
  'AWS::SSM::Parameter': {
    name: 'Name',
    ref: nameOf,
    attributes: { Value: ({ property }) => property('Value'), Type: ({ property }) => property('Type') },
  },
  'AWS::SecretsManager::Secret': arnReferenced('Name', 'secretsmanager', (identity) => `secret:${identity.name}`, 'Id'),
  'AWS::WAFv2::IPSet': {
    name: 'Name',
    attributes: { Arn: arn('wafv2', (identity) => `regional/ipset/${identity.name}/${symbol('Id')(identity)}`) },
  },
  'AWS::WAFv2::WebACL': {
    name: 'Name',
    attributes: { Arn: arn('wafv2', (identity) => `regional/webacl/${identity.name}/${symbol('Id')(identity)}`) },
  },
};

/** RDS keeps identifiers in lower case, whatever the template says. */
const LOWER_CASE = new Set([
  'DBClusterIdentifier',
  'DBInstanceIdentifier',
  'GlobalClusterIdentifier',
  'DBSubnetGroupName',
  'DBClusterParameterGroupName',
]);

/** The property that holds the physical name of a resource of the type; absent for types that have none or are not known. */
export function nameProperty(type: string): string | undefined {
  const property = KINDS[type]?.name;
  return property === '' ? undefined : property;
}

/** The explicit name as the service keeps it. */
export function normalName(type: string, name: string): string {
  return LOWER_CASE.has(KINDS[type]?.name ?? '') ? name.toLowerCase() : name;
}

/** What `Ref` gives. */
export function referenceOf(type: string, identity: ResourceIdentity): string {
  return KINDS[type]?.ref?.(identity) ?? symbolOf(identity.stack, identity.logicalId);
}

/** What `Fn::GetAtt` gives: computed where name and environment determine it, a symbol elsewhere. */
export function attributeOf(type: string, attribute: string, identity: ResourceIdentity): string {
  return KINDS[type]?.attributes?.[attribute]?.(identity) ?? symbolOf(identity.stack, identity.logicalId, attribute);
}

function afterSlash(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

function functionArnOf(identity: ResourceIdentity): string {
  const name = identity.property('FunctionName') ?? '';
  return name.startsWith('arn:') ? name : arn('lambda', () => `function:${name}`)(identity);
}
