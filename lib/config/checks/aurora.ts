import { NUMBER_RANGES } from '../../facts/limits';
import type { Finding } from '../../findings';
import type { AuroraConfig, GroupConfig } from '../types';
import { type CheckContext, durationText, groupPlace, memberCodes, report, spansRegions } from './context';

/** Aurora groups: capacity, readers and the cap on replication lag. */
export function checkAurora(group: GroupConfig, database: AuroraConfig, context: CheckContext): Finding[] {
  return [
    ...checkCapacity(group, database, context),
    ...checkReaders(group, database, context),
    ...checkLagCap(group, database),
    ...checkWriters(group),
  ];
}

function checkCapacity(group: GroupConfig, { serverless }: AuroraConfig, context: CheckContext): Finding[] {
  if (serverless === undefined) return [];
  const { minAcu, maxAcu } = serverless;
  const at = (key: string) => groupPlace(group, 'database', 'serverless', key);
  const steps = Object.entries({ minAcu, maxAcu })
    .filter(([, value]) => !Number.isInteger(value * 2))
    .map(([key, value]) =>
      report(
        'acu-step',
        at(key),
        `${key} ${value} is refused: capacity comes in steps of 0.5 ACU`,
        `Write ${Math.ceil(value * 2) / 2}`,
      ),
    );
  if (steps.length > 0) return steps;
  const { minAcu: min, maxAcu: max } = NUMBER_RANGES;
  if (minAcu > maxAcu) {
    const message = `minAcu ${minAcu} is above maxAcu ${maxAcu}`;
    return [report('acu-range', at('minAcu'), message, `Write at most ${maxAcu}, or raise maxAcu`)];
  }
  if (minAcu < min.min || maxAcu < max.min || maxAcu > max.max) {
    const message = `${minAcu} to ${maxAcu} ACU is refused by Aurora`;
    return [report('acu-range', at('maxAcu'), message, `Write minAcu from ${min.min} and maxAcu from ${max.min} to ${max.max}`)];
  }
  const least = context.assumed('auroraGlobalMinimumAcu').pessimistic;
  if (!spansRegions(group.placement) || minAcu >= least) return [];
  const message = `minAcu ${minAcu} is too little for a member of a global cluster: ${least} ACU are the least (assumption auroraGlobalMinimumAcu)`;
  const fix = `Write minAcu: ${least} or more, or override the assumption when AWS accepts less`;
  return [report('acu-below-global-minimum', at('minAcu'), message, fix)];
}

function checkReaders(group: GroupConfig, { serverless, provisioned }: AuroraConfig, context: CheckContext): Finding[] {
  const kind = serverless === undefined ? 'provisioned' : 'serverless';
  const readers = (serverless ?? provisioned)?.readers;
  if (readers === undefined) return [];
  const where = groupPlace(group, 'database', kind, 'readers');
  const { min, max } = NUMBER_RANGES.readers;
  if (readers < min || readers > max) {
    return [report('readers-out-of-range', where, `an Aurora cluster takes no ${readers} readers`, `Write ${min} to ${max}`)];
  }
  const recreate = context.assumed('auroraInRegionRecreate').pessimistic;
  const { rto } = group.objectives.availability;
  if (readers > 0 || rto >= recreate) return [];
  const message =
    `without a reader, a lost writer is created again, which takes up to ${durationText(recreate)}; ` +
    `the availability rto is ${durationText(rto)}`;
  return [report('aurora-without-reader', where, message, 'Write readers: 1, so that a reader takes over within about a minute')];
}

/** `rds.global_db_rpo` blocks commits on the primary while every secondary is further behind than the cap (aws-facts 4.1). */
function checkLagCap(group: GroupConfig, { engine, maxReplicationLag: cap }: AuroraConfig): Finding[] {
  const where = groupPlace(group, 'database', 'maxReplicationLag');
  const { rpo } = group.objectives.availability;
  const global = spansRegions(group.placement);
  if (cap === undefined) {
    if (!global || rpo === 0) return [];
    const message = `nothing keeps the replication lag below the availability rpo of ${durationText(rpo)}: it is usually under a second, but unbounded`;
    const fix =
      engine === 'aurora-postgresql'
        ? `Write maxReplicationLag: ${durationText(Math.max(NUMBER_RANGES.maxReplicationLag.min, Math.floor(rpo / 2)))}; its price: while the other Region is gone, the writer blocks commits until the bound is lifted`
        : 'Nothing can cap it on MySQL: watch the lag alarm, or choose aurora-postgresql';
    return [report('replication-lag-unbounded', groupPlace(group, 'database'), message, fix)];
  }
  if (engine === 'aurora-mysql') {
    const message = `maxReplicationLag ${durationText(cap)} has no effect: rds.global_db_rpo exists for Aurora PostgreSQL only`;
    return [report('replication-lag-cap-mysql', where, message, 'Remove it, or choose aurora-postgresql')];
  }
  const { min, max } = NUMBER_RANGES.maxReplicationLag;
  if (cap < min || cap > max) {
    const message = `maxReplicationLag ${durationText(cap)} is refused: rds.global_db_rpo takes ${min} to ${max} seconds`;
    return [report('replication-lag-cap-range', where, message, `Write ${min}s or more`)];
  }
  if (!global) {
    const message = `maxReplicationLag ${durationText(cap)} has no effect: the group lives in one Region`;
    return [report('replication-lag-cap-single', where, message, 'Remove it')];
  }
  if (rpo === 0 || cap <= rpo) return [];
  const message = `maxReplicationLag lets the standby fall ${durationText(cap)} behind, while the availability rpo allows ${durationText(rpo)} of loss`;
  const fix =
    rpo < min
      ? `Raise the rpo to ${min}s or more: Aurora caps no lower`
      : `Write maxReplicationLag: ${durationText(rpo)} or less`;
  return [report('replication-lag-above-rpo', where, message, fix)];
}

function checkWriters(group: GroupConfig): Finding[] {
  if (group.placement.mode !== 'active-active') return [];
  const members = memberCodes(group.placement);
  if (members.length < 2) return [];
  const message = `${members.join(', ')} all serve users, but only the Region of Aurora's writer accepts writes: the others can only read`;
  const fix = 'Choose mode active-passive, or engine dynamodb, unless the workload only reads in all Regions but one';
  return [report('aurora-active-active', groupPlace(group, 'database', 'engine'), message, fix)];
}
