import type { CapacityReading, ScalingReading, StampRef } from '../../ports';
import type { Condition } from '../plan';
import type { Look } from './check';
import type { RunContext } from './context';

type Kind = 'web' | 'worker' | 'instances';
const KINDS: readonly Kind[] = ['web', 'worker', 'instances'];

export function checkCapacity(condition: Extract<Condition, { is: 'capacity' | 'bounds' }>, reading: CapacityReading): Look {
  const parts = KINDS.flatMap((kind) => {
    const live = reading[kind];
    if (condition.is === 'bounds') {
      const wanted = condition.bounds[kind];
      if (wanted === undefined) return [];
      // A maximum of none is there to have none run, not only to have none started.
      const rest = wanted.max > 0 || live?.running === 0;
      const saw = `${kind} ${live?.min ?? '-'}..${live?.max ?? '-'}${rest ? '' : `, ${live?.running ?? '-'} still run`}`;
      return [{ ok: live?.min === wanted.min && live.max === wanted.max && rest, saw }];
    }
    const floor = condition.floors[kind];
    return floor === undefined ? [] : [enough(kind, live, floor, condition.running)];
  });
  return { holds: parts.every((part) => part.ok), saw: parts.map((part) => part.saw).join(', ') };
}

function enough(kind: Kind, live: ScalingReading | undefined, floor: number, running: boolean): { ok: boolean; saw: string } {
  if (live === undefined) return { ok: false, saw: `${kind}: not there` };
  return {
    ok: live.min >= floor && (!running || live.running >= floor),
    saw: `${kind} ${live.running} of ${floor} running, minimum ${live.min}`,
  };
}

export async function checkRolled(
  { stamp, pointer }: Extract<Condition, { is: 'rolled' }>,
  { ports }: RunContext,
  ref: StampRef,
): Promise<Look> {
  const changed = await ports.pointers.read(ref.region, pointer);
  const rollout = await ports.capacity.rollout(ref);
  const newer = changed === undefined || rollout.startedAt >= changed.modifiedAt;
  const saw = `deployment of ${stamp}: ${rollout.state}${newer ? '' : ', older than the pointer'}`;
  if (newer && rollout.state === 'failed') throw new Error(`${saw}: the new tasks do not become healthy, see its service events`);
  return { holds: newer && rollout.state === 'completed', saw };
}
