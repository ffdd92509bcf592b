import type { OperationPorts, StampRef } from '../../ports';
import type { Fleet } from '../../topology/types';
import type { Reach, StampHealth, StampObservation, SwitchObservation } from '../observation';
import { attempt } from './bounded';

/** Reads everything about one stamp. The two probes, capacity, queue and pointer are asked at once. */
export async function observeStamp(
  ports: OperationPorts,
  fleet: Fleet,
  stamp: StampRef,
  code: string,
): Promise<StampObservation> {
  const [health, direct, capacity, queue, pointer, switches] = await Promise.all([
    attempt(() => ports.probes.health(stamp)),
    attempt(() => ports.probes.direct(stamp)),
    attempt(() => ports.capacity.read(stamp)),
    stamp.hasWorker ? attempt(() => ports.queues.read(stamp)) : undefined,
    attempt(() => ports.pointers.read(stamp.region, stamp.names.databaseParameter)),
    Promise.all(fleet.control.members.map((member) => readSwitch(ports, member, stamp.id))),
  ]);
  const answered = [health, direct, capacity, ...(queue === undefined ? [] : [queue]), pointer].map(
    (result) => result.ok || !['unreachable', 'timeout'].includes(result.error.kind),
  );
  const document = health.ok ? health.value : undefined;
  return {
    stamp: stamp.id,
    code,
    region: stamp.region,
    reach: reachOf(answered),
    health: healthOf(document?.status, direct.ok ? direct.value.httpStatus : undefined),
    reasons: document?.reasons ?? [],
    role: document?.role ?? 'unknown',
    writable: document?.writable ?? false,
    ...(direct.ok && { directStatus: direct.value.httpStatus }),
    switches,
    ...(capacity.ok && { capacity: capacity.value }),
    ...(queue?.ok === true && { queue: queue.value }),
    ...(pointer.ok && pointer.value !== undefined && { pointer: { value: pointer.value.value, version: pointer.value.version } }),
  };
}

async function readSwitch(
  ports: OperationPorts,
  member: { readonly code: string; readonly region: string; readonly bucketName: string },
  stamp: string,
): Promise<SwitchObservation> {
  const read = await attempt(() => ports.switches.read(member.region, member.bucketName, stamp));
  const { code, region } = member;
  if (!read.ok) return { code, region, state: 'unknown', token: 0 };
  const { state, token, operator, reason, time } = read.value;
  return {
    code,
    region,
    state,
    token,
    ...(operator !== undefined && { operator }),
    ...(reason !== undefined && { reason }),
    ...(time !== undefined && { time }),
  };
}

function reachOf(answered: readonly boolean[]): Reach {
  if (answered.every(Boolean)) return 'reachable';
  return answered.some(Boolean) ? 'half' : 'gone';
}

/** The document decides. Without one, an error of the application is a failure; an answer alone says nothing of the database. */
function healthOf(status: 'pass' | 'warn' | 'fail' | undefined, direct: number | undefined): StampHealth {
  if (status !== undefined) return status === 'fail' ? 'failing' : 'healthy';
  return direct !== undefined && direct >= 500 ? 'failing' : 'unknown';
}
