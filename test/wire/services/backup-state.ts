import type { Place, WireWorld } from '../world';
import type { DynamoDbState } from './dynamodb-state';
import type { RdsState } from './rds-state';

export interface Vault extends Place {
  readonly name: string;
  readonly lock: 'none' | 'governance' | 'compliance';
}

export interface Point extends Place {
  readonly arn: string;
  readonly vault: string;
  readonly type: 'Aurora' | 'DynamoDB';
  /** Name of what it was taken of. */
  readonly resource: string;
  readonly createdAt: number;
  readonly status: string;
  readonly copiedFrom?: string;
  readonly expiresAt?: number;
  readonly role: string;
}

export interface RestoreJob extends Place {
  readonly id: string;
  readonly token?: string;
  readonly point: Point;
  readonly target: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly doneAt: number;
  readonly failure?: string;
  readonly testingPlan?: string;
  readonly validation?: string;
}

/** Everything that AWS Backup holds. */
export class BackupState {
  public readonly vaults = new Map<string, Vault>();
  public readonly points: Point[] = [];
  public readonly jobs: RestoreJob[] = [];
  /** ARN of a restore testing plan by `account/region/name`. */
  public readonly testingPlans = new Map<string, string>();
  /** The next restores fail with this. */
  public failure: string | undefined;

  public constructor(
    public readonly world: WireWorld,
    public readonly rds: RdsState,
    public readonly tables: DynamoDbState,
  ) {}

  public key({ account, region }: Place, name: string): string {
    return `${account}/${region}/${name}`;
  }

  /** Keeps a point of an Aurora cluster, which is a snapshot of RDS too (AWS Backup developer guide, "Restoring an Aurora cluster"). */
  public addAuroraPoint(
    place: Place,
    vault: string,
    cluster: string,
    at: number,
    more: { readonly copiedFrom?: string; readonly status?: string } = {},
  ): Point {
    const { account, region } = place;
    const id = `awsbackup:${more.copiedFrom === undefined ? 'job' : 'copyjob'}-${cluster}-${new Date(at).toISOString().slice(0, 16).replace(/[T:]/g, '-')}`;
    const live = this.rds.clusters.get(this.rds.key(place, cluster));
    this.rds.snapshots.push({
      account,
      region,
      id,
      cluster,
      type: 'awsbackup',
      createdAt: at,
      engine: live?.settings.Engine ?? 'aurora-postgresql',
      engineVersion: live?.settings.EngineVersion ?? '',
      rows: live?.rows ?? 0,
    });
    return this.add(place, {
      arn: this.rds.arn(place, id, 'cluster-snapshot'),
      vault,
      type: 'Aurora',
      resource: cluster,
      at,
      ...more,
    });
  }

  public addTablePoint(
    place: Place,
    vault: string,
    table: string,
    at: number,
    more: { readonly copiedFrom?: string; readonly status?: string } = {},
  ): Point {
    const arn = `arn:aws:backup:${place.region}:${place.account}:recovery-point:${table}-${new Date(at).toISOString()}`;
    return this.add(place, { arn, vault, type: 'DynamoDB', resource: table, at, ...more });
  }

  private add(
    { account, region }: Place,
    point: Pick<Point, 'arn' | 'vault' | 'type' | 'resource'> & {
      readonly at: number;
      readonly copiedFrom?: string;
      readonly status?: string;
    },
  ): Point {
    const { at, copiedFrom, status = 'COMPLETED', ...rest } = point;
    const made: Point = {
      account,
      region,
      ...rest,
      createdAt: at,
      status,
      expiresAt: at + 35 * 86_400_000,
      role: `arn:aws:iam::${account}:role/${point.vault}-backup`,
      ...(copiedFrom !== undefined && { copiedFrom }),
    };
    this.points.push(made);
    return made;
  }
}
