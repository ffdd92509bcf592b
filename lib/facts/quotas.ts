import type { Quota, QuotaConfidence, QuotaScope } from './quota';

/**
 * The limits of AWS that templates are counted against, with AWS's defaults. Every one of them is counted by lib/preflight; a test
 * refuses one that nothing counts. Codes come from public sources and are missing where none was found (aws-facts 8.3, 8.4, 12).
 */
export const QUOTAS = {
  // Networks
  vpcs: quota('VPCs per Region', 'vpc/L-F678F1CE', 5, 'region', '8.3', 'high'),
  subnetsPerVpc: quota('Subnets per VPC', 'vpc/L-407747CB', 200, 'resource', '8.3', 'medium'),
  routeTablesPerVpc: quota('Route tables per VPC', 'vpc/L-589F43AA', 200, 'resource', '8.4', 'high'),
  routesPerRouteTable: quota('Routes per route table', 'vpc/L-93826ACB', 50, 'resource', '8.4', 'high'),
  internetGateways: quota('Internet gateways per Region', 'vpc/L-A4707A72', 5, 'region', '8.3', 'medium'),
  natGatewaysPerZone: quota('NAT gateways per Availability Zone', 'vpc/L-FE5A380F', 5, 'availability-zone', '8.3', 'medium'),
  gatewayEndpoints: quota('Gateway VPC endpoints per Region', 'vpc/L-1B52E74A', 20, 'region', '8.4', 'high'),
  interfaceEndpointsPerVpc: quota('Interface VPC endpoints per VPC', 'vpc/L-29B6F2EB', 50, 'resource', '8.4', 'high'),
  networkInterfaces: quota('Network interfaces per Region', 'vpc/L-DF5E4CA3', 5_000, 'region', '8.3', 'medium'),
  securityGroups: quota('Security groups per Region', 'vpc/L-E79EC296', 2_500, 'region', '8.3', 'medium'),
  rulesPerSecurityGroup: quota('Inbound or outbound rules per security group', 'vpc/L-0EA8095F', 60, 'resource', '8.3', 'medium'),
  securityGroupsPerInterface: quota('Security groups per network interface', 'vpc/L-2AFB9258', 5, 'resource', '8.3', 'medium'),
  elasticIps: quota('Elastic IP addresses', 'ec2/L-0263D0A3', 5, 'region', '8.3', 'high'),
  transitGatewayAttachments: quota('Attachments per transit gateway', 'ec2/L-E0233F82', 5_000, 'resource', '8.4', 'medium'),

  // Load balancers and web application firewall
  loadBalancers: quota('Application Load Balancers per Region', 'elasticloadbalancing/L-53DA6B97', 50, 'region', '8.3', 'high'),
  targetGroups: quota('Target groups per Region', 'elasticloadbalancing/L-B22855CB', 3_000, 'region', '8.3', 'high'),
  targetsPerLoadBalancer: quota('Targets per load balancer', 'elasticloadbalancing/L-7E6692B2', 1_000, 'resource', '8.3', 'high'),
  targetsPerTargetGroup: quota('Targets per target group', 'elasticloadbalancing/L-A0D0B863', 1_000, 'resource', '8.3', 'high'),
  targetGroupsPerLoadBalancer: hard(
    'Target groups per load balancer',
    'elasticloadbalancing/L-822D1B1B',
    100,
    'resource',
    '8.4',
    'high',
  ),
  listenersPerLoadBalancer: quota(
    'Listeners per load balancer',
    'elasticloadbalancing/L-B6DF7632',
    50,
    'resource',
    '8.3',
    'high',
  ),
  rulesPerLoadBalancer: quota('Rules per load balancer', 'elasticloadbalancing/L-7EED9B64', 100, 'resource', '8.3', 'high'),
  certificatesPerLoadBalancer: quota(
    'Certificates per load balancer',
    'elasticloadbalancing/L-9365A611',
    25,
    'resource',
    '8.3',
    'high',
  ),
  certificates: quota('ACM certificates per Region', 'acm/L-F141DD1D', 2_500, 'region', '8.4', 'high'),
  namesPerCertificate: quota('Domain names per ACM certificate', 'acm/L-FB94F0B0', 10, 'resource', '8.4', 'high'),
  webAcls: quota('WAF web ACLs per Region', 'wafv2/L-2EC3DE7B', 100, 'region', '8.4', 'high'),
  ipSets: quota('WAF IP sets per Region', 'wafv2/L-D6DA96AE', 100, 'region', '8.4', 'high'),
  addressesPerIpSet: {
    ...hard('Addresses per WAF IP set', 'wafv2', 10_000, 'resource', '8.4', 'high'),
    wayOut: 'Merge ranges into larger CIDRs, or block them before they reach the load balancer.',
  },
  webAclCapacity: {
    ...hard('Capacity of a WAF web ACL (WCU)', 'wafv2', 5_000, 'resource', '8.4', 'medium'),
    wayOut: 'Take rules out of the web ACL; a managed rule group usually costs most.',
  },

  // Tasks, functions and instances
  ecsClusters: quota('ECS clusters per Region', 'ecs/L-21C621EB', 10_000, 'region', '8.4', 'high'),
  servicesPerCluster: quota('ECS services per cluster', 'ecs/L-9EF96962', 5_000, 'resource', '8.4', 'high'),
  tasksPerService: quota('Tasks per ECS service', 'ecs', 5_000, 'resource', '8.4', 'low'),
  fargateVcpus: quota('Fargate On-Demand vCPU, at most tasks', 'fargate/L-3032A538', 6, 'region', '8.3', 'low'),
  scalableTargets: quota('Scalable targets for ECS', 'application-autoscaling/L-782A3EE2', 3_000, 'region', '8.4', 'high'),
  standardVcpus: quota(
    'Running On-Demand Standard instances, vCPU, at most instances',
    'ec2/L-1216C47A',
    5,
    'region',
    '8.4',
    'low',
  ),
  autoScalingGroups: quota('Auto Scaling groups per Region', 'autoscaling/L-CDE20ADC', 500, 'region', '8.4', 'high'),
  launchTemplates: quota('Launch templates per Region', 'ec2/L-FB451C26', 5_000, 'region', '8.4', 'low'),
  lambdaConcurrency: {
    ...quota('Lambda concurrent executions', 'lambda/L-B99A9384', 1_000, 'region', '8.3', 'medium'),
    // For functions without a reservation (recalled).
    keptBack: 100,
  },

  // DNS
  hostedZones: quota('Route 53 hosted zones', 'route53/L-4EA4796A', 500, 'account', '1.8', 'high'),
  healthChecks: quota('Route 53 health checks', 'route53/L-ACB674F3', 200, 'account', '1.8', 'high'),
  healthChecksPerDay: {
    ...quota('Route 53 health checks created in 24 hours', 'route53', 1_000, 'account', '1.8', 'low', false),
    wayOut: 'Deploy the routing stacks over several days, or spread the groups over accounts.',
  },
  recordsPerZone: quota('Records per hosted zone', 'route53/L-E209CC9F', 10_000, 'zone', '1.8', 'high'),
  routedRecordsPerName: hard(
    'Weighted, latency or geolocation records of one name and type',
    'route53',
    100,
    'name',
    '1.8',
    'high',
  ),
  valuesPerRecord: hard('Values of a record', 'route53', 400, 'resource', '1.8', 'high'),
  childrenPerCalculatedCheck: hard('Children of a calculated health check', 'route53', 255, 'resource', '2.6', 'high'),

  // CloudFormation
  stacks: quota('CloudFormation stacks per Region', 'cloudformation/L-0485CB21', 2_000, 'region', '8.1', 'high'),
  resourcesPerTemplate: hard('Resources per template', 'cloudformation', 500, 'stack', '8.1', 'high'),
  templateBytes: hard('Template body in S3, bytes', 'cloudformation', 1_048_576, 'stack', '8.1', 'high'),
  outputsPerTemplate: hard('Outputs per template', 'cloudformation', 200, 'stack', '8.1', 'high'),
  parametersPerTemplate: hard('Parameters per template', 'cloudformation', 200, 'stack', '8.1', 'high'),
  mappingsPerTemplate: hard('Mappings per template', 'cloudformation', 200, 'stack', '8.1', 'high'),

  // Data
  databaseClusters: quota('RDS DB clusters', 'rds/L-952B80B8', 40, 'region', '8.4', 'high'),
  databaseInstances: quota('RDS DB instances', 'rds/L-7B6409FD', 40, 'region', '8.4', 'high'),
  instancesPerCluster: hard('Instances per Aurora cluster', 'rds', 16, 'resource', '8.4', 'low'),
  databaseSubnetGroups: quota('RDS DB subnet groups', 'rds/L-48C6BF61', 50, 'region', '8.4', 'high'),
  subnetsPerDatabaseSubnetGroup: hard('Subnets per DB subnet group', 'rds', 20, 'resource', '8.4', 'high'),
  databaseParameterGroups: quota('RDS parameter groups', 'rds/L-DE55804A', 50, 'region', '8.4', 'high'),
  databaseClusterParameterGroups: quota('RDS DB cluster parameter groups', 'rds/L-E4C808A8', 50, 'region', '8.4', 'high'),
  globalClusterMembers: hard('Clusters of an Aurora global cluster', 'rds', 11, 'resource', '4.1', 'high'),
  tables: quota('DynamoDB tables', 'dynamodb/L-F98FE922', 2_500, 'region', '8.3', 'medium'),
  indexesPerTable: quota('Global secondary indexes per table', 'dynamodb/L-F7858A77', 20, 'resource', '8.4', 'medium'),
  backupVaults: quota('Backup vaults', 'backup', 300, 'region', '5.6', 'high'),
  backupPlans: quota('Backup plans', 'backup', 300, 'region', '5.6', 'high'),
  rulesPerBackupPlan: quota('Rules per backup plan', 'backup', 10, 'resource', '5.6', 'high'),
  copyActionsPerRule: hard('Copy actions per backup rule', 'backup', 5, 'resource', '5.6', 'high'),
  concurrentCopyJobs: {
    ...hard('Copy jobs of one schedule between two Regions', 'backup', 100, 'resource', '5.6', 'low'),
    wayOut: 'Give groups different backup schedules, or spread them over accounts; the jobs above the limit wait or fail.',
  },
  restoreTestingPlans: quota('Restore testing plans', 'backup', 100, 'region', '5.5', 'high'),
  selectionsPerRestoreTestingPlan: quota('Selections per restore testing plan', 'backup', 30, 'resource', '5.5', 'high'),
  buckets: { ...quota('S3 buckets', 's3/L-DC2B2D3D', 10_000, 'account', '8.4', 'medium'), ceiling: 1_000_000 },
  bucketPolicyBytes: hard('Bucket policy, bytes', 's3', 20_480, 'resource', '8.4', 'medium'),
  parameters: quota('SSM standard parameters', 'ssm', 10_000, 'region', '8.4', 'medium'),

  // Identity, keys and secrets
  roles: { ...quota('IAM roles', 'iam/L-FE177D64', 1_000, 'account', '8.4', 'high'), ceiling: 5_000 },
  instanceProfiles: { ...quota('IAM instance profiles', 'iam/L-6E65F664', 1_000, 'account', '8.4', 'high'), ceiling: 5_000 },
  managedPolicies: { ...quota('Customer managed policies', 'iam/L-E95E4862', 1_500, 'account', '8.4', 'high'), ceiling: 5_000 },
  managedPoliciesPerRole: quota('Managed policies per role', 'iam/L-0DA4ABF3', 10, 'resource', '8.4', 'high'),
  inlinePolicySize: hard('Inline policies of a role, characters', 'iam', 10_240, 'resource', '8.4', 'medium'),
  managedPolicySize: hard('Managed policy, characters', 'iam', 6_144, 'resource', '8.4', 'medium'),
  trustPolicySize: quota('Role trust policy, characters', 'iam/L-C07B4B0D', 2_048, 'resource', '8.4', 'high'),
  keys: quota('Customer managed KMS keys', 'kms/L-C2F1777E', 100_000, 'region', '8.4', 'medium'),
  keyPolicyBytes: hard('Key policy, bytes', 'kms', 32_768, 'resource', '8.4', 'medium'),
  secrets: quota('Secrets Manager secrets', 'secretsmanager/L-2F66C23C', 500_000, 'region', '8.4', 'high'),

  // Messages, alarms and logs
  topics: quota('SNS topics', 'sns/L-61103206', 100_000, 'region', '8.4', 'high'),
  eventRules: quota('EventBridge rules per event bus', 'events/L-244521F2', 300, 'resource', '8.4', 'high'),
  stateMachines: quota('Step Functions state machines', 'states', 10_000, 'region', '8.4', 'low'),
  actionsPerAlarm: hard('Actions of an alarm for one state', 'monitoring', 5, 'resource', '8.4', 'high'),
  childrenPerCompositeAlarm: hard('Alarms in the rule of a composite alarm', 'monitoring', 100, 'resource', '8.4', 'low'),
  canaries: quota('Synthetics canaries', 'synthetics', 300, 'region', '8.4', 'high'),
  logGroups: quota('CloudWatch Logs log groups', 'logs', 1_000_000, 'region', '8.4', 'low'),
} as const satisfies Record<string, Quota>;

export type QuotaKey = keyof typeof QUOTAS;

/** All keys, in the order of the table. */
export const QUOTA_KEYS = Object.keys(QUOTAS) as readonly QuotaKey[];

/** The quota without the literal types of the table. */
export function quotaOf(key: QuotaKey): Quota {
  return QUOTAS[key];
}

function quota(
  name: string,
  code: string,
  defaultValue: number,
  scope: QuotaScope,
  section: string,
  confidence: QuotaConfidence,
  adjustable = true,
): Quota {
  const [serviceCode = code, quotaCode] = code.split('/');
  const codes = quotaCode === undefined ? { serviceCode } : { serviceCode, quotaCode };
  return { name, ...codes, defaultValue, adjustable, scope, source: `aws-facts ${section}`, confidence };
}

function hard(name: string, code: string, value: number, scope: QuotaScope, section: string, confidence: QuotaConfidence): Quota {
  return quota(name, code, value, scope, section, confidence, false);
}
