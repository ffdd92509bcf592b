import type { DrillCondition } from '../../config/drill/types';
import { stampRef, stampSpec, type GroupView } from '../../operations/group-view';
import { isPortError, type Attempt } from '../../ports';
import { compareText } from '../../order';
import type { DrillTarget } from './target';
import type { Watch } from './watch';

export interface Seen {
  readonly holds: boolean;
  /** What was seen, in one line. */
  readonly saw: string;
}

export interface Looker {
  readonly target: DrillTarget;
  readonly view: GroupView;
  readonly watch: Watch;
  readonly populations: readonly string[];
  readonly consecutive: number;
}

/** Looks whether a condition holds. `since`: attempts that ended before it do not count, in milliseconds since 1970. */
export async function look(condition: DrillCondition, looker: Looker, since: number): Promise<Seen> {
  switch (condition.is) {
    case 'failing':
      return failing(looker, since, condition.population);
    case 'serving':
      return serving(looker, since, condition.population);
    case 'answered':
      return answered(looker, condition.stamps);
    case 'health':
      return health(looker, condition.stamp, condition.says);
    case 'writer':
      return writer(looker, condition.stamp);
    case 'lag':
      return lag(looker, condition);
  }
}

/** Failed writes in a row, of one population or of any. */
function failing({ watch, populations, consecutive }: Looker, since: number, population?: string): Seen {
  const asked = population === undefined ? populations : [population];
  const found = asked.filter((name) => inARow(watch.attempts, name, since, false) >= consecutive);
  return { holds: found.length > 0, saw: found.length > 0 ? `writes fail: ${found.join(', ')}` : 'writes do not fail in a row' };
}

/** Good writes in a row, of one population or of all. */
function serving({ watch, populations, consecutive }: Looker, since: number, population?: string): Seen {
  const asked = population === undefined ? populations : [population];
  const missing = asked.filter((name) => inARow(watch.attempts, name, since, true) < consecutive);
  return {
    holds: missing.length === 0,
    saw: missing.length === 0 ? 'every population writes' : `no writes in a row: ${missing.join(', ')}`,
  };
}

/** How many of the last writes of a population went the same way. */
export function inARow(attempts: readonly Attempt[], population: string, since: number, good: boolean): number {
  let count = 0;
  for (let index = attempts.length - 1; index >= 0; index -= 1) {
    const attempt = attempts[index];
    if (attempt === undefined || attempt.endedAt < since) break;
    if (attempt.population !== population || attempt.kind !== 'write') continue;
    if ((attempt.outcome === 'ok') !== good) break;
    count += 1;
  }
  return count;
}

async function answered({ watch }: Looker, stamps: readonly string[]): Promise<Seen> {
  await watch.askDns();
  const wanted = [...stamps].sort(compareText);
  return { holds: watch.answered.join() === wanted.join(), saw: `DNS leads to ${watch.answered.join(' + ') || 'nobody'}` };
}

async function health({ target, view }: Looker, id: string, says: 'pass' | 'fail' | 'silent'): Promise<Seen> {
  try {
    const { status } = await target.ports.probes.health(stampRef(view.group, stampSpec(view, id)));
    return { holds: says === (status === 'fail' ? 'fail' : 'pass'), saw: `${id} says ${status}` };
  } catch (error) {
    if (!isPortError(error)) throw error;
    return { holds: says === 'silent', saw: `${id} is silent: ${error.message}` };
  }
}

async function writer({ target, view }: Looker, id: string): Promise<Seen> {
  try {
    const { writable } = await target.ports.probes.health(stampRef(view.group, stampSpec(view, id)));
    return { holds: writable, saw: `${id} ${writable ? 'writes' : 'does not write'}` };
  } catch (error) {
    if (!isPortError(error)) throw error;
    return { holds: false, saw: `${id} is silent: ${error.message}` };
  }
}

async function lag({ target, view }: Looker, condition: Extract<DrillCondition, { is: 'lag' }>): Promise<Seen> {
  const stamp = stampSpec(view, condition.stamp);
  const aurora = view.group.database.engine.startsWith('aurora');
  let seconds: number | undefined;
  try {
    seconds = aurora
      ? (await target.ports.databases.lag(stamp.shape.region, stamp.values.names.databaseCluster))?.seconds
      : (await target.ports.probes.health(stampRef(view.group, stamp))).replicationLagSeconds;
  } catch (error) {
    if (!isPortError(error)) throw error;
    return { holds: false, saw: `nobody says how far ${stamp.id} is behind: ${error.message}` };
  }
  if (seconds === undefined) return { holds: false, saw: `nobody says how far ${stamp.id} is behind` };
  const { atLeast = -Infinity, atMost = Infinity } = condition;
  return { holds: seconds >= atLeast && seconds <= atMost, saw: `${stamp.id} is ${Math.round(seconds * 10) / 10} s behind` };
}
