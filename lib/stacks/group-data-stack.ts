import { Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { AuroraGlobalCluster } from '../constructs/aurora-global-cluster';
import { AuroraEngine } from '../constructs/aurora-member';
import { GlobalTable, TableConsistency } from '../constructs/global-table';
import { StampError } from '../errors';
import { hasGlobalData } from '../topology/group-data';
import type { FleetRegion, KeyAttribute, StampSpec, TenantGroup } from '../topology/types';

export interface GroupDataStackProps {
  readonly group: TenantGroup;
  /** The fleet's Regions, to find a witness that has no stamp. */
  readonly regions: readonly FleetRegion[];
  /** Tags of the stack. @default - the group's tags */
  readonly tags?: Readonly<Record<string, string>>;
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
      stackName: group.names.dataStack,
      description: `Global data of tenant group ${group.name}`,
      env: { account: group.account, region: homeStamp(group).shape.region },
      terminationProtection: group.guards.terminationProtection.enabled,
      tags: { ...(props.tags ?? group.tags) },
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

function homeStamp(group: TenantGroup): StampSpec {
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
function byRegion(stamps: readonly StampSpec[], valueOf: (stamp: StampSpec) => string | undefined): Record<string, string> {
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
