import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as ssm from 'aws-cdk-lib/aws-ssm';

/** CPU architecture that a task's image is built for. */
export enum StampArchitecture {
  /** 64-bit Intel and AMD. */
  X86_64 = 'x86_64',
  /** 64-bit Arm: AWS Graviton. */
  ARM64 = 'arm64',
}

/** The container of a task, and how many tasks run. */
export interface StampContainerProps {
  /** Image reference, in a registry of the stamp's own Region: a Region must be able to start tasks alone (design R10). */
  readonly image: string;
  /**
   * ARNs of the ECR repositories that tasks may pull from. Name the repository when it is in another account; give an empty list for
   * an image outside of private ECR.
   * @default - every repository of the stack's own account and Region
   */
  readonly imageRepositoryArns?: string[];
  /** CPU units of a task; 1024 is one vCPU. */
  readonly cpu: number;
  /** Memory of a task in MiB. */
  readonly memoryMiB: number;
  /** Tasks that always run: enough for the peak with one Availability Zone gone. */
  readonly minTasks: number;
  /** Most tasks that scaling may start. */
  readonly maxTasks: number;
  /**
   * Time from SIGTERM to SIGKILL, 2 to 120 seconds (aws-facts 16).
   * @default Duration.seconds(120)
   */
  readonly stopTimeout?: Duration;
  /** Processor architecture of the image. @default StampArchitecture.X86_64 */
  readonly architecture?: StampArchitecture;
  /** Command that the container runs. @default - the command of the image */
  readonly command?: string[];
  /** Environment variables in plain text. @default - none */
  readonly environment?: { readonly [name: string]: string };
  /** Environment variables read from Secrets Manager when a task starts. @default - none */
  readonly secrets?: { readonly [name: string]: secretsmanager.ISecret };
  /**
   * The container's own files cannot be changed; `/tmp` stays writable, in memory.
   * @default true
   */
  readonly readonlyRootFilesystem?: boolean;
  /**
   * Size of the in-memory `/tmp` in MiB; what is used of it counts as memory of the task.
   * @default 64
   */
  readonly tmpSizeMiB?: number;
}

/** What web tasks and worker tasks have in common: one container, its settings and its service. */
export interface StampTaskProps extends StampContainerProps {
  /** Family of the task definition. */
  readonly taskFamily: string;
  /** Name of the ECS service. */
  readonly serviceName: string;
  /** Environment variables read from SSM parameters when a task starts, such as STAMP_DATABASE. @default - none */
  readonly parameters?: { readonly [name: string]: ssm.IParameter };
  /** Encrypts the log group; its policy must let CloudWatch Logs use it, as StampKey's does. @default - CloudWatch Logs' own encryption */
  readonly encryptionKey?: kms.IKey;
  /** How long logs are kept. @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: logs.RetentionDays;
  /** Subnets of the tasks (and of the instances that carry them). @default - private subnets with egress */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /** Where the alarms report. @default - the alarms have no actions; add them to `alarms` */
  readonly alarmTopic?: sns.ITopic;
  /** What happens to the log group when it leaves the stack. @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE */
  readonly removalPolicy?: RemovalPolicy;
}
