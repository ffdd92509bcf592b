import { WireClock } from './clock';
import { type Direct, WireServer } from './server';
import { backup } from './services/backup';
import { BackupState } from './services/backup-state';
import { cloudformation } from './services/cloudformation';
import { cloudwatch } from './services/cloudwatch';
import { applicationAutoScaling, autoScaling, ecs, loadBalancing } from './services/compute';
import { COMPUTE_TIMES, ComputeState } from './services/compute-state';
import { dynamodb } from './services/dynamodb';
import { DynamoDbState, TABLE_TIMES } from './services/dynamodb-state';
import { lambda, LambdaState } from './services/lambda';
import { rds } from './services/rds';
import { RDS_TIMES, RdsState } from './services/rds-state';
import { BucketState, s3 } from './services/s3';
import { QueueState, sqs } from './services/sqs';
import { ParameterState, ssm } from './services/ssm';
import { WireWorld } from './world';

export interface WireOptions {
  /** How many times as fast as real time things happen; 0: only when `advance` is called. @default 0 */
  readonly speed?: number;
  /** Milliseconds since 1970. @default - now */
  readonly start?: number;
}

/** The services that the fake answers for, as variables of the SDK name their endpoints: `AWS_ENDPOINT_URL_<this>`. */
export const ENDPOINT_VARIABLES = [
  'RDS',
  'AUTO_SCALING',
  'ELASTIC_LOAD_BALANCING_V2',
  'APPLICATION_AUTO_SCALING',
  'ECS',
  'DYNAMODB',
  'CLOUDWATCH',
  'BACKUP',
  'LAMBDA',
  'S3',
  'SQS',
  'SSM',
  'CLOUDFORMATION',
] as const;

/** What leads the SDK's clients to the fake. Leave out the services that somebody else is to answer for. */
export function wireVariables(endpoint: string, services: readonly string[] = ENDPOINT_VARIABLES): Record<string, string> {
  return Object.fromEntries(services.map((name) => [`AWS_ENDPOINT_URL_${name}`, endpoint]));
}

/** What of AWS the emulator lacks, in one process: see README.md. */
export class WireAws {
  public readonly world: WireWorld;
  public readonly rds: RdsState;
  public readonly dynamodb: DynamoDbState;
  public readonly compute: ComputeState;
  public readonly backup: BackupState;
  public readonly parameters: ParameterState;
  public readonly queues: QueueState;
  public readonly buckets = new BucketState();
  /** `account/region/name`. */
  public readonly stacks = new Set<string>();
  public readonly lambda = new LambdaState();
  private readonly server: WireServer;

  public constructor({ speed = 0, start = Date.now() }: WireOptions = {}, direct?: Direct) {
    this.world = new WireWorld(new WireClock(start, speed));
    this.rds = new RdsState(this.world, { ...RDS_TIMES });
    this.dynamodb = new DynamoDbState(this.world, { ...TABLE_TIMES });
    this.compute = new ComputeState(this.world, { ...COMPUTE_TIMES });
    this.backup = new BackupState(this.world, this.rds, this.dynamodb);
    this.parameters = new ParameterState(this.world);
    this.queues = new QueueState(this.world);
    const handlers = {
      rds: rds(this.rds),
      dynamodb: dynamodb(this.dynamodb),
      monitoring: cloudwatch(this.rds, this.dynamodb),
      ecs: ecs(this.compute),
      'application-autoscaling': applicationAutoScaling(this.compute),
      autoscaling: autoScaling(this.compute),
      elasticloadbalancing: loadBalancing(this.compute),
      backup: backup(this.backup),
      lambda: lambda(this.lambda),
      ssm: ssm(this.parameters, this.world),
      sqs: sqs(this.queues, this.world),
      cloudformation: cloudformation(this.stacks),
    };
    this.server = new WireServer(this.world, handlers, (place, request) => s3(this.buckets, place, request), direct);
  }

  /** @returns the endpoint, on loopback */
  public start(port?: number): Promise<string> {
    return this.server.start(port);
  }

  public stop(): Promise<void> {
    return this.server.stop();
  }
}
