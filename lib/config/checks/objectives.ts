import { BACKUP_WINDOWS } from '../../facts/backup-windows';
import { HEALTH_CHECK_FAILURE_THRESHOLD, HEALTH_CHECK_INTERVAL, LOAD_BALANCER_ALIAS_TTL } from '../../facts/health-check-timing';
import type { Finding } from '../../findings';
import type { DatabaseConfig, GroupConfig, Seconds } from '../types';
import { type CheckContext, durationText, groupPlace, report, spansRegions } from './context';

/**
 * Objectives that no stamp could meet, whatever is deployed. Only what follows from the engine or from the mechanism itself is
 * an error here; `verify` does the full arithmetic on the templates.
 */
export function checkObjectives(group: GroupConfig, context: CheckContext): Finding[] {
  return [...(spansRegions(group.placement) ? checkAvailability(group, context) : []), ...checkRecovery(group, context)];
}

function checkAvailability(group: GroupConfig, context: CheckContext): Finding[] {
  const { rto, rpo } = group.objectives.availability;
  const findings: Finding[] = [];
  if (rpo === 0 && isAsynchronous(group.database)) {
    const message = `an availability rpo of 0 is promised, but ${engineText(group.database)} replicates asynchronously: acknowledged writes are lost with a Region`;
    const fix =
      'Write the loss you can take (Aurora PostgreSQL caps it at 20s or more), or choose dynamodb with consistency: strong';
    findings.push(report('availability-rpo-zero', groupPlace(group, 'objectives', 'availability', 'rpo'), message, fix));
  }
  const where = groupPlace(group, 'objectives', 'availability', 'rto');
  const operator = operatorPath(group, context);
  if (operator !== undefined) {
    if (rto >= operator.seconds) return findings;
    const message = `an availability rto of ${durationText(rto)} is shorter than a person takes: ${operator.text}`;
    findings.push(
      report('availability-rto-below-operator', where, message, `Write ${durationText(roundUp(operator.seconds))} or more`),
    );
    return findings;
  }
  const detection = healthFailover(context);
  if (rto < detection.seconds) {
    const message = `an availability rto of ${durationText(rto)} is shorter than a health-check failover at its worst: ${detection.text}`;
    findings.push(
      report('availability-rto-below-detection', where, message, `Write ${durationText(roundUp(detection.seconds))} or more`),
    );
  }
  return findings;
}

interface Path {
  readonly seconds: Seconds;
  /** The arithmetic, for people. */
  readonly text: string;
}

/** Worst case of a Route 53 failover before client and database terms (aws-facts 10.2): 168 s with the default assumptions. */
function healthFailover(context: CheckContext): Path {
  const timeout = context.assumed('checkerTimeoutHttps').pessimistic;
  const propagation = context.assumed('statusPropagation').pessimistic;
  const detection = HEALTH_CHECK_FAILURE_THRESHOLD * (HEALTH_CHECK_INTERVAL + timeout);
  const seconds = detection + propagation + LOAD_BALANCER_ALIAS_TTL;
  return {
    seconds,
    text: `${detection}s detection + ${propagation}s propagation + ${LOAD_BALANCER_ALIAS_TTL}s TTL = ${seconds}s`,
  };
}

/** Decision, then promotion and the switch side by side; undefined when nobody has to act. */
function operatorPath(group: GroupConfig, context: CheckContext): Path | undefined {
  const promoted = group.database.engine === 'aurora-postgresql' || group.database.engine === 'aurora-mysql';
  if (!promoted && group.failover.traffic === 'automatic') return undefined;
  const decision = context.assumed('decisionTime').pessimistic;
  const promotion = promoted ? context.assumed('auroraGlobalFailover').pessimistic : 0;
  const detection =
    HEALTH_CHECK_FAILURE_THRESHOLD * (HEALTH_CHECK_INTERVAL + context.assumed('checkerTimeoutStringMatch').pessimistic);
  const traffic =
    context.assumed('switchWrite').pessimistic +
    detection +
    context.assumed('statusPropagation').pessimistic +
    LOAD_BALANCER_ALIAS_TTL;
  const seconds = decision + Math.max(promotion, traffic);
  const longer = promotion > traffic ? `${promotion}s promotion` : `${traffic}s until the switch has moved traffic`;
  return { seconds, text: `${decision}s decision + ${longer} = ${seconds}s` };
}

function checkRecovery(group: GroupConfig, context: CheckContext): Finding[] {
  const { backup, objectives } = group;
  if (backup === undefined) return [];
  const { rto, rpo } = objectives.recovery;
  const findings: Finding[] = [];
  const decision = context.assumed('decisionTime').pessimistic;
  if (rto < decision) {
    const message = `a recovery rto of ${durationText(rto)} is over before a restore begins: a person decides on it, in ${durationText(decision)}`;
    const where = groupPlace(group, 'objectives', 'recovery', 'rto');
    findings.push(
      report(
        'recovery-rto-below-decision',
        where,
        message,
        'Write the decision time plus the restore time that restore tests measure',
      ),
    );
  }
  const where = groupPlace(group, 'objectives', 'recovery', 'rpo');
  const { interval } = BACKUP_WINDOWS[backup.schedule];
  const local = backup.continuous ? context.assumed('pitrDelay').pessimistic : interval;
  if (rpo < local) {
    const cause = backup.continuous
      ? `the latest restorable time is up to ${durationText(local)} old`
      : `${backup.schedule} backups are ${durationText(local)} apart`;
    const fix = backup.continuous
      ? `Write ${durationText(local)} or more`
      : 'Write continuous: true, a shorter schedule, or a longer rpo';
    findings.push(
      report('recovery-rpo-below-backup', where, `a recovery rpo of ${durationText(rpo)} cannot be kept: ${cause}`, fix),
    );
    return findings;
  }
  const copyTime = context.assumed('backupCopyTime').pessimistic;
  const copies = backup.copyTo === 'peers' || backup.copyTo.length > 0;
  if (copies && rpo < interval + copyTime) {
    const message =
      `a recovery rpo of ${durationText(rpo)} holds only while the Region with the backup lives: copies follow the ${backup.schedule} schedule ` +
      `(continuous backups are copied as snapshots), so the newest one elsewhere is up to ${durationText(interval)} + ${durationText(copyTime)} old`;
    const fix = 'Nothing, if losing data and its Region at once is out of scope; otherwise a shorter schedule or a longer rpo';
    findings.push(report('recovery-rpo-below-copy', where, message, fix));
  }
  return findings;
}

function isAsynchronous(database: DatabaseConfig): boolean {
  if (database.engine === 'dynamodb') return database.consistency === 'eventual';
  return database.engine === 'aurora-postgresql' || database.engine === 'aurora-mysql';
}

function engineText(database: DatabaseConfig): string {
  return database.engine === 'dynamodb'
    ? `dynamodb with consistency: ${database.consistency}`
    : `${database.engine} across Regions`;
}

/** Whole minutes: objectives are written in minutes. */
function roundUp(seconds: Seconds): Seconds {
  return Math.ceil(seconds / 60) * 60;
}
