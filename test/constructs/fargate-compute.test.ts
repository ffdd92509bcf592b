import { Duration } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { describe, expect, test } from 'vitest';
import { FargateCompute } from '../../lib/constructs/fargate-compute';
import type { StampComputeProps } from '../../lib/constructs/stamp-compute';
import { computeProps, expectStartAfterPrerequisites, importVpc } from '../support/compute';
import { synthesizeChecked } from '../support/nag';
import { EXAMPLE_VALUES, synthesize } from '../support/synth';
import { build, example } from './fargate-compute-example';

function attributes(template: Template): Record<string, string> {
  const [group] = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
  const list = group!.Properties.TargetGroupAttributes as { Key: string; Value: string }[];
  return Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
}

describe('FargateCompute', () => {
  describe('service', () => {
    test('leaves the desired count to scaling', () => {
      const [service] = Object.values(example().findResources('AWS::ECS::Service'));
      expect(service!.Properties).not.toHaveProperty('DesiredCount');
      example().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
        MinCapacity: 12,
        MaxCapacity: 24,
        ScalableDimension: 'ecs:service:DesiredCount',
      });
    });

    test('rolls a bad deployment back by circuit breaker and by alarms, and never goes below its count', () => {
      example().hasResourceProperties('AWS::ECS::Service', {
        DeploymentConfiguration: {
          MinimumHealthyPercent: 100,
          MaximumPercent: 200,
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
          Alarms: {
            Enable: true,
            Rollback: true,
            AlarmNames: [
              { Ref: Match.stringLikeRegexp('TargetErrorsAlarm') },
              { Ref: Match.stringLikeRegexp('UnhealthyRoutingAlarm') },
            ],
          },
        },
      });
    });

    test('balances zones, tags tasks, offers no shell, and stays private', () => {
      example().hasResourceProperties('AWS::ECS::Service', {
        ServiceName: 'shop-enterprise-use1-web',
        LaunchType: 'FARGATE',
        AvailabilityZoneRebalancing: 'ENABLED',
        PropagateTags: 'SERVICE',
        EnableECSManagedTags: true,
        EnableExecuteCommand: false,
        HealthCheckGracePeriodSeconds: 60,
        NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
      });
    });

    test('waits until a listener forwards to its target group', () => {
      example().hasResource('AWS::ECS::Service', {
        DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ListenerForwardRule')]),
      });
      example().hasResource('AWS::ApplicationAutoScaling::ScalingPolicy', {
        Properties: { PolicyName: 'requests-per-target' },
        DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ListenerForwardRule')]),
      });
    });

    test('fails at synth while no listener forwards to it', () => {
      expect(() => synthesize((stack) => new FargateCompute(stack, 'Compute', computeProps(stack, importVpc(stack))))).toThrow(
        'TARGET_GROUP_NOT_ATTACHED',
      );
    });

    test('measures the cluster in depth', () => {
      example().hasResourceProperties('AWS::ECS::Cluster', {
        ClusterName: 'shop-enterprise-use1',
        ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }],
      });
    });
  });

  describe('target group', () => {
    test('checks the health path every 10 seconds', () => {
      example().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
        TargetType: 'ip',
        Port: 8080,
        Protocol: 'HTTP',
        HealthCheckPath: '/healthz',
        HealthCheckIntervalSeconds: 10,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 3,
        Matcher: { HttpCode: '200' },
      });
    });

    test('drains, spreads over zones, distrusts targets that fail fast, and sticks to none', () => {
      expect(attributes(example())).toEqual({
        'deregistration_delay.timeout_seconds': '60',
        'load_balancing.cross_zone.enabled': 'true',
        'load_balancing.algorithm.type': 'weighted_random',
        'load_balancing.algorithm.anomaly_mitigation': 'on',
        'stickiness.enabled': 'false',
        'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
        'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
      });
    });

    test('takes a DNS failover threshold above the routing threshold', () => {
      const template = synthesize((stack) => {
        build(stack, EXAMPLE_VALUES, { dnsFailoverMinimumHealthyTargets: 3, unhealthyRoutingMinimumHealthyTargets: 2 });
      });
      expect(attributes(template)).toMatchObject({
        'target_group_health.dns_failover.minimum_healthy_targets.count': '3',
        'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '2',
      });
    });
  });

  describe('way in', () => {
    test('is open from the load balancer to the port, and from nowhere else', () => {
      const template = example();
      const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'));
      expect(rules).toHaveLength(1);
      expect(rules[0]!.Properties).toMatchObject({
        SourceSecurityGroupId: 'sg-0123456789abcdef0',
        IpProtocol: 'tcp',
        FromPort: 8080,
        ToPort: 8080,
      });
      template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
        GroupId: 'sg-0123456789abcdef0',
        FromPort: 8080,
        ToPort: 8080,
      });
      template.hasResourceProperties('AWS::EC2::SecurityGroup', {
        GroupDescription: 'Web tasks: requests from the load balancer only',
        SecurityGroupIngress: Match.absent(),
      });
    });

    test('opens by itself to whatever listener forwards, when no security group is named', () => {
      const template = synthesize((stack) => {
        const vpc = importVpc(stack);
        const compute = new FargateCompute(stack, 'Compute', computeProps(stack, vpc));
        const securityGroup = new ec2.SecurityGroup(stack, 'Edge', { vpc, allowAllOutbound: false });
        const listener = elbv2.ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
          listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/edge/1234567890abcdef/fedcba0987654321',
          securityGroup,
        });
        listener.addAction('Forward', {
          priority: 1,
          conditions: [elbv2.ListenerCondition.pathPatterns(['/*'])],
          action: elbv2.ListenerAction.forward([compute.targetGroup]),
        });
      });
      template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 8080, ToPort: 8080 });
      template.hasResourceProperties('AWS::ECS::Service', { LoadBalancers: [Match.objectLike({ ContainerPort: 8080 })] });
    });
  });

  describe('scaling', () => {
    test.each([
      ['requests-per-target', 'ALBRequestCountPerTarget', 3000],
      ['cpu', 'ECSServiceAverageCPUUtilization', 60],
    ])('follows %s, in slower than out', (name, metric, target) => {
      example().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
        PolicyName: name,
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: target,
          ScaleInCooldown: 300,
          ScaleOutCooldown: 60,
          PredefinedMetricSpecification: Match.objectLike({ PredefinedMetricType: metric }),
        },
      });
    });
  });

  describe('alarms', () => {
    test.each([
      ['UnhealthyRoutingRequestCount', 0, 'GreaterThanThreshold'],
      ['UnHealthyHostCount', 1, 'GreaterThanOrEqualToThreshold'],
      ['CPUUtilization', 85, 'GreaterThanThreshold'],
      ['RunningTaskCount', 12, 'LessThanThreshold'],
    ])('watch %s', (metric, threshold, comparison) => {
      example().hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: metric,
        Threshold: threshold,
        ComparisonOperator: comparison,
        AlarmActions: ['arn:aws:sns:us-east-1:111111111111:alarms'],
        TreatMissingData: 'notBreaching',
      });
    });

    test('watch the share of HTTP 5xx', () => {
      example().hasResourceProperties('AWS::CloudWatch::Alarm', {
        Threshold: 5,
        EvaluationPeriods: 5,
        DatapointsToAlarm: 3,
        Metrics: Match.arrayWith([
          Match.objectLike({ Expression: '100 * FILL(errors, 0) / requests' }),
          Match.objectLike({
            Id: 'errors',
            MetricStat: Match.objectLike({
              Metric: Match.objectLike({
                MetricName: 'HTTPCode_Target_5XX_Count',
                Dimensions: [
                  { Name: 'LoadBalancer', Value: 'app/edge/1234567890abcdef' },
                  { Name: 'TargetGroup', Value: Match.anyValue() },
                ],
              }),
            }),
          }),
        ]),
      });
    });

    test('are exposed, those of deployments first', () => {
      synthesize((stack) => {
        const compute = build(stack, EXAMPLE_VALUES);
        expect(compute.alarms).toHaveLength(5);
        expect(compute.alarms.slice(0, 2)).toEqual(compute.deploymentAlarms);
        expect(compute.capacityProviderStrategies).toEqual([]);
      });
    });
  });

  describe('validation', () => {
    test.each<Partial<StampComputeProps>>([
      { stopTimeout: Duration.seconds(2), deregistrationDelay: Duration.seconds(0) },
      { stopTimeout: Duration.seconds(120), deregistrationDelay: Duration.seconds(120) },
      { minTasks: 1, maxTasks: 1 },
      { cpuTargetPercent: 10 },
      { cpuTargetPercent: 90 },
      { port: 1 },
      { port: 65535 },
      { cpu: 16384, memoryMiB: 122_880 },
    ])('accepts %j', (overrides) => {
      synthesize((stack) => {
        build(stack, EXAMPLE_VALUES, overrides);
      }).resourceCountIs('AWS::ECS::Service', 1);
    });

    test.each<[string, Partial<StampComputeProps>]>([
      ['STOP_TIMEOUT_RANGE', { stopTimeout: Duration.seconds(1), deregistrationDelay: Duration.seconds(0) }],
      ['STOP_TIMEOUT_RANGE', { stopTimeout: Duration.seconds(121) }],
      ['DRAIN_ORDER', { stopTimeout: Duration.seconds(59), deregistrationDelay: Duration.seconds(60) }],
      ['DRAIN_ORDER', { stopTimeout: Duration.seconds(120), deregistrationDelay: Duration.seconds(121) }],
      ['TASK_COUNTS', { minTasks: 0, maxTasks: 1 }],
      ['TASK_COUNTS', { minTasks: 3, maxTasks: 2 }],
      ['TASK_COUNTS', { minTasks: 1.5, maxTasks: 2 }],
      ['TARGET_HEALTH_THRESHOLDS', { dnsFailoverMinimumHealthyTargets: 1, unhealthyRoutingMinimumHealthyTargets: 2 }],
      ['TARGET_HEALTH_THRESHOLDS', { dnsFailoverMinimumHealthyTargets: 1, unhealthyRoutingMinimumHealthyTargets: 0 }],
      ['CPU_TARGET', { cpuTargetPercent: 9 }],
      ['CPU_TARGET', { cpuTargetPercent: 91 }],
      ['HEALTH_PATH', { healthPath: 'healthz' }],
      ['PORT_RANGE', { port: 0 }],
      ['PORT_RANGE', { port: 65536 }],
      ['FARGATE_SIZE', { cpu: 512, memoryMiB: 512 }],
      ['FARGATE_SIZE', { cpu: 1000, memoryMiB: 2048 }],
      ['DUPLICATE_ENVIRONMENT', { environment: { STAMP_DATABASE: '{}' } }],
    ])('fails with %s for %j', (code, overrides) => {
      expect(() =>
        synthesize((stack) => {
          build(stack, EXAMPLE_VALUES, overrides);
        }),
      ).toThrow(code);
    });
  });

  test('starts after its role may pull the image and its subnets have their way out', () => {
    const template = synthesize((stack) => {
      const vpc = new ec2.Vpc(stack, 'OwnVpc', { availabilityZones: ['us-east-1a', 'us-east-1b'] });
      build(stack, EXAMPLE_VALUES, { vpc });
    });
    expectStartAfterPrerequisites(template);
  });

  test('passes the synth checks', () => {
    const { violations } = synthesizeChecked((stack) => {
      build(stack, EXAMPLE_VALUES);
    });
    expect(violations).toEqual([]);
  });
});
