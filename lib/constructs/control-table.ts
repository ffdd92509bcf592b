import { ArnFormat, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { StampError } from '../errors';
import { STRONG_REGION_COUNT } from '../facts/region-sets';

/** Names of the key attributes; the operations engine writes lease and journal under them. */
const PARTITION_KEY = 'pk';
const SORT_KEY = 'sk';

/** Properties of {@link ControlTable}. */
export interface ControlTableProps {
  /** Physical name, the same in every Region. */
  readonly tableName: string;

  /**
   * Regions of the replicas besides the stack's own Region: one with a witness, two without. All Regions of the table lie in one
   * Region set of DynamoDB (US, EU or AP). DynamoDB cannot change them later: a strongly consistent table takes no single replica
   * more or less (aws-facts 4.2).
   */
  readonly replicaRegions: string[];

  /**
   * Region of the witness, which takes part in the consensus and stores no readable copy.
   *
   * @default - none: the table has three replicas
   */
  readonly witnessRegion?: string;

  /**
   * Customer-managed key of the replica in the stack's own Region.
   *
   * @default - the AWS-managed key of DynamoDB in every Region
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Customer-managed key ARN of each other replica, by Region. Needed when `encryptionKey` is given.
   *
   * @default - none
   */
  readonly replicaKeyArns?: { readonly [region: string]: string };

  /**
   * Whether DynamoDB refuses to delete a replica.
   *
   * @default true
   */
  readonly deletionProtection?: boolean;

  /**
   * What happens to the table when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The table of lease and journal (design 7, 8): one DynamoDB global table with multi-Region strong consistency, so that two operators
 * in two Regions can never both hold the lease, and the loss of one control Region loses no journal entry.
 *
 * What it cannot have: expiry of items, transactions and local indexes do not exist for strongly consistent tables (aws-facts 4.2, 16).
 * Writers use single-item conditional writes and retry on `ReplicatedWriteConflictException`. Point-in-time recovery is on for each
 * replica. The stack of one Region owns the definition; losing that Region does not touch the data in the others.
 *
 * @throws StampError `CONTROL_TABLE_REGIONS` when replicas and witness are not three different Regions
 * @throws StampError `CONTROL_TABLE_KEYS` when some replicas have a key and others have none
 */
export class ControlTable extends Construct {
  /** The table as its own Region sees it. */
  public readonly table: dynamodb.TableV2;

  private readonly tableName: string;
  private readonly replicaRegions: readonly string[];
  private readonly keyArns: readonly string[];

  public constructor(scope: Construct, id: string, props: ControlTableProps) {
    super(scope, id);
    const ownRegion = Stack.of(this).region;
    const keyArns = props.replicaKeyArns ?? {};
    checkRegions([ownRegion, ...props.replicaRegions, ...(props.witnessRegion === undefined ? [] : [props.witnessRegion])]);
    checkKeys(props.encryptionKey, props.replicaRegions, keyArns);

    this.tableName = props.tableName;
    this.replicaRegions = [ownRegion, ...props.replicaRegions];
    this.keyArns = props.encryptionKey === undefined ? [] : [props.encryptionKey.keyArn, ...Object.values(keyArns)];
    this.table = new dynamodb.TableV2(this, 'Resource', {
      tableName: props.tableName,
      partitionKey: { name: PARTITION_KEY, type: dynamodb.AttributeType.STRING },
      sortKey: { name: SORT_KEY, type: dynamodb.AttributeType.STRING },
      billing: dynamodb.Billing.onDemand(),
      multiRegionConsistency: dynamodb.MultiRegionConsistency.STRONG,
      replicas: props.replicaRegions.map((region) => ({ region })),
      witnessRegion: props.witnessRegion,
      encryption:
        props.encryptionKey === undefined
          ? dynamodb.TableEncryptionV2.awsManagedKey()
          : dynamodb.TableEncryptionV2.customerManagedKey(props.encryptionKey, keyArns),
      // Both are inherited by the replicas.
      deletionProtection: props.deletionProtection ?? true,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  /**
   * Lets an operator hold the lease and write the journal, through the replica of any control Region. Nothing may be deleted: a
   * released lease is an updated item, and a journal only grows.
   */
  public grantOperate(grantee: iam.IGrantable): iam.Grant {
    const stack = Stack.of(this);
    const tables = iam.Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      resourceArns: this.replicaRegions.map((region) =>
        stack.formatArn({
          service: 'dynamodb',
          region,
          resource: 'table',
          resourceName: this.tableName,
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ),
    });
    if (this.keyArns.length === 0) return tables;
    return tables.combine(
      iam.Grant.addToPrincipal({
        grantee,
        actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
        resourceArns: [...this.keyArns],
      }),
    );
  }
}

function checkRegions(regions: string[]): void {
  if (regions.some((region) => Token.isUnresolved(region))) return;
  if (regions.length === STRONG_REGION_COUNT && new Set(regions).size === STRONG_REGION_COUNT) return;
  throw new StampError(
    'CONTROL_TABLE_REGIONS',
    `the control table has the Regions ${regions.join(', ')}`,
    'Give it three different Regions: three replicas, or two replicas and a witness',
  );
}

function checkKeys(key: kms.IKey | undefined, replicaRegions: string[], keyArns: { readonly [region: string]: string }): void {
  const given = Object.keys(keyArns).sort();
  const wanted = key === undefined ? [] : [...replicaRegions].sort();
  if (given.join() === wanted.join()) return;
  throw new StampError(
    'CONTROL_TABLE_KEYS',
    `key ARNs are given for ${given.length === 0 ? 'no replica' : given.join(', ')}, and needed for ${wanted.length === 0 ? 'none' : wanted.join(', ')}`,
    'Give a key to every replica, or to none',
  );
}
