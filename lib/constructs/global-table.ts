import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { StampError } from '../errors';
import { commonRegionSet, STRONG_REGION_COUNT } from '../facts/region-sets';
import { BACKUP_TAG_KEY } from './backup-tag';

/** How replicas of a global table agree. */
export enum TableConsistency {
  /** Asynchronous replication; the last writer wins (aws-facts 4.2, MREC). */
  EVENTUAL = 'EVENTUAL',
  /** Synchronous replication inside one Region set: RPO 0 (aws-facts 4.2, MRSC). */
  STRONG = 'STRONG',
}

/** A global secondary index; it projects all attributes. */
export interface GlobalTableIndex {
  /** Name of the index. */
  readonly indexName: string;
  /** Partition key of the index. */
  readonly partitionKey: dynamodb.Attribute;
  /**
   * Sort key of the index.
   * @default - no sort key
   */
  readonly sortKey?: dynamodb.Attribute;
}

/** Properties of {@link GlobalTable}. */
export interface GlobalTableProps {
  /** Name of the table, the same in every Region. */
  readonly tableName: string;
  /** AWS Region names of all replicas. The stack's own Region is one of them and can never be taken out again (aws-facts 4.2). */
  readonly replicaRegions: string[];
  /** Partition key of the table. */
  readonly partitionKey: dynamodb.Attribute;
  /**
   * Sort key of the table.
   * @default - no sort key
   */
  readonly sortKey?: dynamodb.Attribute;
  /**
   * Global secondary indexes.
   * @default - no indexes
   */
  readonly indexes?: GlobalTableIndex[];
  /**
   * Cannot be changed later (aws-facts 4.2).
   * @default TableConsistency.EVENTUAL
   */
  readonly consistency?: TableConsistency;
  /**
   * Third Region of a strongly consistent table with two replicas.
   * @default - no witness
   */
  readonly witnessRegion?: string;
  /**
   * Attribute with the expiry time; not with strong consistency.
   * @default - items do not expire
   */
  readonly timeToLiveAttribute?: string;
  /**
   * Customer-managed key ARN per Region: for every replica or for none.
   * @default - AWS managed keys
   */
  readonly keyArns?: { readonly [region: string]: string };
  /**
   * Value of the backup tag per Region: the id of the stamp that backs the replica up.
   * @default - no backup tags
   */
  readonly backupTagValues?: { readonly [region: string]: string };
  /**
   * On every replica.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /**
   * What happens to the table and its replicas when the stack goes.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A group's DynamoDB table with all its replicas, owned by one stack in the group's home Region. Losing that Region stops changes of the
 * definition, not access to the data (aws-facts 4.2). Every replica has point-in-time recovery, deletion protection, encryption and the tag
 * of its own stamp's backup plan. Billing is on demand: the surviving Regions take over the load without waiting for scaling.
 *
 * Add or remove one replica per deployment, and nothing else with it (aws-facts 4.2).
 */
export class GlobalTable extends Construct {
  /** The table with its replicas. */
  public readonly table: dynamodb.TableV2;

