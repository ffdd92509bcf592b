import type { OperationPorts, RecoveryPoint, RestorableWindow } from '../../ports';
import { compareText } from '../../order';
import { engineOf, type GroupView, stampRef } from '../group-view';
import { liveResource } from '../facts';
import type { BackupObservation, DatabaseObservation, Observation, RestoreRecord } from '../observation';
import { leaseKey, type LeaseRecord } from '../lease/lease-record';
import { attempt, inParallel } from './bounded';
import { observeDatabase, readNamedMembers } from './observe-database';
import { observeDns } from './observe-dns';
import { observeStamp } from './observe-stamp';

export interface ObserveOptions {
  /** Also read recovery points and restorable windows, for a restore. */
  readonly backups?: boolean;
  /** `region/stack` pairs whose existence matters. */
  readonly stacks?: readonly { readonly region: string; readonly stack: string }[];
}

/** How many stamps are read at once: each is a handful of calls. */
const STAMPS_AT_ONCE = 16;

/**
 * Reads everything that a decision about a group needs. What does not answer is part of the observation; nothing is retried here, the
 * adapters do that within their time-outs.
 */
export async function observe(ports: OperationPorts, view: GroupView, options: ObserveOptions = {}): Promise<Observation> {
  const { fleet, group } = view;
  const observedAt = ports.clock.now();
  const refs = group.stamps.map((stamp) => ({ ref: stampRef(group, stamp), code: stamp.regionCode }));
  const [stamps, control, primaryHolder, dns, stacks, members] = await Promise.all([
    inParallel(
      STAMPS_AT_ONCE,
      refs.map(
        ({ ref, code }) =>
          () =>
            observeStamp(ports, fleet, ref, code),
      ),
    ),
    observeControl(ports, view),
    attempt(() => ports.routing.primaryHolder(group.name)),
    observeDns(ports, view),
    observeStacks(ports, options.stacks ?? []),
    readNamedMembers(ports, view),
  ]);
  const sorted = [...stamps].sort((a, b) => compareText(a.stamp, b.stamp));
  const database = await observeDatabase(ports, view, sorted, members);
  const backups = options.backups === true ? await observeBackups(ports, view, database) : undefined;
  return {
    group: group.name,
    observedAt,
    stamps: sorted,
    database,
    ...control,
    ...(primaryHolder.ok && primaryHolder.value !== undefined && { primaryHolder: primaryHolder.value }),
    dns,
    ...(backups !== undefined && { backups }),
    stacks,
  };
}

/** Lease and restores through the first replica that answers. */
async function observeControl(
  ports: OperationPorts,
  { fleet, group }: GroupView,
): Promise<Pick<Observation, 'controlTable' | 'lease' | 'restores'>> {
  const { pk, sk } = leaseKey(group.name);
  const reads = await Promise.all(
    fleet.control.table.replicaRegions.map(async (region) => ({
      region,
      lease: await attempt(() => ports.controlTable.get(region, pk, sk)),
      restores: await attempt(() => ports.controlTable.query(region, restoresKey(group.name))),
    })),
  );
  const answering = reads.filter((read) => read.lease.ok && read.restores.ok);
  const first = answering[0];
  if (first === undefined || !first.lease.ok || !first.restores.ok) return { controlTable: [], lease: 'unknown', restores: [] };
  return {
    controlTable: answering.map((read) => read.region),
    lease: first.lease.value?.body as LeaseRecord | undefined,
    restores: first.restores.value
      .map((item) => item.body as RestoreRecord)
      .sort((a, b) => b.askedAt - a.askedAt || compareText(a.id, b.id)),
  };
}

/** Partition of a group's restores in the control table. */
export function restoresKey(group: string): string {
  return `restore#${group}`;
}

/** Of the data in use: after a rebuild or a cut-over the resources of the template's names hold what is no longer the group's. */
async function observeBackups(ports: OperationPorts, view: GroupView, database: DatabaseObservation): Promise<BackupObservation> {
  const engine = engineOf(view);
  if (engine === 'none') return { points: [], windows: [] };
  const points: RecoveryPoint[] = [];
  const windows: RestorableWindow[] = [];
  await Promise.all(
    view.group.stamps.map(async ({ shape: { region }, values: { names } }) => {
      const resource = liveResource(database, region) ?? (engine === 'aurora' ? names.databaseCluster : view.group.names.table);
      const [inVault, window] = await Promise.all([
        attempt(() => ports.backups.points(region, names.backupVault)),
        attempt(() => ports.backups.window(region, engine, resource)),
      ]);
      if (inVault.ok) points.push(...inVault.value);
      if (window.ok && window.value !== undefined) windows.push(window.value);
    }),
  );
  return {
    points: points.sort((a, b) => b.createdAt - a.createdAt || compareText(a.arn, b.arn)),
    windows: windows.sort((a, b) => compareText(a.region, b.region)),
  };
}

async function observeStacks(
  ports: OperationPorts,
  wanted: readonly { readonly region: string; readonly stack: string }[],
): Promise<Record<string, boolean>> {
  const found: Record<string, boolean> = {};
  await Promise.all(
    wanted.map(async ({ region, stack }) => {
      const exists = await attempt(() => ports.stacks.exists(region, stack));
      if (exists.ok) found[`${region}/${stack}`] = exists.value;
    }),
  );
  return found;
}
