import type { AssumptionName } from '../../facts/assumptions';
import type { Assumed } from '../assumed';
import { criticalPath, unbounded } from '../bounds/critical-path';
import type { Bound, Step } from '../bounds/types';
import { GROUP_MARK, stampMark } from '../model/names';
import type { BackupModel, GroupModel } from '../model/types';
import type { Answered, Orientation, Outcome } from '../types';
import { answersRequests, stands } from './stamp-state';
import type { World } from './world';

const NOBODY: Answered = { answers: [], failOpen: false, assumptions: [] };

/** What is left to restore from when the data of a group is gone in every replica, and how long it takes; without the failure's name. */
export function recoveryOutcome(model: GroupModel, assumed: Assumed, world: World, orientation: Orientation): Outcome {
  const restore = bestRestore(model, assumed, world);
  const found = 'stamp' in restore;
  return {
    failure: '',
    group: GROUP_MARK,
    orientation,
    client: 'anywhere',
    effect: found ? 'operator' : 'lost',
    first: NOBODY,
    last: NOBODY,
    canRead: found,
    canWrite: found,
    needsOperator: true,
    capacity: [],
    rto: found ? restore.rto : unbounded(restore.obstacle),
    rpo: found ? restore.rpo : unbounded(restore.obstacle),
    detection: 'a person, or whoever misses the data',
    response: found
      ? `an operator restores ${restore.what} beside the live data of ${stampMark(restore.stamp)} and moves its pointer`
      : 'none',
    notes: found && restore.backup.kind !== 'continuous' ? ['writes since the last backup are gone'] : [],
  };
}

interface Restore {
  readonly backup: BackupModel;
  readonly stamp: number;
  readonly what: string;
  readonly rto: Bound;
  readonly rpo: Bound;
}

/** The restore that loses least; of equal ones the fastest. */
function bestRestore(model: GroupModel, assumed: Assumed, world: World): Restore | { readonly obstacle: string } {
  const { data } = model;
  if (data.kind !== 'aurora' && data.kind !== 'table') return { obstacle: 'nothing that templates describe can be restored' };
  const backups = data.kind === 'table' ? data.backups : data.members.flatMap(({ backups: own }) => own);
  if (backups.length === 0) return { obstacle: 'no backup plan and no point-in-time recovery covers the data' };
  const left = backups.filter(({ region, account }) => !world.lost.regions.has(region) && !world.lost.accounts.has(account));
  if (left.length === 0) return { obstacle: 'every backup is in what was lost' };
  const usable = left.flatMap((backup) => {
    const stamp = model.stamps.findIndex(
      (candidate, index) =>
        candidate.region === backup.region && candidate.account === backup.account && usableFor(model, world, index),
    );
    return stamp < 0 ? [] : [restoreOf(model, assumed, backup, stamp)];
  });
  const bounded = usable.filter(({ rpo }) => rpo.unbounded === undefined);
  const [best] = [...bounded].sort(
    (a, b) => (a.rpo.pessimistic ?? 0) - (b.rpo.pessimistic ?? 0) || (a.rto.pessimistic ?? 0) - (b.rto.pessimistic ?? 0),
  );
  if (best !== undefined) return best;
  return {
    obstacle:
      usable.length === 0
        ? 'no stamp is left beside the backups that are left'
        : 'nothing says how often backups are made: the schedule is not understood',
  };
}

function usableFor(model: GroupModel, world: World, index: number): boolean {
  return stands(model, world, index) && answersRequests(model, world, index);
}

function restoreOf(model: GroupModel, assumed: Assumed, backup: BackupModel, stamp: number): Restore {
  const restore: AssumptionName = model.data.kind === 'table' ? 'dynamoDbRestore' : 'auroraRestore';
  const restart: AssumptionName = model.stamps[stamp]?.launch === 'EC2' ? 'ec2ScaleOut' : 'ecsScaleOut';
  const rto = criticalPath([
    assumed.step({ name: 'decision', kind: 'decision', assumption: 'decisionTime' }),
    assumed.step({ name: 'lease', kind: 'switch', assumption: 'leaseWrite', after: ['decision'] }),
    assumed.step({ name: 'restore', kind: 'restore', assumption: restore, after: ['lease'] }),
    assumed.step({
      name: 'cutover',
      kind: 'restore',
      assumption: restart,
      after: ['restore'],
      because: 'tasks start again and read the new pointer',
    }),
    assumed.step({ name: 'verify', kind: 'verify', assumption: 'verification', after: ['cutover'] }),
  ]);
  return { backup, stamp, what: described(backup), rto, rpo: age(backup, assumed) };
}

/** How old the newest restorable moment is, at worst. */
function age(backup: BackupModel, assumed: Assumed): Bound {
  if (backup.kind === 'continuous') {
    return criticalPath([assumed.step({ name: 'latest-restorable', kind: 'lag', assumption: 'pitrDelay' })]);
  }
  if (backup.interval === undefined) return unbounded('the backup schedule is not understood');
  const interval: Step = {
    name: 'schedule',
    kind: 'lag',
    typical: assumed.played(backup.interval),
    pessimistic: assumed.played(backup.interval),
    because: 'time between two backups',
    source: 'template: schedule of the backup rule',
    assumptions: [],
    after: [],
    ...assumed.lab(),
  };
  return criticalPath([
    interval,
    assumed.step({ name: 'backup-start', kind: 'lag', assumption: 'backupStartDelay', after: ['schedule'] }),
    ...(backup.kind === 'copy'
      ? [assumed.step({ name: 'copy', kind: 'lag', assumption: 'backupCopyTime', after: ['backup-start'] })]
      : []),
  ]);
}

function described({ kind, region }: BackupModel): string {
  switch (kind) {
    case 'continuous':
      return `a moment shortly before (point-in-time recovery in ${region})`;
    case 'snapshot':
      return `the last backup in ${region}`;
    case 'copy':
      return `the last copy in ${region}`;
  }
}
