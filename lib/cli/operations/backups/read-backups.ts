import { attempt, inParallel } from '../../../operations/observe/bounded';
import { engineOf, type GroupView } from '../../../operations/group-view';
import { clusterOfPointer, tableOfPointer } from '../../../operations/observe/pointer-document';
import type { Coverage, OperationPorts, RecoveryPoint, RestorableWindow, RestoreTestReading } from '../../../ports';
import type { StampSpec } from '../../../topology/types';

/** How many vaults are read at once. */
const VAULTS_AT_ONCE = 16;

/** What one stamp's vault holds. */
export interface VaultReading {
  readonly stamp: string;
  /** AWS Region. */
  readonly region: string;
  readonly account: string;
  readonly vault: string;
  /** Newest first; absent when the vault could not be read. */
  readonly points?: readonly RecoveryPoint[];
  /** What the stamp lives on, as its pointer says; what its template made where that cannot be read. */
  readonly resource: string;
  /** What all stamps of the group live on: points of anything else hold old data. */
  readonly live: readonly string[];
  /** How that is protected; absent when it could not be read. */
  readonly coverage?: Coverage;
  /** What its continuous backup reaches. */
  readonly window?: RestorableWindow;
  /** Last finished restore test; absent when there was none, or it could not be read. */
  readonly lastTest?: RestoreTestReading;
  /** Why something could not be read. */
  readonly unreadable: readonly string[];
}

/** Reads every vault of a group, and what can be restored to the second. What does not answer is part of the result. */
export async function readBackups(ports: Pick<OperationPorts, 'backups' | 'pointers'>, view: GroupView): Promise<VaultReading[]> {
  const engine = engineOf(view);
  if (engine === 'none') return [];
  const stamps = view.group.stamps.filter((stamp) => stamp.shape.backup !== undefined);
  const vaults = await inParallel(
    VAULTS_AT_ONCE,
    stamps.map((stamp) => () => readVault(ports, view, stamp, engine)),
  );
  const live = [...new Set(vaults.map(({ resource }) => resource))];
  return vaults.map((vault) => ({ ...vault, live }));
}

async function readVault(
  { backups, pointers }: Pick<OperationPorts, 'backups' | 'pointers'>,
  { group }: GroupView,
  { id, shape, values: { account, names } }: StampSpec,
  engine: 'aurora' | 'dynamodb',
): Promise<Omit<VaultReading, 'live'>> {
  const { region } = shape;
  const tested = shape.backup?.restoreTest !== 'none';
  const live = attempt(() => pointers.read(region, names.databaseParameter)).then((pointer) => {
    const value = pointer.ok ? (pointer.value?.value ?? '') : '';
    return engine === 'aurora'
      ? (clusterOfPointer(value) ?? names.databaseCluster)
      : (tableOfPointer(value) ?? group.names.table);
  });
  const [resource, points, window, coverage, test] = await Promise.all([
    live,
    attempt(() => backups.points(region, names.backupVault)),
    attempt(async () => backups.window(region, engine, await live)),
    attempt(async () => backups.coverage(region, engine, await live)),
    tested ? attempt(() => backups.lastTest(region, names.restoreTestingPlan)) : undefined,
  ]);
  return {
    stamp: id,
    region,
    account,
    vault: names.backupVault,
    ...(points.ok && { points: [...points.value].sort((a, b) => b.createdAt - a.createdAt) }),
    resource,
    ...(coverage.ok && coverage.value !== undefined && { coverage: coverage.value }),
    ...(window.ok && window.value !== undefined && { window: window.value }),
    ...(test?.ok === true && test.value !== undefined && { lastTest: test.value }),
    unreadable: [points, window, test].flatMap((read) => (read === undefined || read.ok ? [] : [read.error.message])),
  };
}

/** The newest point of a vault from which what the group lives on today can be restored. */
export function newestPoint(vault: VaultReading, copy?: boolean): RecoveryPoint | undefined {
  return vault.points?.find(
    (point) => point.status === 'completed' && vault.live.includes(point.resource) && (copy === undefined || point.copy === copy),
  );
}
