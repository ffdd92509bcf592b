/** An application in two Regions as somebody writes it without stampkit: two regional stacks, and one with the records. */
import type { HandWrittenStack } from './template-stacks';

const ACCOUNT = '111111111111';
const NAME = 'www.example.com';

export type ForeignData = 'table' | 'cluster' | 'instance';

/** Load balancer, service behind it and database of one Region. */
function regional(region: string, data: ForeignData, home: boolean): HandWrittenStack {
  const zone = (letter: string): readonly [string, unknown] => [
    'AWS::EC2::Subnet',
    { AvailabilityZone: `${region}${letter}`, VpcId: 'vpc-1' },
  ];
  return {
    name: `app-${region}`,
    account: ACCOUNT,
    region,
    resources: {
      SubnetA: zone('a'),
      SubnetB: zone('b'),
      Balancer: [
        'AWS::ElasticLoadBalancingV2::LoadBalancer',
        {
          Name: `web-${region}`,
          Subnets: [{ Ref: 'SubnetA' }, { Ref: 'SubnetB' }],
          LoadBalancerAttributes: [{ Key: 'client_keep_alive.seconds', Value: '60' }],
        },
      ],
      Targets: [
        'AWS::ElasticLoadBalancingV2::TargetGroup',
        { TargetType: 'ip', HealthCheckPath: '/healthz', HealthCheckIntervalSeconds: 10, UnhealthyThresholdCount: 2 },
      ],
      Listener: [
        'AWS::ElasticLoadBalancingV2::Listener',
        {
          LoadBalancerArn: { Ref: 'Balancer' },
          Port: 443,
          Protocol: 'HTTPS',
          DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }],
        },
      ],
      Task: [
        'AWS::ECS::TaskDefinition',
        { ContainerDefinitions: [{ Name: 'web', Image: `${ACCOUNT}.dkr.ecr.${region}.amazonaws.com/web:1` }] },
      ],
      Web: [
        'AWS::ECS::Service',
        {
          DesiredCount: 4,
          LaunchType: 'FARGATE',
          TaskDefinition: { Ref: 'Task' },
          LoadBalancers: [{ TargetGroupArn: { Ref: 'Targets' }, ContainerName: 'web', ContainerPort: 80 }],
          NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ Ref: 'SubnetA' }, { Ref: 'SubnetB' }] } },
        },
      ],
      Topic: ['AWS::SNS::Topic', {}],
      Pool: ['AWS::Cognito::UserPool', {}],
      Own: {
        Type: 'AWS::Route53::RecordSet',
        Properties: {
          HostedZoneId: 'Z1',
          Name: `${region}.example.com.`,
          Type: 'A',
          AliasTarget: {
            DNSName: { 'Fn::GetAtt': ['Balancer', 'DNSName'] },
            HostedZoneId: { 'Fn::GetAtt': ['Balancer', 'CanonicalHostedZoneID'] },
            EvaluateTargetHealth: true,
          },
        },
      },
      ...database(region, data, home),
    },
  };
}

function database(region: string, data: ForeignData, home: boolean): HandWrittenStack['resources'] {
  switch (data) {
    case 'table':
      if (!home) return {};
      return {
        Table: [
          'AWS::DynamoDB::GlobalTable',
          {
            TableName: 'app',
            Replicas: ['us-east-1', 'us-west-2'].map((replica) => ({
              Region: replica,
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
            })),
          },
        ],
      };
    case 'instance':
      return { Database: ['AWS::RDS::DBInstance', { Engine: 'postgres', MultiAZ: true, DBInstanceIdentifier: `app-${region}` }] };
    case 'cluster':
      return {
        ...(home && { Global: ['AWS::RDS::GlobalCluster', { GlobalClusterIdentifier: 'app', Engine: 'aurora-postgresql' }] }),
        Cluster: [
          'AWS::RDS::DBCluster',
          { Engine: 'aurora-postgresql', GlobalClusterIdentifier: 'app', ...(home && { MasterUsername: 'admin' }) },
        ],
        Writer: ['AWS::RDS::DBInstance', { Engine: 'aurora-postgresql', DBClusterIdentifier: { Ref: 'Cluster' } }],
        Reader: ['AWS::RDS::DBInstance', { Engine: 'aurora-postgresql', DBClusterIdentifier: { Ref: 'Cluster' } }],
      };
  }
}

function routing(): HandWrittenStack {
  const roles = [
    ['us-east-1', 'PRIMARY'],
    ['us-west-2', 'SECONDARY'],
  ] as const;
  return {
    name: 'routing',
    account: ACCOUNT,
    region: 'us-east-1',
    resources: Object.fromEntries(
      roles.flatMap(([region, role]): [string, readonly [string, unknown]][] => [
        [
          `Check${role}`,
          [
            'AWS::Route53::HealthCheck',
            {
              HealthCheckConfig: {
                ...{ Type: 'HTTPS', FullyQualifiedDomainName: `${region}.example.com`, ResourcePath: '/healthz', Port: 443 },
                ...{ RequestInterval: 10, FailureThreshold: 3 },
              },
            },
          ],
        ],
        [
          `Record${role}`,
          [
            'AWS::Route53::RecordSet',
            {
              ...{ HostedZoneId: 'Z1', Name: `${NAME}.`, Type: 'A', SetIdentifier: region, Failover: role },
              HealthCheckId: { Ref: `Check${role}` },
              AliasTarget: { DNSName: `${region}.example.com.`, HostedZoneId: 'Z1', EvaluateTargetHealth: true },
            },
          ],
        ],
      ]),
    ),
  };
}

export function foreignStacks(data: ForeignData): HandWrittenStack[] {
  return [regional('us-east-1', data, true), regional('us-west-2', data, false), routing()];
}
