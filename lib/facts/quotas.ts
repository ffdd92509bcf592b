/**
 * Service quotas that a fleet runs into, with AWS's defaults. `preflight` counts templates against them; live values need
 * credentials. Codes come from public sources and are missing where none was found (aws-facts 8.3, 12).
 */
export interface Quota {
  readonly name: string;
  /** Service code and quota code of the Service Quotas API. */
  readonly serviceCode: string;
  readonly quotaCode?: string;
  readonly defaultValue: number;
  /** False for hard limits. */
  readonly adjustable: boolean;
  /** What the number counts: one Region of an account, the whole account, the account as us-east-1 reports it, or one resource. */
  readonly scope: 'region' | 'account' | 'us-east-1' | 'resource';
  /** Section of aws-facts. */
  readonly source: string;
  /** `high`: official text or many independent sources. `low`: recalled, or different for new accounts. */
  readonly confidence: 'high' | 'medium' | 'low';
}

export const QUOTAS = {
  vpcs: quota('VPCs per Region', 'vpc/L-F678F1CE', 5, 'region', '8.3', 'high'),
  subnetsPerVpc: quota('Subnets per VPC', 'vpc/L-407747CB', 200, 'resource', '8.3', 'medium'),
  internetGateways: quota('Internet gateways per Region', 'vpc/L-A4707A72', 5, 'region', '8.3', 'medium'),
  natGatewaysPerZone: quota('NAT gateways per Availability Zone', 'vpc/L-FE5A380F', 5, 'region', '8.3', 'medium'),
  networkInterfaces: quota('Network interfaces per Region', 'vpc/L-DF5E4CA3', 5_000, 'region', '8.3', 'medium'),
  securityGroups: quota('Security groups per Region', 'vpc/L-E79EC296', 2_500, 'region', '8.3', 'medium'),
  rulesPerSecurityGroup: quota('Rules per security group', 'vpc/L-0EA8095F', 60, 'resource', '8.3', 'medium'),
  securityGroupsPerInterface: quota('Security groups per network interface', 'vpc/L-2AFB9258', 5, 'resource', '8.3', 'medium'),
  elasticIps: quota('Elastic IP addresses', 'ec2/L-0263D0A3', 5, 'region', '8.3', 'high'),
  loadBalancers: quota('Application Load Balancers per Region', 'elasticloadbalancing/L-53DA6B97', 50, 'region', '8.3', 'high'),
  targetGroups: quota('Target groups per Region', 'elasticloadbalancing/L-B22855CB', 3_000, 'region', '8.3', 'high'),
  targetsPerLoadBalancer: quota('Targets per load balancer', 'elasticloadbalancing/L-7E6692B2', 1_000, 'resource', '8.3', 'high'),
  targetsPerTargetGroup: quota('Targets per target group', 'elasticloadbalancing/L-A0D0B863', 1_000, 'resource', '8.3', 'high'),
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
  fargateVcpus: quota('Fargate On-Demand vCPU', 'fargate/L-3032A538', 6, 'region', '8.3', 'low'),
  lambdaConcurrency: quota('Lambda concurrent executions', 'lambda/L-B99A9384', 1_000, 'region', '8.3', 'low'),
  hostedZones: quota('Route 53 hosted zones', 'route53/L-4EA4796A', 500, 'us-east-1', '1.8', 'high'),
  healthChecks: quota('Route 53 health checks', 'route53/L-ACB674F3', 200, 'us-east-1', '1.8', 'high'),
  recordsPerZone: quota('Records per hosted zone', 'route53/L-E209CC9F', 10_000, 'resource', '1.8', 'high'),
  routedRecordsPerName: hard(
    'Weighted, latency or geolocation records of one name and type',
    'route53',
    100,
    'resource',
    '1.8',
    'high',
  ),
  childrenPerCalculatedCheck: hard('Children of a calculated health check', 'route53', 255, 'resource', '2.6', 'high'),
  stacks: quota('CloudFormation stacks per Region', 'cloudformation', 2_000, 'region', '8.1', 'high'),
  resourcesPerTemplate: hard('Resources per template', 'cloudformation', 500, 'resource', '8.1', 'high'),
  templateBytes: hard('Template body in S3, bytes', 'cloudformation', 1_048_576, 'resource', '8.1', 'high'),
  outputsPerTemplate: hard('Outputs per template', 'cloudformation', 200, 'resource', '8.1', 'high'),
  databaseInstances: quota('RDS DB instances', 'rds/L-7B6409FD', 40, 'region', '8.3', 'low'),
  databaseClusters: quota('RDS DB clusters', 'rds', 40, 'region', '8.3', 'low'),
  tables: quota('DynamoDB tables', 'dynamodb/L-F98FE922', 2_500, 'region', '8.3', 'low'),
  backupVaults: quota('Backup vaults', 'backup', 300, 'region', '5.6', 'high'),
  backupPlans: quota('Backup plans', 'backup', 300, 'region', '5.6', 'high'),
  rulesPerBackupPlan: quota('Rules per backup plan', 'backup', 10, 'resource', '5.6', 'high'),
  copyActionsPerRule: hard('Copy actions per backup rule', 'backup', 5, 'resource', '5.6', 'high'),
  concurrentCopyJobs: hard('Concurrent copy jobs between two Regions', 'backup', 100, 'region', '5.6', 'medium'),
  restoreTestingPlans: quota('Restore testing plans', 'backup', 100, 'region', '5.5', 'high'),
} as const satisfies Record<string, Quota>;

export type QuotaKey = keyof typeof QUOTAS;

function quota(
  name: string,
  code: string,
  defaultValue: number,
  scope: Quota['scope'],
  section: string,
  confidence: Quota['confidence'],
  adjustable = true,
): Quota {
  const [serviceCode = code, quotaCode] = code.split('/');
  const codes = quotaCode === undefined ? { serviceCode } : { serviceCode, quotaCode };
  return { name, ...codes, defaultValue, adjustable, scope, source: `aws-facts ${section}`, confidence };
}

function hard(
  name: string,
  service: string,
  value: number,
  scope: Quota['scope'],
  section: string,
  confidence: Quota['confidence'],
): Quota {
  return quota(name, service, value, scope, section, confidence, false);
}
