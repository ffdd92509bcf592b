import { describe, expect, test } from 'vitest';
import type { AssemblyStack, TemplateResource } from '../../lib/assembly/read-assembly';
import { QUOTA_KEYS } from '../../lib/facts/quotas';
import { WITHOUT_QUOTA } from '../../lib/facts/types-without-quota';
import { COUNTED_TYPES, countUsage } from '../../lib/preflight/count-usage';
import { ACCOUNT, stacksOf, times } from './assembly';

type Resources = Record<string, TemplateResource>;
type Count = [region: string | undefined, resource: string | undefined, used: number];

function used(of: readonly AssemblyStack[], quota: string): Count[] {
  return countUsage(of)
    .filter((usage) => usage.quota === quota)
    .map((usage) => [usage.region, usage.resource, usage.used]);
}

/** One stack `a` in us-east-1. */
function inOne(resources: Resources, quota: string): Count[] {
  return used(stacksOf({ a: { resources } }), quota);
}

const of = (Type: string, Properties: Record<string, unknown> = {}): TemplateResource => ({ Type, Properties });
const ref = (Ref: string): { Ref: string } => ({ Ref });

describe('what adds up in a Region', () => {
  test.each([
    ['AWS::EC2::EIP', 'elasticIps'],
    ['AWS::EC2::VPC', 'vpcs'],
    ['AWS::EC2::InternetGateway', 'internetGateways'],
    ['AWS::EC2::VPCEndpoint', 'gatewayEndpoints'],
    ['AWS::EC2::SecurityGroup', 'securityGroups'],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'loadBalancers'],
    ['AWS::ElasticLoadBalancingV2::TargetGroup', 'targetGroups'],
    ['AWS::CertificateManager::Certificate', 'certificates'],
    ['AWS::WAFv2::WebACL', 'webAcls'],
    ['AWS::WAFv2::IPSet', 'ipSets'],
    ['AWS::ECS::Cluster', 'ecsClusters'],
    ['AWS::AutoScaling::AutoScalingGroup', 'autoScalingGroups'],
    ['AWS::EC2::LaunchTemplate', 'launchTemplates'],
    ['AWS::RDS::DBCluster', 'databaseClusters'],
    ['AWS::RDS::DBInstance', 'databaseInstances'],
    ['AWS::RDS::DBSubnetGroup', 'databaseSubnetGroups'],
    ['AWS::RDS::DBParameterGroup', 'databaseParameterGroups'],
    ['AWS::RDS::DBClusterParameterGroup', 'databaseClusterParameterGroups'],
    ['AWS::Backup::BackupVault', 'backupVaults'],
    ['AWS::Backup::BackupPlan', 'backupPlans'],
    ['AWS::Backup::RestoreTestingPlan', 'restoreTestingPlans'],
    ['AWS::DynamoDB::Table', 'tables'],
    ['AWS::KMS::Key', 'keys'],
    ['AWS::SSM::Parameter', 'parameters'],
    ['AWS::SecretsManager::Secret', 'secrets'],
    ['AWS::SNS::Topic', 'topics'],
    ['AWS::StepFunctions::StateMachine', 'stateMachines'],
    ['AWS::Synthetics::Canary', 'canaries'],
    ['AWS::Logs::LogGroup', 'logGroups'],
  ])('%s counts towards %s, apart for each Region', (type, quota) => {
    const fleet = stacksOf({
      a: { resources: times(3, type) },
      b: { resources: times(2, type) },
      c: { region: 'us-west-2', resources: times(1, type) },
    });
    expect(used(fleet, quota)).toEqual([
      ['us-east-1', undefined, 5],
      ['us-west-2', undefined, 1],
    ]);
  });

  test('every stack counts, and its sections', () => {
    const fleet = stacksOf({
      a: {
        resources: times(2, 'AWS::SNS::Topic'),
        bytes: 70,
        sections: { Outputs: { O: {} }, Parameters: { P: {}, Q: {} }, Mappings: { M: {} } },
      },
    });
    expect(used(fleet, 'stacks')).toEqual([['us-east-1', undefined, 1]]);
    expect(used(fleet, 'resourcesPerTemplate')).toEqual([['us-east-1', 'a', 2]]);
    expect(used(fleet, 'templateBytes')).toEqual([['us-east-1', 'a', 70]]);
    expect(used(fleet, 'outputsPerTemplate')).toEqual([['us-east-1', 'a', 1]]);
    expect(used(fleet, 'parametersPerTemplate')).toEqual([['us-east-1', 'a', 2]]);
    expect(used(fleet, 'mappingsPerTemplate')).toEqual([['us-east-1', 'a', 1]]);
  });
});

