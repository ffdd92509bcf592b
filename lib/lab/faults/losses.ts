import { connect } from 'node:net';
import { type FaultCheck, PortError } from '../../ports';
import { alive, stateOf } from '../host/process-tree';
import type { Role } from '../host/processes';
import type { Endpoint } from '../net/endpoint';
import { call } from '../net/rpc';
import type { StampPlan } from '../plan/lab-plan';
import type { GlobalState } from '../region/global-clusters';
import type { FaultAction, FaultWorld, RequestOf } from './fault-actions';

/** Milliseconds in which somebody who lives would have answered. */
const SILENCE = 500;

export function notFound(what: string): PortError {
  return new PortError('not-found', { service: 'lab', region: '-', call: 'fault' }, `the lab has no ${what}`);
}

export function stampOf({ plan }: FaultWorld, id: string): StampPlan {
  const stamp = plan.stamps.find((each) => each.id === id);
  if (stamp === undefined) throw notFound(`stamp ${id}`);
  return stamp;
}

/** Everything of a stamp, or of a Region with its stamps, is killed or frozen. */
export function loss(world: FaultWorld, request: RequestOf<'stamp-loss'> | RequestOf<'region-loss'>): FaultAction {
  const { processes, plan } = world;
  const targets: { role: Role; name: string; door: Endpoint }[] = [];
  if (request.kind === 'stamp-loss') {
    const stamp = stampOf(world, request.stamp);
    targets.push({ role: 'stamp', name: stamp.id, door: stamp.edge });
  } else {
    const region = plan.regions.find((each) => each.region === request.region);
    if (region === undefined) throw notFound(`Region ${request.region}`);
    targets.push({ role: 'region', name: region.region, door: region.rpc });
    for (const stamp of plan.stamps) {
      if (stamp.region === request.region) targets.push({ role: 'stamp', name: stamp.id, door: stamp.edge });
    }
  }
  let struck: number[] = [];
  return {
    start: async () => {
      const lists = await Promise.all(
        targets.map(async ({ role, name }) =>
          request.mode === 'kill' ? await processes.kill(role, name) : processes.freeze(role, name),
        ),
      );
      struck = lists.flat();
    },
    check: async (): Promise<FaultCheck> => {
      const left = struck.filter((pid) => (request.mode === 'kill' ? alive(pid) : stateOf(pid) !== 'T' && alive(pid)));
      const answering = (await Promise.all(targets.map(({ door }) => answers(door)))).filter(Boolean).length;
      const done = request.mode === 'kill' ? 'gone' : 'stopped';
      return {
        holds: struck.length > 0 && left.length === 0 && answering === 0,
        evidence: `${struck.length - left.length} of ${struck.length} processes ${done}, ${answering} of ${targets.length} doors answer`,
      };
    },
    end: async () => {
      if (request.mode === 'freeze') {
        for (const { role, name } of targets) processes.thaw(role, name);
        return;
      }
      // The Region's services first: its stamps ask them for secrets.
      const [regions, stamps] = [targets.filter(({ role }) => role === 'region'), targets.filter(({ role }) => role === 'stamp')];
      for (const part of [regions, stamps]) {
        await Promise.all(
          part.map(({ role, name }) => (processes.has(role, name) ? Promise.resolve() : processes.start(role, name))),
        );
      }
    },
  };
}

/** Whether anybody says anything at an endpoint: a frozen process still has its connections accepted by the kernel. */
function answers({ host, port }: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (said: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(said);
    };
    const timer = setTimeout(() => {
      done(false);
    }, SILENCE);
    socket.on('connect', () => socket.write('GET /ping HTTP/1.1\r\nhost: lab\r\nconnection: close\r\n\r\n'));
    socket.on('data', () => {
      done(true);
    });
    socket.on('error', () => {
      done(false);
    });
  });
}

/** The tasks of one zone. */
export function azLoss(world: FaultWorld, { stamp: id, zone }: RequestOf<'az-loss'>): FaultAction {
  const { agent, zones } = stampOf(world, id);
  if (!zones.includes(zone)) throw notFound(`zone ${zone} of ${id}`);
  type Tasks = Readonly<Record<'web' | 'worker', readonly { readonly zone: string; readonly pid: number }[]>>;
  const inZone = async (): Promise<number[]> => {
    const { web, worker } = await call<Tasks>(agent, 'tasks');
    return [...web, ...worker].filter((task) => task.zone === zone).map(({ pid }) => pid);
  };
  let struck: number[] = [];
  return {
    start: async () => {
      struck = await inZone();
      await call(agent, 'blockZone', { zone, blocked: true });
    },
    check: async () => {
      const left = (await inZone()).filter(alive);
      return {
        holds: struck.length > 0 && left.length === 0,
        evidence: `${struck.length} tasks were in ${zone}, ${left.length} are`,
      };
    },
    end: () => call(agent, 'blockZone', { zone, blocked: false }),
  };
}

/** The stamp that holds the writer of a group's database now, as the newest of what the Regions say. */
export async function writerStamp({ plan }: FaultWorld, group: string): Promise<StampPlan> {
  const own = new Set(plan.stamps.filter((stamp) => stamp.group === group).map(({ id }) => id));
  const said = await Promise.all(
    plan.regions.map(({ rpc }) => call<GlobalState[]>(rpc, 'rds.states', {}, { timeoutMs: 1500 }).catch(() => [])),
  );
  const newest = said
    .flat()
    .filter(({ members }) => members.some(({ stamp }) => own.has(stamp)))
    .sort((a, b) => b.epoch - a.epoch)[0];
  const id = newest?.members.find(({ writer }) => writer)?.stamp;
  const found = plan.stamps.find((stamp) => stamp.id === id);
  if (found === undefined) throw notFound(`writer of ${group}`);
  return found;
}

/** The writer's server ends; its files stay, and the failover inside the Region brings it back. */
export function writerLoss(world: FaultWorld, { group }: RequestOf<'writer-loss'>): FaultAction {
  let struck: { readonly stamp: StampPlan; readonly cluster: string; readonly pid: number } | undefined;
  return {
    start: async () => {
      const stamp = await writerStamp(world, group);
      const cluster = await call<string>(stamp.agent, 'db.current');
      const pid = await call<number | null>(stamp.agent, 'db.pid', { cluster });
      if (pid === null) throw notFound(`running writer of ${group}`);
      struck = { stamp, cluster, pid };
      await call(stamp.agent, 'db.stopHard', { cluster }, { timeoutMs: 10_000 });
    },
    check: () => {
      const gone = struck !== undefined && !alive(struck.pid);
      return Promise.resolve({
        holds: gone,
        evidence:
          struck === undefined ? 'nothing was killed' : `server ${struck.pid} of ${struck.cluster} is ${gone ? 'gone' : 'there'}`,
      });
    },
    end: () => Promise.resolve(),
  };
}
