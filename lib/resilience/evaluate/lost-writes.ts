import type { Assumed } from '../assumed';
import { NO_TIME, criticalPath, unbounded } from '../bounds/critical-path';
import type { Bound, Step } from '../bounds/types';
import { stampMark } from '../model/names';
import type { GroupModel } from '../model/types';
import type { Situation } from './shared-evaluator';
import { memberOf } from './stamp-state';
import { stampAt } from './world';

/** The span of acknowledged writes that may be gone after a failure of infrastructure. */
export function lossOfWrites(model: GroupModel, assumed: Assumed, situation: Situation, rto: Bound): Bound {
  const { data } = model;
  switch (data.kind) {
    case 'none':
    case 'external':
    case 'missing':
      return NO_TIME;
    case 'table':
      return data.consistency === 'strong' ? NO_TIME : tableLoss(model, assumed, situation);
    case 'aurora': {
      const { plan, before } = situation;
      const writer = before.writer === undefined ? undefined : memberOf(data, before.writer);
      if (plan?.promote?.how === 'failover') {
        const cap = writer?.lagCap;
        return criticalPath([cap === undefined ? assumedLag(assumed) : cappedLag(cap, assumed)]);
      }
      if (rto.unbounded !== undefined && plan === undefined && writerGone(model, situation)) {
        return unbounded('the only copy of the data that could be reached is gone');
      }
      return NO_TIME;
    }
  }
}

function writerGone(model: GroupModel, { world, before }: Situation): boolean {
  if (before.writer === undefined) return false;
  const { region, account } = stampAt(model, before.writer);
  const { lost } = world;
  const mark = stampMark(before.writer);
  return lost.regions.has(region) || lost.accounts.has(account) || lost.stamps.has(mark) || lost.databases.has(mark);
}

/** What a Region has acknowledged and not passed on yet. */
function tableLoss(model: GroupModel, assumed: Assumed, { world, usual }: Situation): Bound {
  if (model.data.kind !== 'table') return NO_TIME;
  const used = new Set(usual.flatMap(({ destinations }) => destinations.map(({ stamp }) => stamp)));
  const cut = [...used].some((stamp) => {
    const { region, account } = stampAt(model, stamp);
    return world.lost.regions.has(region) || world.lost.accounts.has(account) || world.lost.databases.has(stampMark(stamp));
  });
  if (!cut) return NO_TIME;
  const others = model.data.regions.filter((region) => !world.lost.regions.has(region));
  if (others.length === 0) return unbounded('every replica of the table is gone');
  return criticalPath([assumed.step({ name: 'replication-lag', kind: 'lag', assumption: 'dynamoDbReplicationLag' })]);
}

function assumedLag(assumed: Assumed): Step {
  const step = assumed.step({ name: 'replication-lag', kind: 'lag', assumption: 'auroraReplicationLag' });
  return { ...step, because: `${step.because}: assumed, no rds.global_db_rpo on this writer` };
}

function cappedLag(seconds: number, assumed: Assumed): Step {
  return {
    name: 'lag-cap',
    kind: 'lag',
    typical: assumed.of('auroraReplicationLag').typical,
    pessimistic: assumed.played(seconds),
    because: 'rds.global_db_rpo: commits wait rather than leave every replica further behind',
    source: 'aws-facts 4.1',
    assumptions: ['auroraReplicationLag'],
    after: [],
    ...assumed.lab(),
  };
}