describe('what adds up in an account', () => {
  test.each([
    ['AWS::Route53::HealthCheck', 'healthChecks'],
    ['AWS::Route53::HealthCheck', 'healthChecksPerDay'],
    ['AWS::Route53::HostedZone', 'hostedZones'],
    ['AWS::IAM::Role', 'roles'],
    ['AWS::IAM::InstanceProfile', 'instanceProfiles'],
    ['AWS::IAM::ManagedPolicy', 'managedPolicies'],
    ['AWS::S3::Bucket', 'buckets'],
  ])('%s counts towards %s, whatever the stack’s Region', (type, quota) => {
    const fleet = stacksOf({
      a: { resources: times(4, type) },
      b: { region: 'us-west-2', resources: times(3, type) },
      c: { account: '222222222222', resources: times(1, type) },
    });
    const counts = countUsage(fleet).filter((usage) => usage.quota === quota);
    expect(counts.map(({ account, region, used: count }) => [account, region, count])).toEqual([
      [ACCOUNT, undefined, 7],
      ['222222222222', undefined, 1],
    ]);
  });
});

describe('networks', () => {
  test('subnets, route tables and routes count in what they belong to', () => {
    const resources: Resources = {
      Vpc: of('AWS::EC2::VPC'),
      A: of('AWS::EC2::Subnet', { VpcId: ref('Vpc') }),
      B: of('AWS::EC2::Subnet', { VpcId: ref('Vpc') }),
      Table: of('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
      Route: of('AWS::EC2::Route', { RouteTableId: ref('Table') }),
    };
    expect(inOne(resources, 'subnetsPerVpc')).toEqual([['us-east-1', 'a/Vpc', 2]]);
    expect(inOne(resources, 'routeTablesPerVpc')).toEqual([['us-east-1', 'a/Vpc', 1]]);
    expect(inOne(resources, 'routesPerRouteTable')).toEqual([['us-east-1', 'a/Table', 1]]);
  });

  test('NAT gateways count per zone of their subnet', () => {
    const subnet = (zone: string): TemplateResource => of('AWS::EC2::Subnet', { AvailabilityZone: zone });
    const nat = (logicalId: string): TemplateResource => of('AWS::EC2::NatGateway', { SubnetId: ref(logicalId) });
    const resources = { A: subnet('us-east-1a'), B: subnet('us-east-1b'), N1: nat('A'), N2: nat('B'), N3: nat('B') };
    expect(inOne(resources, 'natGatewaysPerZone')).toEqual([
      ['us-east-1', 'us-east-1a', 1],
      ['us-east-1', 'us-east-1b', 2],
    ]);
  });

  test('rules of a security group count per direction, written inside it or beside it', () => {
    const resources = {
      Group: of('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [{}, {}], SecurityGroupEgress: [{}] }),
      In: of('AWS::EC2::SecurityGroupIngress', { GroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] } }),
    };
    expect(inOne(resources, 'rulesPerSecurityGroup')).toEqual([
      ['us-east-1', 'a/Group inbound', 3],
      ['us-east-1', 'a/Group outbound', 1],
    ]);
  });

  test('interface endpoints are not gateway endpoints, and take an interface per subnet', () => {
    const endpoint = of('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Interface',
      VpcId: ref('Vpc'),
      SubnetIds: ['s1', 's2', 's3'],
    });
    expect(inOne({ E: endpoint }, 'gatewayEndpoints')).toEqual([]);
    expect(inOne({ E: endpoint }, 'interfaceEndpointsPerVpc')).toEqual([['us-east-1', 'a/Vpc', 1]]);
    expect(inOne({ E: endpoint }, 'networkInterfaces')).toEqual([['us-east-1', undefined, 3]]);
  });

  test('attachments count per transit gateway, over all stacks', () => {
    const attachment = times(1, 'AWS::EC2::TransitGatewayAttachment', { TransitGatewayId: 'tgw-1' });
    expect(used(stacksOf({ a: { resources: attachment }, b: { resources: attachment } }), 'transitGatewayAttachments')).toEqual([
      ['us-east-1', 'tgw-1', 2],
    ]);
  });
});

