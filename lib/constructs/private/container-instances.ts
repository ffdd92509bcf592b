import { Duration, Tags, Token } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { StampError } from '../../errors';
import type { Ec2ComputeProps } from '../ec2-compute';
import { StampArchitecture } from '../stamp-task';
import { acknowledge, acknowledgeInlinePolicy, acknowledgeWildcardResources } from './acknowledge';
import { numberText } from './number-text';
import { taskSubnets } from './service-defaults';

/** From launch to carrying tasks: boot, agent, image pull. */
const WARM_UP = Duration.minutes(2);

export interface ContainerInstances {
  readonly autoScalingGroup: autoscaling.AutoScalingGroup;
  readonly capacityProvider: ecs.AsgCapacityProvider;
}

/** Children LaunchTemplate, AutoScalingGroup and CapacityProvider of the scope, joined to the cluster. */
export function createContainerInstances(scope: Construct, props: Ec2ComputeProps, cluster: ecs.Cluster): ContainerInstances {
  checkArchitecture(props);
  checkInstanceCounts(props.minInstances, props.maxInstances);
  const launchTemplate = createLaunchTemplate(scope, props, cluster);
  const autoScalingGroup = new autoscaling.AutoScalingGroup(scope, 'AutoScalingGroup', {
    vpc: props.vpc,
    vpcSubnets: taskSubnets(props),
    launchTemplate,
    minCapacity: props.minInstances,
    maxCapacity: props.maxInstances,
    healthChecks: autoscaling.HealthChecks.ec2({ gracePeriod: WARM_UP }),
    defaultInstanceWarmup: WARM_UP,
    azCapacityDistributionStrategy: autoscaling.CapacityDistributionStrategy.BALANCED_BEST_EFFORT,
    // Replacements come up before what they replace goes down.
    minHealthyPercentage: 100,
    maxHealthyPercentage: 120,
    groupMetrics: [autoscaling.GroupMetrics.all()],
    notifications: props.alarmTopic === undefined ? undefined : [{ topic: props.alarmTopic }],
    // One instance at a time; managed draining moves its tasks first.
    updatePolicy: autoscaling.UpdatePolicy.rollingUpdate({
      maxBatchSize: 1,
      minInstancesInService: props.minInstances,
      pauseTime: WARM_UP,
    }),
  });
  const group = autoScalingGroup.node.defaultChild as autoscaling.CfnAutoScalingGroup;
  // The properties are text; the L2's reference would become a number.
  group.minSize = numberText(props.minInstances);
  group.maxSize = numberText(props.maxInstances);
  // Shifting away from a zone must not start replacing its instances there: the capacity elsewhere already exists (design R4).
  group.availabilityZoneImpairmentPolicy = {
    zonalShiftEnabled: true,
    impairedZoneHealthCheckBehavior: 'IgnoreUnhealthy',
  };
  Tags.of(autoScalingGroup).add('Name', props.clusterName);
  if (props.alarmTopic === undefined) {
    acknowledge(
      autoScalingGroup,
      'No topic was given (alarmTopic). Launches and terminations are in the group metrics, and the task floor alarm reports missing capacity.',
      'AwsSolutions-AS3',
    );
  }

  const capacityProvider = new ecs.AsgCapacityProvider(scope, 'CapacityProvider', {
    // A name of our own: the generated one starts with the stack's, and ECS rejects names that start with aws, ecs or fargate.
    capacityProviderName: `cp-${props.clusterName}`,
    autoScalingGroup,
    enableManagedScaling: true,
    // Protected instances outlive the provider, and CloudFormation then waits in vain for the group to empty: a removed stack, and a
    // first create that is rolled back, would hang. Draining moves the tasks first, so an ended instance costs no request.
    enableManagedTerminationProtection: false,
    enableManagedDraining: true,
    instanceWarmupPeriod: WARM_UP.toSeconds(),
    targetCapacityPercent: 100,
  });
  cluster.addAsgCapacityProvider(capacityProvider);
  return { autoScalingGroup, capacityProvider };
}

