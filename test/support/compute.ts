import { Duration, type Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { expect } from 'vitest';
import type { StampCompute, StampComputeProps } from '../../lib/constructs/stamp-compute';
import type { StampValues } from '../../lib/topology/types';
import { EXAMPLE_VALUES } from './synth';

/** An existing VPC, as a user brings it. */
export function importVpc(stack: Stack): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    privateSubnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb', 'subnet-0cccccccccccccccc'],
    privateSubnetRouteTableIds: ['rtb-0aaaaaaaaaaaaaaaa', 'rtb-0bbbbbbbbbbbbbbbb', 'rtb-0cccccccccccccccc'],
  });
}

/** An existing topic for alarms. */
export function importTopic(stack: Stack): sns.ITopic {
  return sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111111111111:alarms');
}

export interface LoadBalancer {
  readonly securityGroup: ec2.ISecurityGroup;
  /** Forwards to the web tasks, as StampEdge does. */
  forwardTo(compute: StampCompute): void;
}

/** An existing load balancer with its listener. */
export function importLoadBalancer(stack: Stack): LoadBalancer {
  const securityGroup = ec2.SecurityGroup.fromSecurityGroupId(stack, 'LbSecurityGroup', 'sg-0123456789abcdef0', {
    allowAllOutbound: false,
  });
  const listener = elbv2.ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
    listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/edge/1234567890abcdef/fedcba0987654321',
    securityGroup,
  });
  return {
    securityGroup,
    forwardTo: (compute) => {
      listener.addAction('Forward', {
        priority: 10,
        conditions: [elbv2.ListenerCondition.pathPatterns(['/*'])],
        action: elbv2.ListenerAction.forward([compute.targetGroup]),
      });
    },
  };
}

/** Settings of the web tasks of the example stamp; structure can be overridden. */
export function computeProps(
  stack: Stack,
  vpc: ec2.IVpc,
  values: StampValues = EXAMPLE_VALUES,
  overrides: Partial<StampComputeProps> = {},
): StampComputeProps {
  return {
    vpc,
    image: values.image,
    taskFamily: values.names.taskFamily,
    clusterName: values.names.cluster,
    serviceName: values.names.service,
    cpu: 512,
    memoryMiB: 1024,
    port: 8080,
    healthPath: '/healthz',
    minTasks: values.capacity.minTasks,
    maxTasks: values.capacity.maxTasks,
    requestsPerTargetPerMinute: values.capacity.requestsPerTargetPerMinute,
    stopTimeout: Duration.seconds(90),
    deregistrationDelay: Duration.seconds(60),
    environment: { STAMP_ID: values.names.stampId, STAMP_GROUP: values.group },
    secrets: { API_KEY: secretsmanager.Secret.fromSecretNameV2(stack, 'ApiKey', 'shop/api-key') },
    parameters: {
      STAMP_DATABASE: ssm.StringParameter.fromStringParameterAttributes(stack, 'Pointer', {
        parameterName: values.names.databaseParameter,
        simpleName: false,
      }),
    },
    ...overrides,
  };
}

/** Expects the only service of the template to wait for the policy of its execution role and for every route to a NAT gateway. */
export function expectStartAfterPrerequisites(template: Template): void {
  const [service] = Object.values(template.findResources('AWS::ECS::Service'));
  const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
  const pull = policies.filter(([, policy]) => JSON.stringify(policy).includes('ecr:BatchGetImage')).map(([id]) => id);
  const routes = Object.entries(template.findResources('AWS::EC2::Route'))
    .filter(([, route]) => route['Properties'].NatGatewayId !== undefined)
    .map(([id]) => id);
  expect(pull).toHaveLength(1);
  expect(routes.length).toBeGreaterThan(0);
  expect(service!['DependsOn']).toEqual(expect.arrayContaining([...pull, ...routes]));
}