describe('load balancers', () => {
  const LB = 'AWS::ElasticLoadBalancingV2::';
  const resources: Resources = {
    Alb: of(`${LB}LoadBalancer`, { Subnets: ['s1', 's2'], SecurityGroups: ['g1', 'g2'] }),
    Web: of(`${LB}TargetGroup`),
    Health: of(`${LB}TargetGroup`, { Targets: [{}] }),
    Listener: of(`${LB}Listener`, {
      LoadBalancerArn: ref('Alb'),
      Certificates: [{}],
      DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: ref('Web') }] } }],
    }),
    Rule: of(`${LB}ListenerRule`, { ListenerArn: ref('Listener'), Actions: [{ TargetGroupArn: ref('Health') }] }),
    More: of(`${LB}ListenerCertificate`, { ListenerArn: ref('Listener'), Certificates: [{}, {}] }),
    Service: of('AWS::ECS::Service', { DesiredCount: 4, LoadBalancers: [{ TargetGroupArn: ref('Web') }] }),
  };

  test.each([
    ['listenersPerLoadBalancer', 'a/Alb', 1],
    ['rulesPerLoadBalancer', 'a/Alb', 1],
    ['certificatesPerLoadBalancer', 'a/Alb', 2],
    ['targetGroupsPerLoadBalancer', 'a/Alb', 2],
    ['targetsPerLoadBalancer', 'a/Alb', 5],
    ['targetsPerTargetGroup', 'a/Web', 4],
    ['securityGroupsPerInterface', 'a/Alb', 2],
  ])('%s', (quota, resource, count) => {
    expect(inOne(resources, quota)).toContainEqual(['us-east-1', resource, count]);
  });

  test('network load balancers have quotas of their own', () => {
    expect(inOne({ Nlb: of(`${LB}LoadBalancer`, { Type: 'network' }) }, 'loadBalancers')).toEqual([]);
  });

  test('names of a certificate count once each', () => {
    const certificate = of('AWS::CertificateManager::Certificate', {
      DomainName: 'a.example',
      SubjectAlternativeNames: ['a.example', 'b.example'],
    });
    expect(inOne({ C: certificate }, 'namesPerCertificate')).toEqual([['us-east-1', 'a/C', 2]]);
  });

  test('addresses and capacity of the web ACL', () => {
    const acl = of('AWS::WAFv2::WebACL', {
      Rules: [{ Statement: { ManagedRuleGroupStatement: { Name: 'AWSManagedRulesCommonRuleSet', VendorName: 'AWS' } } }],
    });
    expect(inOne({ Acl: acl }, 'webAclCapacity')).toEqual([['us-east-1', 'a/Acl', 700]]);
    expect(inOne({ Set: of('AWS::WAFv2::IPSet', { Addresses: ['10.0.0.0/8'] }) }, 'addressesPerIpSet')).toEqual([
      ['us-east-1', 'a/Set', 1],
    ]);
  });
});

