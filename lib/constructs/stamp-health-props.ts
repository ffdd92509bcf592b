import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { StampEgress } from './stamp-network';

/** How the health function looks at the stamp's database. */
export enum StampDatabaseProbe {
  /** The stamp has no database. */
  NONE = 'none',
  /** Login by IAM to a PostgreSQL writer and reader. */
  POSTGRESQL = 'postgresql',
  /** Login by IAM to a MySQL writer and reader. */
  MYSQL = 'mysql',
  /** One item of a DynamoDB table. */
  DYNAMODB = 'dynamodb',
  /** A TCP connection to the writer, for databases whose login the stamp does not hold. Role and writability stay unknown. */
  CONNECTION = 'connection',
}

/** What users of a read-only standby get. The verdict is the same (design 6). */
export enum StandbyServes {
  /** Reads. */
  READS = 'reads',
  /** 503, until the standby is promoted. */
  NONE = 'none',
}

/** Something outside the stamp that it cannot work without. */
export interface StampHealthDependency {
  /** Name of the check in the health document. */
  readonly name: string;
  /** URL that answers 2xx or 3xx while the dependency works. */
  readonly url: string;
  /** Other stamps use it too: its failure warns and never takes a stamp out (R5). */
  readonly shared: boolean;
}

/** Properties of {@link StampHealth}. */
export interface StampHealthProps {
  /** Network of the function. */
  readonly vpc: ec2.IVpc;
  /** Physical name: operators invoke the function by it. */
  readonly functionName: string;
  /** `<group>-<regionCode>`. */
  readonly stampId: string;
  /** The stamp's own load balancer. */
  readonly loadBalancer: elbv2.IApplicationLoadBalancer;
  /** The stamp's own DNS name, which the load balancer's certificate is for. */
  readonly recordName: string;
  /** Path on which the application answers 200 when it can serve. */
  readonly healthPath: string;
  /**
   * How the subnets reach the load balancer: through NAT the compute probe takes the users' way through the load balancer, without
   * a way out it asks the load balancing API about the targets.
   * @default StampEgress.NAT
   */
  readonly egress?: StampEgress;
  /**
   * Target group of the application.
   * @default - none; required with StampEgress.ENDPOINTS_ONLY
   */
  readonly computeTargetGroup?: elbv2.IApplicationTargetGroup;
  /** How the database is asked. @default StampDatabaseProbe.NONE */
  readonly databaseProbe?: StampDatabaseProbe;
  /**
   * The pointer to the database in use, read at run time.
   * @default - none; required with a database
   */
  readonly databaseParameter?: ssm.IParameter;
  /**
   * Database user of the probe.
   * @default - none; required with POSTGRESQL and MYSQL
   */
  readonly databaseUser?: string;
  /**
   * Security group of the database; the function gets a rule on both sides.
   * @default - none; with a `databasePort` the function may then connect to that port anywhere
   */
  readonly databaseSecurityGroup?: ec2.ISecurityGroup;
  /**
   * TCP port of the database.
   * @default - 5432 for POSTGRESQL, 3306 for MYSQL; required with CONNECTION
   */
  readonly databasePort?: number;
  /**
   * Other stamps use the same database: its failure warns and never takes a stamp out (R5).
   * @default false
   */
  readonly databaseShared?: boolean;
  /** What a stamp whose database is read-only does for users. @default StandbyServes.READS */
  readonly standbyServes?: StandbyServes;
  /**
   * How long an unreachable writer only warns. Longer than a writer failover inside the Region, or every one of those moves traffic.
   * @default Duration.seconds(90)
   */
  readonly writerGrace?: Duration;
  /**
   * How long a silent replica only warns.
   * @default Duration.seconds(0) - it fails at once
   */
  readonly replicaGrace?: Duration;
  /**
   * Replication lag above which the document warns. Lag never fails a stamp.
   * @default - lag is only reported
   */
  readonly warnLag?: Duration;
  /** Services of others that the stamp needs. @default - none */
  readonly dependencies?: StampHealthDependency[];
  /**
   * Concurrent executions kept for this function, so that nothing else in the account can starve the health check: what all checkers,
   * load balancer nodes and operators can have open at once.
   * @default 25 - 16 checkers (aws-facts 2.2), 3 load balancer nodes, and room for operators
   */
  readonly reservedConcurrency?: number;
  /**
   * Subnets of the function.
   * @default - the private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /**
   * Encrypts the environment and the logs.
   * @default - keys that AWS manages
   */
  readonly encryptionKey?: kms.IKey;
  /** How long logs are kept. @default logs.RetentionDays.THREE_MONTHS */
  readonly logRetention?: logs.RetentionDays;
  /** Where the alarms report. @default - the alarms have no actions; add them to `alarms` */
  readonly alarmTopic?: sns.ITopic;
  /**
   * What happens to the log group when the stamp is removed. Its name is generated, so a kept one is in nobody's way.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}