function createLaunchTemplate(scope: Construct, props: Ec2ComputeProps, cluster: ecs.ICluster): ec2.LaunchTemplate {
  const role = createInstanceRole(scope, cluster);
  const userData = ec2.UserData.forLinux();
  // Tasks have their own role and must not reach the one of the instance.
  userData.addCommands('echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config');
  const hardware = props.architecture === StampArchitecture.ARM64 ? ecs.AmiHardwareType.ARM : ecs.AmiHardwareType.STANDARD;
  const launchTemplate = new ec2.LaunchTemplate(scope, 'LaunchTemplate', {
    instanceType: props.instanceType,
    // Read from AWS's public SSM parameter at every deployment, and not at every launch: instances that start during an
    // incident run what the last deployment proved.
    machineImage: ecs.EcsOptimizedImage.amazonLinux2023(hardware),
    userData,
    role: role.withoutPolicyUpdates(),
    securityGroup: createInstanceSecurityGroup(scope, props.vpc),
    associatePublicIpAddress: false,
    requireImdsv2: true,
    httpPutResponseHopLimit: 1,
    detailedMonitoring: true,
    ebsOptimized: true,
    blockDevices: [
      {
        deviceName: '/dev/xvda',
        // The account's default EBS key: the volume holds images and scratch files only, and a key of our own would need a grant
        // for the service-linked role of Auto Scaling, which may not exist yet.
        volume: ec2.BlockDeviceVolume.ebs(props.rootVolumeSizeGiB ?? 50, {
          encrypted: true,
          volumeType: ec2.EbsDeviceVolumeType.GP3,
          deleteOnTermination: true,
        }),
      },
    ],
  });
  // Instances must not start before their policy exists.
  launchTemplate.node.addDependency(role);
  // The default name is the construct path, which holds the stack's id.
  Tags.of(launchTemplate).add('Name', props.clusterName, { priority: 300 });
  return launchTemplate;
}

function createInstanceSecurityGroup(scope: Construct, vpc: ec2.IVpc): ec2.SecurityGroup {
  return new ec2.SecurityGroup(scope, 'InstanceSecurityGroup', {
    vpc,
    description: 'Container instances: nothing connects to them',
    allowAllOutbound: true,
  });
}

/** The policies that `cluster.addAsgCapacityProvider` would write are wider, so the group gets the role without policy updates. */
function createInstanceRole(scope: Construct, cluster: ecs.ICluster): iam.Role {
  const role = new iam.Role(scope, 'InstanceRole', {
    description: 'What the ECS agent and Session Manager need on a container instance',
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
  });
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: [
        'ecs:DeregisterContainerInstance',
        'ecs:RegisterContainerInstance',
        'ecs:SubmitAttachmentStateChanges',
        'ecs:SubmitContainerStateChange',
        'ecs:SubmitTaskStateChange',
      ],
      resources: [cluster.clusterArn],
    }),
  );
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['ecs:Poll', 'ecs:StartTelemetrySession'],
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
    }),
  );
  role.addToPolicy(new iam.PolicyStatement({ actions: ['ecs:DiscoverPollEndpoint'], resources: ['*'] }));
  acknowledgeInlinePolicy(role);
  acknowledgeWildcardResources(
    role,
    'The ECS agent polls by the id of its instance, which exists at run time only, and on this cluster only (condition); finding the endpoint to poll takes no resource.',
    '*',
  );
  acknowledge(
    role,
    'AWS keeps this policy in step with the SSM agent; it lets the instance talk to Session Manager and nothing else, in place of SSH.',
    'AwsSolutions-IAM4[Policy::arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore]',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]',
  );
  return role;
}

function checkArchitecture(props: Ec2ComputeProps): void {
  if (Token.isUnresolved(props.instanceType.toString())) return;
  const wanted = props.architecture ?? StampArchitecture.X86_64;
  const offered =
    props.instanceType.architecture === ec2.InstanceArchitecture.ARM_64 ? StampArchitecture.ARM64 : StampArchitecture.X86_64;
  if (wanted !== offered) {
    throw new StampError(
      'INSTANCE_ARCHITECTURE',
      `${props.instanceType.toString()} instances are ${offered}, but the tasks are built for ${wanted}`,
      'Choose an instance type of the architecture of the image, or build the image for the instances.',
    );
  }
}

/** @throws StampError `INSTANCE_COUNTS` */
export function checkInstanceCounts(minInstances: number, maxInstances: number): void {
  if (Token.isUnresolved(minInstances) || Token.isUnresolved(maxInstances)) return;
  if (!Number.isInteger(minInstances) || !Number.isInteger(maxInstances) || minInstances < 1 || maxInstances <= minInstances) {
    throw new StampError(
      'INSTANCE_COUNTS',
      `${minInstances} to ${maxInstances} instances leave no room for a rolling update`,
      'Use whole numbers with 1 <= minInstances < maxInstances: one instance more comes up before one goes down.',
    );
  }
}
