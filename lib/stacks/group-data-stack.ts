import { Stack, type IStackSynthesizer, type StackProps } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { AuroraGlobalCluster } from '../constructs/aurora-global-cluster';
import { AuroraEngine } from '../constructs/aurora-member';
import { GlobalTable, TableConsistency } from '../constructs/global-table';
import { StampError } from '../errors';
import { hasGlobalData } from '../topology/group-data';
import type { FleetRegion, KeyAttribute, StampSpec, TenantGroup } from '../topology/types';

/** What a data stack needs to know of a stamp. */
export interface DataMember extends Pick<StampSpec, 'id' | 'regionCode'> {
  /** Whether it has backups is what counts. */
  readonly shape: Pick<StampSpec['shape'], 'region'> & { readonly backup?: unknown };
}

/** What it needs to know of the database. */
export type GlobalDatabase =
  | Pick<Extract<TenantGroup['database'], { readonly version: string }>, 'engine' | 'version'>
  | Extract<TenantGroup['database'], { readonly engine: 'dynamodb' }>
  | { readonly engine: 'external' | 'none' };

/** What a data stack needs to know of its group; names that are not structure may be tokens. */
export interface DataGroup extends Pick<TenantGroup, 'name' | 'account' | 'homeRegion' | 'tags'> {
  readonly database: GlobalDatabase;
  readonly names: Pick<TenantGroup['names'], 'dataStack' | 'table' | 'globalCluster'>;
  readonly guards: TenantGroup['guards'];
  readonly stamps: readonly DataMember[];
}

export interface GroupDataStackProps {
  readonly group: DataGroup;
  /** The fleet's Regions, to find a witness that has no stamp. */
  readonly regions: readonly FleetRegion[];
  /** Tags of the stack. @default - the group's tags */
  readonly tags?: Readonly<Record<string, string>>;
  /** @default - the name that the group gives it */
  readonly stackName?: string;
  /** @default - aws-cdk-lib's */
  readonly synthesizer?: IStackSynthesizer;
}

/**
 * What a data stack says of itself outside its template.
 *
 * @throws StampError for a group without a stamp in its home Region
 */
export function groupDataStackSettings(
  group: DataGroup,
): Pick<StackProps, 'env' | 'stackName' | 'terminationProtection' | 'tags'> {
  return {
    env: { account: group.account, region: homeStamp(group).shape.region },
    stackName: group.names.dataStack,
    terminationProtection: group.guards.terminationProtection.enabled,
    tags: { ...group.tags },
  };
}

export { hasGlobalData as hasDataStack };

/**
 * `<fleet>-<group>-data`, one per group, in its home Region: what is global by nature, and nothing else (design 6). It is built from the group's
 * stamps and home Region only, never from the preferred roles: swapping primary and standby leaves every byte as it is (R1).
 */
export class GroupDataStack extends Stack {
  public readonly globalCluster?: AuroraGlobalCluster;
  public readonly globalTable?: GlobalTable;

  /** @throws StampError for a group that needs no data stack */
  public constructor(scope: Construct, id: string, props: GroupDataStackProps) {
    const { group } = props;
    super(scope, id, {
      ...groupDataStackSettings(group),
      ...(props.tags !== undefined && { tags: { ...props.tags } }),
      ...(props.stackName !== undefined && { stackName: props.stackName }),
      ...(props.synthesizer !== undefined && { synthesizer: props.synthesizer }),
      description: `Global data of tenant group ${group.name}`,
    });
    const { database } = group;
    const deletionProtection = group.guards.deletionProtection.enabled;
    if (!hasGlobalData(group)) {
      throw new StampError('NO_GLOBAL_DATA', `group '${group.name}' has no global data`, 'Ask hasDataStack first');
    }
    if (database.engine === 'dynamodb') {
      const keyArns = byRegion(group.stamps, ({ regionCode }) => database.keyArns[regionCode]);
      this.globalTable = new GlobalTable(this, 'Table', {
        tableName: group.names.table,
        replicaRegions: group.stamps.map(({ shape }) => shape.region),
        partitionKey: attribute(database.partitionKey),
        ...(database.sortKey !== undefined && { sortKey: attribute(database.sortKey) }),
        indexes: database.indexes.map((index) => ({
          indexName: index.name,
          partitionKey: attribute(index.partitionKey),
          ...(index.sortKey !== undefined && { sortKey: attribute(index.sortKey) }),
        })),
        consistency: database.consistency === 'strong' ? TableConsistency.STRONG : TableConsistency.EVENTUAL,
        ...(database.witness !== undefined && { witnessRegion: regionOf(props.regions, database.witness) }),
        ...(database.timeToLive !== undefined && { timeToLiveAttribute: database.timeToLive }),
        ...(Object.keys(keyArns).length > 0 && { keyArns }),
        backupTagValues: byRegion(group.stamps, ({ id: stampId, shape }) => (shape.backup === undefined ? undefined : stampId)),
        deletionProtection,
      });
    } else if (database.engine === 'aurora-postgresql' || database.engine === 'aurora-mysql') {
      this.globalCluster = new AuroraGlobalCluster(this, 'GlobalCluster', {
        globalClusterIdentifier: group.names.globalCluster,
        engine: database.engine === 'aurora-mysql' ? AuroraEngine.AURORA_MYSQL : AuroraEngine.AURORA_POSTGRESQL,
        engineVersion: database.version,
        deletionProtection,
      });
    }
  }
}

function homeStamp(group: DataGroup): DataMember {
  const home = group.stamps.find((stamp) => stamp.regionCode === group.homeRegion);
  if (home === undefined) {
    throw new StampError(
      'HOME_STAMP_MISSING',
      `group '${group.name}' has no stamp in its home Region ${group.homeRegion}`,
      'Keep the home stamp, or move the home with `stampkit lock --rehome`',
    );
  }
  return home;
}

function regionOf(regions: readonly FleetRegion[], code: string): string {
  const found = regions.find((region) => region.code === code);
  if (found === undefined) {
    throw new StampError('UNKNOWN_REGION', `there is no Region '${code}' in the fleet`, 'Name one of the codes under regions');
  }
  return found.region;
}

/** What `valueOf` knows of each stamp, by AWS Region name. */
function byRegion(stamps: readonly DataMember[], valueOf: (stamp: DataMember) => string | undefined): Record<string, string> {
  return Object.fromEntries(
    stamps.flatMap((stamp) => {
      const value = valueOf(stamp);
      return value === undefined ? [] : [[stamp.shape.region, value]];
    }),
  );
}

const ATTRIBUTE_TYPES: Record<KeyAttribute['type'], dynamodb.AttributeType> = {
  string: dynamodb.AttributeType.STRING,
  number: dynamodb.AttributeType.NUMBER,
  binary: dynamodb.AttributeType.BINARY,
};

function attribute({ name, type }: KeyAttribute): dynamodb.Attribute {
  return { name, type: ATTRIBUTE_TYPES[type] };
}