describe('tasks, instances and functions count as many as scaling may make', () => {
  const service = (overrides: Record<string, unknown> = {}): Resources => ({
    Cluster: of('AWS::ECS::Cluster'),
    Task: of('AWS::ECS::TaskDefinition', { Cpu: '512', NetworkMode: 'awsvpc' }),
    Service: of('AWS::ECS::Service', {
      Cluster: ref('Cluster'),
      TaskDefinition: ref('Task'),
      LaunchType: 'FARGATE',
      ...overrides,
    }),
    Target: of('AWS::ApplicationAutoScaling::ScalableTarget', {
      ServiceNamespace: 'ecs',
      MaxCapacity: 12,
      ResourceId: { 'Fn::Join': ['', ['service/', ref('Cluster'), '/', { 'Fn::GetAtt': ['Service', 'Name'] }]] },
    }),
  });

  test.each([
    ['fargateVcpus', undefined, 6],
    ['tasksPerService', 'a/Service', 12],
    ['networkInterfaces', undefined, 12],
    ['servicesPerCluster', 'a/Cluster', 1],
    ['scalableTargets', undefined, 1],
  ])('%s', (quota, resource, count) => {
    expect(inOne(service(), quota)).toEqual([['us-east-1', resource, count]]);
  });

  test('tasks on instances take no Fargate vCPU; a Fargate capacity provider does', () => {
    const strategy = (CapacityProvider: unknown): Record<string, unknown> => ({
      LaunchType: undefined,
      CapacityProviderStrategy: [{ CapacityProvider }],
    });
    expect(inOne(service(strategy(ref('Provider'))), 'fargateVcpus')).toEqual([]);
    expect(inOne(service(strategy('FARGATE')), 'fargateVcpus')).toEqual([['us-east-1', undefined, 6]]);
  });

  test('instances count with the vCPUs of their type', () => {
    const group = (InstanceType: string): Resources => ({
      Template: of('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { InstanceType } }),
      Group: of('AWS::AutoScaling::AutoScalingGroup', { MaxSize: '6', LaunchTemplate: { LaunchTemplateId: ref('Template') } }),
    });
    expect(inOne(group('m7g.xlarge'), 'standardVcpus')).toEqual([['us-east-1', undefined, 24]]);
    expect(inOne(group('t3.small'), 'standardVcpus')).toEqual([['us-east-1', undefined, 12]]);
    expect(inOne(group('m7g.4xlarge'), 'standardVcpus')).toEqual([['us-east-1', undefined, 96]]);
    expect(inOne(group('p5.48xlarge'), 'standardVcpus')).toEqual([]);
    expect(inOne(group('m7g.large'), 'networkInterfaces')).toEqual([['us-east-1', undefined, 6]]);
  });

  test('reserved concurrency adds up; a function in a VPC takes interfaces', () => {
    const fn = of('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: 20,
      VpcConfig: { SubnetIds: ['s1', 's2'], SecurityGroupIds: ['g'] },
    });
    expect(inOne({ A: fn, B: fn }, 'lambdaConcurrency')).toEqual([['us-east-1', undefined, 40]]);
    expect(inOne({ A: fn }, 'networkInterfaces')).toEqual([['us-east-1', undefined, 2]]);
  });
});

