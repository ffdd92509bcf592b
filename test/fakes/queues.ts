import { PortError, type Queues } from '../../lib/ports';
import type { FakeProcess, FakeWorld } from './world';

export interface FakeQueue {
  visible: number;
  inFlight: number;
  deadLetters: number;
}

/** What one portion of a forward moves. */
const PORTION = 10;

/** See queues.md. */
export class FakeQueues {
  public readonly queues = new Map<string, FakeQueue>();

  public constructor(private readonly world: FakeWorld) {}

  public of(stamp: string): FakeQueue {
    const queue = this.queues.get(stamp) ?? { visible: 0, inFlight: 0, deadLetters: 0 };
    this.queues.set(stamp, queue);
    return queue;
  }

  public port(process: FakeProcess): Queues {
    const reach = async (region: string, call: string): Promise<void> => {
      await Promise.resolve();
      this.world.reach({ service: 'sqs', region, call });
    };
    return {
      read: async (stamp) => {
        await reach(stamp.region, 'GetQueueAttributes');
        const queue = this.of(stamp.id);
        return { ...queue, oldestSeconds: queue.visible > 0 ? 60 : 0 };
      },
      redrive: async ({ stamp, guard }) => {
        process.checkGuard(guard, { service: 'sqs', region: stamp.region, call: 'StartMessageMoveTask' });
        await reach(stamp.region, 'StartMessageMoveTask');
        const queue = this.of(stamp.id);
        queue.visible += queue.deadLetters;
        queue.deadLetters = 0;
      },
      forward: async ({ from, to, guard }) => {
        process.checkGuard(guard, { service: 'sqs', region: from.region, call: 'ReceiveMessage' });
        await reach(from.region, 'ReceiveMessage');
        await reach(to.region, 'SendMessage');
        if (from.id === to.id)
          throw new PortError('invalid', { service: 'sqs', region: from.region, call: 'SendMessage' }, 'one queue');
        const queue = this.of(from.id);
        // What was in flight and not deleted comes back; an empty receive says little about an empty queue.
        if (queue.visible === 0 && queue.inFlight > 0) {
          Object.assign(queue, { visible: queue.inFlight, inFlight: 0 });
          return { moved: 0 };
        }
        const moved = Math.min(PORTION, queue.visible);
        this.of(from.id).visible -= moved;
        this.of(to.id).visible += moved;
        return { moved };
      },
    };
  }
}
