import { activeStamp, auroraWriters, isEvacuated, seenStamp } from '../facts';
import { inform, type OperationFinding, refuse, warn } from '../finding-codes';
import { engineOf, type GroupView } from '../group-view';
import type { Observation } from '../observation';
import { splitBrain } from './failover-safety';

/** What `settle` writes into the group's YAML: the preferred roles that today's roles suggest. No AWS call, no template before the next deploy. */
export interface Settlement {
  readonly group: string;
  /** Region codes; absent when nothing is to be changed or may be. */
  readonly change?: { readonly primary: string; readonly standby: string };
  readonly findings: readonly OperationFinding[];
  /** What to do after the file is written. */
  readonly next: readonly string[];
}

/** Keeps the primary where a failover brought it (R1): swaps `placement.primary` and `standby`, which touches routing and capacity only. */
export function settle(view: GroupView, observation: Observation): Settlement {
  const { group } = view;
  const none = (...findings: OperationFinding[]): Settlement => ({ group: group.name, findings, next: [] });
  if (group.mode !== 'active-passive') {
    return none(refuse('nothing-to-do', group.name, `${group.name} is ${group.mode}: it has no primary`, 'Nothing to settle'));
  }
  const database = observation.database;
  const writers = database.engine === 'aurora' ? auroraWriters(observation, database) : [];
  if (writers.length > 1) return none(splitBrain(group.name, writers));
  const today = engineOf(view) === 'aurora' ? writers[0]?.stamp : activeStamp(view, observation);
  const primary = group.stamps.find((stamp) => stamp.id === today);
  const standby = group.stamps.find((stamp) => stamp.id !== today);
  if (primary === undefined || standby === undefined) {
    return none(
      refuse(
        'no-writer',
        group.name,
        `nobody knows which stamp of ${group.name} is the primary today`,
        'Wait until a Region’s RDS API answers',
      ),
    );
  }
  const seen = seenStamp(observation, primary.id);
  if (seen !== undefined && (isEvacuated(seen) || seen.health !== 'healthy')) {
    return none(
      refuse(
        'not-healthy',
        primary.id,
        `${primary.id} has the writer and is ${isEvacuated(seen) ? 'evacuated' : seen.health}`,
        'Finish the failover first: stampkit journal list',
      ),
    );
  }
  if (primary.preferredRole === 'primary') {
    return none(inform('already-there', group.name, `${primary.id} is the primary in the file and in life`, 'Nothing to do'));
  }
  const old = seenStamp(observation, standby.id);
  return {
    group: group.name,
    change: { primary: primary.regionCode, standby: standby.regionCode },
    findings:
      old !== undefined && old.health !== 'healthy'
        ? [
            warn(
              'not-healthy',
              standby.id,
              `${standby.id}, the standby from now on, is ${old.health}`,
              `Bring it back: stampkit return ${standby.id}`,
            ),
          ]
        : [],
    next: [
      `Deploy the stamps, then the routing stack (${group.names.routingStack}); until it is deployed ${standby.id} stays evacuated`,
      `Then bring the standby back: stampkit readmit ${standby.id}`,
    ],
  };
}
