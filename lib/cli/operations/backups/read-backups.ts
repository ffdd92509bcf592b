import { attempt, inParallel } from '../../../operations/observe/bounded';
import { engineOf, type GroupView } from '../../../operations/group-view';
import type { OperationPorts, RecoveryPoint, RestorableWindow, RestoreTestReading } from '../../../ports';
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
  /** What the live resource's continuous backup reaches. */
  readonly window?: RestorableWindow;
  /** Last finished restore test; absent when there was none, or it could not be read. */
  readonly lastTest?: RestoreTestReading;
  /** Why something could not be read. */
  readonly unreadable: readonly string[];
}

/** Reads every vault of a group, and what can be restored to the second. What does not answer is part of the result. */
export async function readBackups(ports: Pick<OperationPorts, 'backups'>, view: GroupView): Promise<VaultReading[]> {
  const engine = engineOf(view);
  if (engine === 'none') return [];
  const stamps = view.group.stamps.filter((stamp) => stamp.shape.backup !== undefined);
  return inParallel(
    VAULTS_AT_ONCE,
    stamps.map((stamp) => () => readVault(ports, view, stamp, engine)),
  );
}

async function readVault(
  { backups }: Pick<OperationPorts, 'backups'>,
  { group }: GroupView,
  { id, shape, values: { account, names } }: StampSpec,
  engine: 'aurora' | 'dynamodb',
): Promise<VaultReading> {
  const { region } = shape;
  const tested = shape.backup?.restoreTest !== 'none';
  const [points, window, test] = await Promise.all([
    attempt(() => backups.points(region, names.backupVault)),
    attempt(() => backups.window(region, engine, engine === 'aurora' ? names.databaseCluster : group.names.table)),
    tested ? attempt(() => backups.lastTest(region, names.restoreTestingPlan)) : undefined,
  ]);
  return {
    stamp: id,
    region,
    account,
    vault: names.backupVault,
    ...(points.ok && { points: [...points.value].sort((a, b) => b.createdAt - a.createdAt) }),
    ...(window.ok && window.value !== undefined && { window: window.value }),
    ...(test?.ok === true && test.value !== undefined && { lastTest: test.value }),
    unreadable: [points, window, test].flatMap((read) => (read === undefined || read.ok ? [] : [read.error.message])),
  };
}

/** The newest point of a vault that can be restored. */
export function newestPoint(vault: VaultReading, copy?: boolean): RecoveryPoint | undefined {
  return vault.points?.find((point) => point.status === 'completed' && (copy === undefined || point.copy === copy));
}