describe('data', () => {
  test('a global table counts once in each Region of its replicas', () => {
    const table = of('AWS::DynamoDB::GlobalTable', {
      Replicas: [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }],
      GlobalSecondaryIndexes: [{}, {}],
    });
    expect(inOne({ T: table }, 'tables')).toEqual([
      ['eu-west-1', undefined, 1],
      ['us-east-1', undefined, 1],
    ]);
    expect(inOne({ T: table }, 'indexesPerTable')).toEqual([[undefined, 'a/T', 2]]);
  });

  test('members of a global cluster count over all stacks; instances per cluster', () => {
    const resources = {
      Cluster: of('AWS::RDS::DBCluster', { GlobalClusterIdentifier: 'shop-global' }),
      Instance: of('AWS::RDS::DBInstance', { DBClusterIdentifier: ref('Cluster') }),
    };
    const fleet = stacksOf({ a: { resources }, b: { region: 'us-west-2', resources } });
    expect(used(fleet, 'globalClusterMembers')).toEqual([[undefined, 'shop-global', 2]]);
    expect(used(fleet, 'instancesPerCluster')).toEqual([
      ['us-east-1', 'a/Cluster', 1],
      ['us-west-2', 'b/Cluster', 1],
    ]);
    expect(inOne({ G: of('AWS::RDS::DBSubnetGroup', { SubnetIds: ['1', '2'] }) }, 'subnetsPerDatabaseSubnetGroup')).toEqual([
      ['us-east-1', 'a/G', 2],
    ]);
  });

  test('rules, copies and what is copied at one time between two Regions', () => {
    const vault = (region: string): string => `arn:aws:backup:${region}:111111111111:backup-vault:v`;
    const plan = of('AWS::Backup::BackupPlan', {
      BackupPlan: {
        BackupPlanRule: [
          { RuleName: 'continuous' },
          {
            RuleName: 'daily',
            ScheduleExpression: 'cron(0 5 * * ? *)',
            CopyActions: [{ DestinationBackupVaultArn: vault('us-west-2') }, { DestinationBackupVaultArn: vault('us-east-1') }],
          },
        ],
      },
    });
    const fleet = stacksOf({ a: { resources: { Plan: plan } }, b: { resources: { Plan: plan } } });
    expect(used(fleet, 'concurrentCopyJobs')).toEqual([['us-east-1', 'us-east-1 to us-west-2, cron(0 5 * * ? *)', 2]]);
    expect(used(fleet, 'copyActionsPerRule')[0]).toEqual(['us-east-1', 'a/Plan daily', 2]);
    expect(used(fleet, 'rulesPerBackupPlan')[0]).toEqual(['us-east-1', 'a/Plan', 2]);
    expect(
      inOne(
        { S: of('AWS::Backup::RestoreTestingSelection', { RestoreTestingPlanName: 'p' }) },
        'selectionsPerRestoreTestingPlan',
      ),
    ).toEqual([['us-east-1', 'p', 1]]);
  });
});

describe('identity', () => {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
  const length = JSON.stringify(document).length;

  test('inline policies of a role add up, written in the role or beside it', () => {
    const resources = {
      Role: of('AWS::IAM::Role', {
        AssumeRolePolicyDocument: document,
        Policies: [{ PolicyDocument: document }],
        ManagedPolicyArns: ['x'],
      }),
      Policy: of('AWS::IAM::Policy', { PolicyDocument: document, Roles: [ref('Role')] }),
      Managed: of('AWS::IAM::ManagedPolicy', { PolicyDocument: document, Roles: [ref('Role')] }),
    };
    expect(inOne(resources, 'inlinePolicySize')).toEqual([['us-east-1', 'a/Role', 2 * length]]);
    expect(inOne(resources, 'trustPolicySize')).toEqual([['us-east-1', 'a/Role', length]]);
    expect(inOne(resources, 'managedPoliciesPerRole')).toEqual([['us-east-1', 'a/Role', 2]]);
    expect(inOne(resources, 'managedPolicySize')).toEqual([['us-east-1', 'a/Managed', length]]);
  });

  test('policies of keys and buckets', () => {
    expect(inOne({ Key: of('AWS::KMS::Key', { KeyPolicy: document }) }, 'keyPolicyBytes')).toEqual([
      ['us-east-1', 'a/Key', length],
    ]);
    expect(
      inOne({ P: of('AWS::S3::BucketPolicy', { Bucket: ref('B'), PolicyDocument: document }) }, 'bucketPolicyBytes'),
    ).toEqual([['us-east-1', 'a/B', length]]);
  });
});

