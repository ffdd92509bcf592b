import { ArnFormat, Duration, Stack, type RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DatabasePointer } from './database-pointer';
import { acknowledgeWildcardResources } from './private/acknowledge';
import { tableAlarms } from './private/table-alarms';
import { DatabaseUser, StampDatabase } from './stamp-database';

/** Properties of {@link TableMember}. */
export interface TableMemberProps {
  /** Name of the global table; the same in every Region. */
  readonly tableName: string;
  /** ARN of the replica in this Region. */
  readonly tableArn: string;
  /** Start of every table name a restore may create, e.g. `shop-pool.`. Nothing else may start like it. */
  readonly tablePrefix: string;
  /** SSM parameter name of the pointer. */
  readonly pointerName: string;
  /**
   * ARN of the customer-managed key of this replica (the key, not an alias: IAM matches keys only).
   * @default - an AWS managed key, which needs no permission of the caller
   */
  readonly tableKeyArn?: string;
  /**
   * Other Regions of an eventually consistent table: one alarm on the replication to each. Strongly consistent tables publish no
   * replication latency (aws-facts 4.2).
   * @default - no alarms on replication
   */
  readonly peerRegions?: string[];
  /**
   * Replication latency that raises the alarm.
   * @default Duration.seconds(30)
   */
  readonly replicationLatencyAlarm?: Duration;
  /**
   * What happens to the pointer when the stack goes.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

const READ_ITEMS = [
  'dynamodb:BatchGetItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:GetItem',
  'dynamodb:Query',
  'dynamodb:Scan',
];
const WRITE_ITEMS = ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const DESCRIBE = ['dynamodb:DescribeTable'];

const TABLE_ACTIONS: Record<DatabaseUser, string[]> = {
  [DatabaseUser.APP]: [...DESCRIBE, ...READ_ITEMS, ...WRITE_ITEMS],
  [DatabaseUser.PROBE]: [...DESCRIBE, 'dynamodb:GetItem'],
  [DatabaseUser.VALIDATOR]: [...DESCRIBE, ...READ_ITEMS],
};

const READ_KEY = ['kms:Decrypt', 'kms:DescribeKey'];
const KEY_ACTIONS: Record<DatabaseUser, string[]> = {
  [DatabaseUser.APP]: [...READ_KEY, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
  [DatabaseUser.PROBE]: READ_KEY,
  [DatabaseUser.VALIDATOR]: READ_KEY,
};

/**
 * The stamp's side of a group's DynamoDB table: access to the replica in its own Region, the pointer and alarms. The table
 * itself, with all replicas, belongs to the group's data stack (R3's named exception).
 */
export class TableMember extends StampDatabase {
  public readonly engine = 'dynamodb';
  public readonly pointer: DatabasePointer;
  public readonly alarms: cloudwatch.Alarm[];

  private readonly props: TableMemberProps;

  public constructor(scope: Construct, id: string, props: TableMemberProps) {
    super(scope, id);
    this.props = props;
    this.pointer = new DatabasePointer(this, 'Pointer', {
      parameterName: props.pointerName,
      engine: this.engine,
      tableName: props.tableName,
      ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
    });
    this.alarms = tableAlarms(this, {
      tableName: props.tableName,
      peerRegions: props.peerRegions ?? [],
      maxLatency: props.replicationLatencyAlarm ?? Duration.seconds(30),
    });
  }

  /**
   * Access to the items of the table, of its indexes, and of every table a restore creates: a restored table has a new name that starts
   * with `tablePrefix` (aws-facts 13.3). No permission to create, change or delete tables.
   */
  public override grantAccess(grantee: iam.IGrantable, user: DatabaseUser): void {
    const restored = Stack.of(this).formatArn({
      service: 'dynamodb',
      resource: 'table',
      resourceName: `${this.props.tablePrefix}*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    const indexes = `${this.props.tableArn}/index/*`;
    // The wildcard reaches across slashes: indexes of restored tables are included.
    iam.Grant.addToPrincipal({
      grantee,
      actions: TABLE_ACTIONS[user],
      resourceArns: [this.props.tableArn, indexes, restored],
    });
    if (Construct.isConstruct(grantee.grantPrincipal)) {
      acknowledgeWildcardResources(
        grantee.grantPrincipal,
        'Item access to the indexes of the table, and to the tables of this group by prefix: a restore creates a table with a new name, and recovery must not depend on IAM.',
        indexes,
        restored,
      );
    }
    this.grantKey(grantee, user);
  }

  private grantKey(grantee: iam.IGrantable, user: DatabaseUser): void {
    if (this.props.tableKeyArn === undefined) return;
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: KEY_ACTIONS[user],
        resources: [this.props.tableKeyArn],
        // The key opens for items that DynamoDB hands out, not for ciphertext from elsewhere.
        conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(this).region}.amazonaws.com` } },
      }),
    );
  }
}
