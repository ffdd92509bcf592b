import { ArnFormat, Stack, Token, type Duration } from 'aws-cdk-lib';
import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { StampError } from '../errors';
import { acknowledgeWildcardResources } from './private/acknowledge';
import { createTaskFloorAlarm } from './private/compute-alarms';
import { checkTaskCounts } from './private/compute-checks';
import { createTaskSecurityGroup, serviceDefaults, spreadOverZones, startAfterPrerequisites } from './private/service-defaults';
import { scaleOnBacklog } from './private/service-scaling';
import { createTaskDefinition, DEFAULT_STOP_TIMEOUT } from './private/task-definition';
import type { StampTaskProps } from './stamp-task';

/** Properties of {@link StampWorker}. */
export interface StampWorkerProps extends StampTaskProps {
  /** The cluster of the stamp's web tasks, with Container Insights: the count of running tasks comes from there. */
  readonly cluster: ecs.ICluster;
  /** The queue the worker consumes. */
  readonly queue: sqs.IQueue;
  /**
   * Average time a message takes. With it, `visibilityTimeout` and `stopTimeout` are proven to be longer.
   * @default - not checked
   */
  readonly averageProcessing?: Duration;
  /**
   * Visibility timeout of the queue.
   * @default - not checked
   */
  readonly visibilityTimeout?: Duration;
  /** Messages one task may have waiting: longest acceptable latency divided by average processing time (aws-facts 6.4). */
  readonly backlogPerTask: number;
  /**
   * How the cluster gives capacity, `compute.capacityProviderStrategies`.
   * @default - Fargate on demand
   */
  readonly capacityProviderStrategies?: ecs.CapacityProviderStrategy[];
}

/**
 * Consumes a stamp's queue: a service of its own, apart from the web tasks (a bulkhead: a flood of work cannot take their capacity),
 * that nobody can connect to, scaled on the backlog per running task.
 *
 * A task may protect itself from scale-in while it works on a message (ECS task scale-in protection); its role allows that.
 */
export class StampWorker extends Construct implements ec2.IConnectable {
  /** The ECS service. */
  public readonly service: ecs.BaseService;
  /** What runs, and as which role. */
  public readonly taskDefinition: ecs.TaskDefinition;
  /** Security group of the tasks. */
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly connections: ec2.Connections;
  /** The number of tasks, to add scaling policies of your own. */
  public readonly scalableTarget: appscaling.ScalableTarget;
  /** Fewer tasks than the floor. */
  public readonly alarms: cloudwatch.Alarm[];

  /** @throws StampError `STOP_TIMEOUT_RANGE`, `TASK_COUNTS`, `DUPLICATE_ENVIRONMENT`, `FARGATE_SIZE`, `BACKLOG_PER_TASK`, `PROCESSING_TIME`. */
  public constructor(scope: Construct, id: string, props: StampWorkerProps) {
    super(scope, id);
    checkTaskCounts(props.minTasks, props.maxTasks, 0);
    checkBacklog(props.backlogPerTask);
    checkProcessing(props.averageProcessing, 'visibility timeout', props.visibilityTimeout);
    checkProcessing(props.averageProcessing, 'stop timeout', props.stopTimeout ?? DEFAULT_STOP_TIMEOUT);

    const strategies = props.capacityProviderStrategies ?? [];
    const onEc2 = strategies.length > 0;
    this.securityGroup = createTaskSecurityGroup(this, props.cluster.vpc, 'Worker tasks: nothing connects to them');
    this.taskDefinition = createTaskDefinition(this, props, {
      compatibility: onEc2 ? ecs.Compatibility.EC2 : ecs.Compatibility.FARGATE,
      containerName: 'worker',
    });
    this.allowTaskProtection(props.cluster);
    props.queue.grantConsumeMessages(this.taskDefinition.taskRole);

    const parts = { cluster: props.cluster, taskDefinition: this.taskDefinition, securityGroup: this.securityGroup };
    const common = serviceDefaults(props, parts);
    this.service = onEc2
      ? new ecs.Ec2Service(this, 'Service', {
          ...common,
          capacityProviderStrategies: strategies,
          placementStrategies: spreadOverZones(),
        })
      : new ecs.FargateService(this, 'Service', common);
    startAfterPrerequisites(this.service, props, parts);
    // The cluster's link to its capacity provider comes before the services that use it, and goes after them.
    this.service.node.addDependency(props.cluster);

    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup] });
    this.scalableTarget = scaleOnBacklog(this, {
      cluster: props.cluster,
      service: this.service,
      minTasks: props.minTasks,
      maxTasks: props.maxTasks,
      queue: props.queue,
      backlogPerTask: props.backlogPerTask,
    });
    this.alarms = [
      createTaskFloorAlarm(this, {
        cluster: props.cluster,
        serviceName: this.service.serviceName,
        minTasks: props.minTasks,
        topic: props.alarmTopic,
      }),
    ];
  }

  private allowTaskProtection(cluster: ecs.ICluster): void {
    const tasks = Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'task',
      resourceName: `${cluster.clusterName}/*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    this.taskDefinition.addToTaskRolePolicy(
      new iam.PolicyStatement({ actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'], resources: [tasks] }),
    );
    acknowledgeWildcardResources(
      this.taskDefinition.taskRole,
      'Task ids exist at run time only; limited to this cluster.',
      tasks,
    );
  }
}

function checkBacklog(backlogPerTask: number): void {
  if (Token.isUnresolved(backlogPerTask)) return;
  if (!(backlogPerTask > 0)) {
    throw new StampError(
      'BACKLOG_PER_TASK',
      `a backlog of ${backlogPerTask} messages per task cannot be a scaling target`,
      'Use the longest acceptable latency divided by the average processing time of one message.',
    );
  }
}

/** Otherwise the next task gets a message that is still being worked on, or SIGKILL leaves it half done. */
function checkProcessing(processing: Duration | undefined, name: string, timeout: Duration | undefined): void {
  if (processing === undefined || timeout === undefined) return;
  if (processing.isUnresolved() || timeout.isUnresolved()) return;
  if (timeout.toMilliseconds() <= processing.toMilliseconds()) {
    throw new StampError(
      'PROCESSING_TIME',
      `a ${name} of ${timeout.toMilliseconds()} ms is no longer than the ${processing.toMilliseconds()} ms a message takes`,
      `Raise the ${name} well above the average, or split the work into smaller messages.`,
    );
  }
}
