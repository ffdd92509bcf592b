import { ArnFormat, Duration, RemovalPolicy, Size, Stack, Tokenization } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { StampArchitecture, type StampTaskProps } from '../stamp-task';
import { acknowledge, acknowledgeInlinePolicy, acknowledgeWildcardResources } from './acknowledge';
import { checkEnvironment, checkFargateSize, checkStopTimeout, MAX_STOP_SECONDS } from './compute-checks';

export interface TaskSettings {
  readonly compatibility: ecs.Compatibility;
  readonly containerName: string;
  /** Absent for tasks that nobody connects to. */
  readonly port?: number;
}

export const DEFAULT_STOP_TIMEOUT = Duration.seconds(MAX_STOP_SECONDS);

/** Children TaskDefinition, TaskRole, ExecutionRole and LogGroup of the scope. */
export function createTaskDefinition(scope: Construct, props: StampTaskProps, settings: TaskSettings): ecs.TaskDefinition {
  const stopTimeout = props.stopTimeout ?? DEFAULT_STOP_TIMEOUT;
  checkStopTimeout(stopTimeout);
  checkEnvironment(props);

  const fargate = settings.compatibility === ecs.Compatibility.FARGATE;
  if (fargate) checkFargateSize(props.cpu, props.memoryMiB);
  const taskDefinition = new ecs.TaskDefinition(scope, 'TaskDefinition', {
    compatibility: settings.compatibility,
    family: props.taskFamily,
    cpu: Tokenization.stringifyNumber(props.cpu),
    memoryMiB: Tokenization.stringifyNumber(props.memoryMiB),
    networkMode: ecs.NetworkMode.AWS_VPC,
    // On EC2 the instances decide the architecture.
    runtimePlatform: fargate
      ? { cpuArchitecture: cpuArchitecture(props.architecture), operatingSystemFamily: ecs.OperatingSystemFamily.LINUX }
      : undefined,
    taskRole: taskRole(scope, 'TaskRole', 'What the application itself may do'),
    executionRole: createExecutionRole(scope, props),
  });

  const container = taskDefinition.addContainer(settings.containerName, {
    containerName: settings.containerName,
    image: ecs.ContainerImage.fromRegistry(props.image),
    essential: true,
    command: props.command,
    environment: props.environment,
    secrets: ecsSecrets(props),
    stopTimeout,
    privileged: false,
    readonlyRootFilesystem: props.readonlyRootFilesystem ?? true,
    linuxParameters: createLinuxParameters(scope, props),
    logging: ecs.LogDriver.awsLogs({
      logGroup: createLogGroup(scope, props),
      streamPrefix: settings.containerName,
      // An application must not stand still because CloudWatch Logs does.
      mode: ecs.AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: Size.mebibytes(25),
    }),
  });
  if (settings.port !== undefined) container.addPortMappings({ containerPort: settings.port, protocol: ecs.Protocol.TCP });
  acknowledge(
    taskDefinition,
    'The variables are names and numbers of the application contract, not secrets; those come from Secrets Manager at task start.',
    'AwsSolutions-ECS2',
  );
  acknowledge(
    taskDefinition,
    'The execution role may pull from the repositories; the image is a string because it may be a value that is filled in after synth.',
    'Annotation::@aws-cdk/aws-ecs:ecrImageRequiresPolicy',
  );
  return taskDefinition;
}

function cpuArchitecture(architecture: StampArchitecture | undefined): ecs.CpuArchitecture {
  return architecture === StampArchitecture.ARM64 ? ecs.CpuArchitecture.ARM64 : ecs.CpuArchitecture.X86_64;
}

function createLinuxParameters(scope: Construct, props: StampTaskProps): ecs.LinuxParameters {
  // The init process hands SIGTERM on and reaps children, so that images without one still drain.
  const parameters = new ecs.LinuxParameters(scope, 'LinuxParameters', { initProcessEnabled: true });
  if (props.readonlyRootFilesystem ?? true) {
    // tmpfs and not a volume: a volume belongs to root, so users other than root could not write to it.
    parameters.addTmpfs({
      containerPath: '/tmp',
      size: props.tmpSizeMiB ?? 64,
      mountOptions: [ecs.TmpfsMountOption.NOSUID, ecs.TmpfsMountOption.NODEV],
    });
  }
  return parameters;
}

function createLogGroup(scope: Construct, props: StampTaskProps): logs.LogGroup {
  const logGroup = new logs.LogGroup(scope, 'LogGroup', {
    retention: props.logRetention ?? logs.RetentionDays.THREE_MONTHS,
    encryptionKey: props.encryptionKey,
    removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  if (props.encryptionKey === undefined) {
    acknowledge(
      logGroup,
      "No key was given (encryptionKey): CloudWatch Logs encrypts the log group with the service's own key.",
      'NIST.800.53.R5-CloudWatchLogGroupEncrypted',
    );
  }
  return logGroup;
}

function ecsSecrets(props: StampTaskProps): Record<string, ecs.Secret> {
  const secrets: Record<string, ecs.Secret> = {};
  for (const [name, secret] of Object.entries(props.secrets ?? {})) secrets[name] = ecs.Secret.fromSecretsManager(secret);
  for (const [name, parameter] of Object.entries(props.parameters ?? {})) secrets[name] = ecs.Secret.fromSsmParameter(parameter);
  return secrets;
}

/** What ECS needs to start the task: pull the image, read its secrets, write its logs. */
function createExecutionRole(scope: Construct, props: StampTaskProps): iam.Role {
  const stack = Stack.of(scope);
  const role = taskRole(scope, 'ExecutionRole', 'What ECS needs to start the task');
  const repositories = props.imageRepositoryArns ?? [
    stack.formatArn({ service: 'ecr', resource: 'repository', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME }),
  ];
  // An image outside of private ECR is pulled without the role.
  if (repositories.length === 0) return role;
  role.addToPolicy(new iam.PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }));
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: repositories,
    }),
  );
  acknowledgeWildcardResources(role, 'ecr:GetAuthorizationToken takes no resource.', '*');
  if (props.imageRepositoryArns === undefined) {
    acknowledgeWildcardResources(
      role,
      'The image may be a value that is filled in after synth, so its repository is unknown; pulling only reads, within the account and Region.',
      ...repositories,
    );
  }
  return role;
}

function taskRole(scope: Construct, id: string, description: string): iam.Role {
  const stack = Stack.of(scope);
  const role = new iam.Role(scope, id, {
    description,
    // Only tasks of this account and Region: no other customer's task may be made to use the role.
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'ecs', resource: '*' }) },
      },
    }),
  });
  acknowledgeInlinePolicy(role);
  return role;
}