  /** @throws StampError for Regions, keys or a time to live that DynamoDB would refuse at deployment */
  public constructor(scope: Construct, id: string, props: GlobalTableProps) {
    super(scope, id);
    const home = Stack.of(this).region;
    checkReplicas(props, home);
    const consistency = props.consistency ?? TableConsistency.EVENTUAL;
    if (consistency === TableConsistency.STRONG) checkStrong(props);
    else if (props.witnessRegion !== undefined) {
      throw new StampError('TABLE_WITNESS', 'an eventually consistent table has no witness', 'Leave witnessRegion out');
    }

    const peers = props.replicaRegions.filter((region) => region !== home);
    this.table = new dynamodb.TableV2(this, 'Resource', {
      tableName: props.tableName,
      partitionKey: props.partitionKey,
      ...(props.sortKey !== undefined && { sortKey: props.sortKey }),
      ...(props.indexes !== undefined && { globalSecondaryIndexes: [...props.indexes] }),
      ...(props.timeToLiveAttribute !== undefined && { timeToLiveAttribute: props.timeToLiveAttribute }),
      billing: dynamodb.Billing.onDemand(),
      encryption: this.encryption(props.keyArns, home, peers),
      ...(consistency === TableConsistency.STRONG && { multiRegionConsistency: dynamodb.MultiRegionConsistency.STRONG }),
      ...(props.witnessRegion !== undefined && { witnessRegion: props.witnessRegion }),
      ...replicaOptions(props, home),
      replicas: peers.map((region) => ({ region, ...replicaOptions(props, region) })),
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  private encryption(
    keyArns: { readonly [region: string]: string } | undefined,
    home: string,
    peers: readonly string[],
  ): dynamodb.TableEncryptionV2 {
    const homeKey = keyArns?.[home];
    if (keyArns === undefined || homeKey === undefined) return dynamodb.TableEncryptionV2.awsManagedKey();
    return dynamodb.TableEncryptionV2.customerManagedKey(
      kms.Key.fromKeyArn(this, 'Key', homeKey),
      Object.fromEntries(peers.map((region) => [region, keyArns[region] ?? ''])),
    );
  }
}

/** Settings are per replica: what is not repeated for a peer is off there. */
function replicaOptions(props: GlobalTableProps, region: string): dynamodb.TableOptionsV2 {
  const tag = props.backupTagValues?.[region];
  return {
    deletionProtection: props.deletionProtection ?? true,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    // Throttled keys only: the full mode is billed per event and tells little more about a hot key.
    contributorInsightsSpecification: { enabled: true, mode: dynamodb.ContributorInsightsMode.THROTTLED_KEYS },
    ...(tag !== undefined && { tags: [{ key: BACKUP_TAG_KEY, value: tag }] }),
  };
}

function checkReplicas(props: GlobalTableProps, home: string): void {
  if (!props.replicaRegions.includes(home) || new Set(props.replicaRegions).size !== props.replicaRegions.length) {
    throw new StampError(
      'TABLE_REPLICAS',
      `replicas in ${props.replicaRegions.join(', ')} cannot be owned by a stack in ${home}`,
      'List every Region once, the Region of the stack among them',
    );
  }
  const without = props.replicaRegions.filter((region) => props.keyArns?.[region] === undefined);
  const given = Object.keys(props.keyArns ?? {}).length;
  if (given > 0 && without.length > 0) {
    throw new StampError(
      'TABLE_KEYS',
      `the replicas in ${without.join(', ')} have no key, others have`,
      'Give a key ARN for every replica, or for none',
    );
  }
}

function checkStrong(props: GlobalTableProps): void {
  const regions = [...props.replicaRegions, ...(props.witnessRegion === undefined ? [] : [props.witnessRegion])];
  if (
    new Set(regions).size !== STRONG_REGION_COUNT ||
    regions.length !== STRONG_REGION_COUNT ||
    props.replicaRegions.length < 2
  ) {
    throw new StampError(
      'TABLE_STRONG_REGIONS',
      `strong consistency does not work over ${regions.join(', ')}`,
      'Use three replicas, or two replicas and a witness in a third Region',
    );
  }
  if (commonRegionSet(regions) === undefined) {
    throw new StampError(
      'TABLE_STRONG_REGIONS',
      `${regions.join(', ')} are not in one Region set`,
      'Strong consistency stays inside one Region set (US, EU or AP): choose Regions of one set, or eventual consistency',
    );
  }
  if (props.timeToLiveAttribute !== undefined) {
    throw new StampError(
      'TABLE_TIME_TO_LIVE',
      `items of a strongly consistent table cannot expire by '${props.timeToLiveAttribute}'`,
      'Leave timeToLiveAttribute out, or choose eventual consistency',
    );
  }
}
