/**
 * The cross-file half of the configuration checks: what the shape of a single file cannot show. Pure functions over the parsed
 * configuration; they never stop at the first finding, and they trust nothing that another check looks at.
 */
import type { Finding } from '../../findings';
import type { FleetConfig, FleetLock, GroupConfig } from '../types';
import { checkAlarms } from './alarms';
import { checkAssumptions } from './assumptions';
import { checkAurora } from './aurora';
import { checkBackup } from './backup';
import { checkCompute } from './compute';
import { type CheckContext, checkContext } from './context';
import { checkControl } from './control';
import { checkHealth } from './dependencies';
import { checkDynamoDb } from './dynamodb';
import { checkEdge } from './edge';
import { checkExternalDatabase } from './external-database';
import { checkFailures } from './failures';
import { EXCUSED_BY_LOCK, FIXED_BY_LOCK } from './finding-codes';
import { checkImages } from './images';
import { checkLock } from './lock';
import { checkNames } from './names';
import { checkFleetNetwork, checkGroupNetwork } from './network';
import { checkObjectives } from './objectives';
import { checkPlacement } from './placement';
import { checkRegions } from './regions';
import { checkSecrets } from './secrets';
import { checkWorker } from './worker';
import { checkZoneOwnership } from './zones';

export { CHECK_FINDING_CODES, type CheckFindingCode, FIXED_BY_LOCK } from './finding-codes';

/**
 * Every cross-file finding of a configuration, in the order of the themes; places have file and path, and no line yet.
 *
 * @param lock the lock of today; undefined when there is none, which is a finding
 */
export function runConfigChecks(config: FleetConfig, lock?: FleetLock): Finding[] {
  const context = checkContext(config, lock);
  return [
    ...checkRegions(context),
    ...checkControl(context),
    ...checkAlarms(context),
    ...checkAssumptions(context),
    ...checkNames(context),
    ...checkZoneOwnership(context),
    ...checkFleetNetwork(context),
    ...config.groups.flatMap((group) => checkGroup(group, context)),
    ...checkLock(context),
  ];
}

/** True for findings that `stampkit lock` repairs: that command must run in spite of them. */
export function isFixedByLock(finding: Finding): boolean {
  return (FIXED_BY_LOCK as readonly string[]).includes(finding.code);
}

/** True for findings that nobody should act on before an unreadable lock is restored. */
export function isExcusedByLock(finding: Finding): boolean {
  return (EXCUSED_BY_LOCK as readonly string[]).includes(finding.code);
}

function checkGroup(group: GroupConfig, context: CheckContext): Finding[] {
  return [
    ...checkPlacement(group),
    ...checkGroupNetwork(group, context),
    ...checkCompute(group),
    ...checkWorker(group),
    ...checkImages(group, context),
    ...checkSecrets(group, context),
    ...checkDatabase(group, context),
    ...checkBackup(group, context),
    ...checkObjectives(group, context),
    ...checkFailures(group, context),
    ...checkHealth(group, context),
    ...checkEdge(group),
  ];
}

function checkDatabase(group: GroupConfig, context: CheckContext): Finding[] {
  const { database } = group;
  switch (database.engine) {
    case 'aurora-postgresql':
    case 'aurora-mysql':
      return checkAurora(group, database, context);
    case 'dynamodb':
      return checkDynamoDb(group, database, context);
    case 'external':
      return checkExternalDatabase(group, database, context);
    case 'none':
      return [];
  }
}