describe('DNS', () => {
  test('records count per hosted zone, over all stacks', () => {
    const zone = (HostedZoneId: string, count: number): TemplateResource[] =>
      times(count, 'AWS::Route53::RecordSet', { HostedZoneId });
    const fleet = stacksOf({
      a: { resources: [...zone('Z1', 2), ...zone('Z2', 1)] },
      b: { region: 'us-west-2', resources: zone('Z1', 1) },
    });
    expect(used(fleet, 'recordsPerZone')).toEqual([
      [undefined, 'Z1', 3],
      [undefined, 'Z2', 1],
    ]);
  });

  test('records that Route 53 chooses among count per name and type; failover records do not', () => {
    const record = (Name: string, rest: Record<string, unknown>): TemplateResource =>
      of('AWS::Route53::RecordSet', { HostedZoneId: 'Z', Name, Type: 'A', ...rest });
    const resources = { A: record('x', { Weight: 1 }), B: record('x', { Weight: 2 }), C: record('y', { Failover: 'PRIMARY' }) };
    expect(inOne(resources, 'routedRecordsPerName')).toEqual([[undefined, 'Z x A', 2]]);
  });

  test('records of a group, with their values', () => {
    const group = of('AWS::Route53::RecordSetGroup', {
      HostedZoneId: 'Z',
      RecordSets: [{ Name: 'x', Type: 'TXT', ResourceRecords: ['a', 'b'] }],
    });
    expect(inOne({ G: group }, 'recordsPerZone')).toEqual([[undefined, 'Z', 1]]);
    expect(inOne({ G: group }, 'valuesPerRecord')).toEqual([[undefined, 'Z x TXT', 2]]);
  });

  test('children of a calculated check', () => {
    const check = of('AWS::Route53::HealthCheck', { HealthCheckConfig: { Type: 'CALCULATED', ChildHealthChecks: ['1', '2'] } });
    expect(inOne({ C: check }, 'childrenPerCalculatedCheck')).toEqual([[undefined, 'a/C', 2]]);
  });
});

describe('events and alarms', () => {
  test('rules count per bus, actions per alarm, alarms per composite alarm', () => {
    const resources = {
      Rule: of('AWS::Events::Rule'),
      Alarm: of('AWS::CloudWatch::Alarm', { AlarmActions: ['1', '2'], OKActions: ['1'] }),
      Both: of('AWS::CloudWatch::CompositeAlarm', {
        AlarmRule: { 'Fn::Join': ['', ['ALARM("', ref('Alarm'), '") OR ALARM(x)']] },
        AlarmActions: ['1'],
      }),
    };
    expect(inOne(resources, 'eventRules')).toEqual([['us-east-1', 'default', 1]]);
    expect(inOne(resources, 'actionsPerAlarm')).toEqual([
      ['us-east-1', 'a/Alarm', 2],
      ['us-east-1', 'a/Both', 1],
    ]);
    expect(inOne(resources, 'childrenPerCompositeAlarm')).toEqual([['us-east-1', 'a/Both', 2]]);
  });
});

describe('the table of quotas', () => {
  test('holds nothing that no counter fills', async () => {
    const { readFileSync, readdirSync } = await import('node:fs');
    const { resolve } = await import('node:path');
    const folder = resolve(__dirname, '..', '..', 'lib', 'preflight');
    const sources = [
      resolve(folder, 'count-usage.ts'),
      ...readdirSync(resolve(folder, 'counters')).map((file) => resolve(folder, 'counters', file)),
    ];
    const text = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
    expect(QUOTA_KEYS.filter((key) => !text.includes(`'${key}'`))).toEqual([]);
  });

  test('no type is both counted and said to need no count', () => {
    expect(COUNTED_TYPES.filter((type) => type in WITHOUT_QUOTA)).toEqual([]);
  });
});
