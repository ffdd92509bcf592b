import { isPortError, isTransient } from '../../ports';
import { stampRef, stampSpec } from '../group-view';
import { observeDns } from '../observe/observe-dns';
import { parsePointer } from '../observe/pointer-document';
import { restoresKey } from '../observe/observe';
import type { RestoreRecord } from '../observation';
import type { Condition } from '../plan';
import { controlReplicas } from './control';
import { checkCapacity, checkRolled } from './check-capacity';
import {
  checkAuroraLag,
  checkCluster,
  checkCovered,
  checkGlobal,
  checkGone,
  checkPromotable,
  checkRestored,
  checkTable,
  checkTableLag,
} from './check-database';
import { checkSwitch } from './check-switch';
import type { RunContext } from './context';

/** What a look at a condition gave. */
export interface Look {
  readonly holds: boolean;
  /** One line: what was seen. */
  readonly saw: string;
}

/** How strictly to look: `before` an action everything has to be so, `after` it what one can wait for. */
export type Moment = 'before' | 'after';

/**
 * Looks once. What does not answer does not hold; a denied call is an error, because waiting will not change it.
 *
 * @throws PortError `denied`
 */
export async function look(condition: Condition, run: RunContext, moment: Moment): Promise<Look> {
  try {
    return await read(condition, run, moment);
  } catch (error) {
    if (isTransient(error) || (isPortError(error) && error.kind === 'not-found')) {
      return { holds: false, saw: (error as Error).message };
    }
    throw error;
  }
}

async function read(condition: Condition, run: RunContext, moment: Moment): Promise<Look> {
  const { ports, view } = run;
  const refOf = (id: string): ReturnType<typeof stampRef> => stampRef(view.group, stampSpec(view, id));
  switch (condition.is) {
    case 'switch':
      return checkSwitch(condition, run, moment);
    case 'capacity':
    case 'bounds':
      return checkCapacity(condition, await ports.capacity.read(refOf(condition.stamp)));
    case 'rolled':
      return checkRolled(condition, run, refOf(condition.stamp));
    case 'aurora-lag':
      return checkAuroraLag(condition, run);
    case 'table-lag':
      return checkTableLag(condition, run);
    case 'global-writer':
    case 'global-reader':
    case 'global-exists':
      return checkGlobal(condition, run);
    case 'stands-alone':
    case 'cluster':
      return checkCluster(condition, run);
    case 'promotable':
      return checkPromotable(condition, run);
    case 'somebody-healthy': {
      const looks = await Promise.all(condition.stamps.map((stamp) => look({ is: 'healthy', stamp, role: 'any' }, run, moment)));
      return { holds: looks.some((each) => each.holds), saw: looks.map((each) => each.saw).join('; ') };
    }
    case 'table':
      return checkTable(condition, run);
    case 'restored':
      return checkRestored(condition, run);
    case 'covered':
      return checkCovered(condition, run);
    case 'gone':
      return checkGone(condition, run);
    case 'writable': {
      const health = await ports.probes.health(refOf(condition.stamp));
      return {
        holds: health.writable,
        saw: `the database of ${condition.stamp} is ${health.writable ? 'writable' : health.role}`,
      };
    }
    case 'healthy': {
      const health = await ports.probes.health(refOf(condition.stamp));
      const role = condition.role === 'any' || health.role === condition.role;
      return { holds: health.status !== 'fail' && role, saw: `${condition.stamp}: ${health.status}, role ${health.role}` };
    }
    case 'dns':
      return checkDns(condition, run);
    case 'queue-empty': {
      const queue = await ports.queues.read(refOf(condition.stamp));
      return { holds: queue.visible + queue.inFlight === 0, saw: `${queue.visible} waiting, ${queue.inFlight} in flight` };
    }
    case 'no-dead-letters': {
      const queue = await ports.queues.read(refOf(condition.stamp));
      return { holds: queue.deadLetters === 0, saw: `${queue.deadLetters} dead letters` };
    }
    case 'pointer':
      return checkPointer(condition, run);
    case 'stack': {
      const exists = await ports.stacks.exists(condition.region, condition.stack);
      return { holds: exists, saw: `stack ${condition.stack} in ${condition.region}: ${exists ? 'exists' : 'does not exist'}` };
    }
    case 'restore-state': {
      const item = await controlReplicas(ports, view, run.plan).get(restoresKey(view.group.name), condition.restore);
      const state = (item?.body as RestoreRecord | undefined)?.state;
      return { holds: state === condition.state, saw: `restore ${condition.restore} is ${state ?? 'not recorded'}` };
    }
  }
}

async function checkDns(condition: Extract<Condition, { is: 'dns' }>, run: RunContext): Promise<Look> {
  const seen = (await observeDns(run.ports, run.view)).filter((answer) => answer.error === undefined);
  const wrong = seen.filter(
    (answer) => answer.stamps.length === 0 || answer.foreign || answer.stamps.some((stamp) => !condition.stamps.includes(stamp)),
  );
  const text = (answers: typeof seen): string =>
    answers.map((answer) => `${answer.vantage} -> ${answer.stamps.join('+') || 'nobody'}`).join(', ');
  return {
    holds: seen.length > 0 && wrong.length === 0,
    saw: seen.length === 0 ? 'no resolver answers' : text(wrong.length > 0 ? wrong : seen),
  };
}

async function checkPointer(condition: Extract<Condition, { is: 'pointer' }>, { ports }: RunContext): Promise<Look> {
  const live = await ports.pointers.read(condition.region, condition.name);
  const document = live === undefined ? undefined : parsePointer(live.value);
  const saw = `${condition.name}: ${live?.value ?? 'absent'}`;
  if (document === undefined) return { holds: false, saw };
  if (condition.value.to === 'table') return { holds: document.table === condition.value.table, saw };
  const cluster = await ports.databases.cluster(condition.value.region, condition.value.cluster);
  return { holds: cluster !== undefined && document.writer === cluster.writerEndpoint, saw };
}
