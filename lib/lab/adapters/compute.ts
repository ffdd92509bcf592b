import type { Capacity, CapacityReading, QueueReading, Queues, StampRef } from '../../ports';
import type { QueuePlan, RegionPlan } from '../plan/lab-plan';
import type { LabAccess } from './access';

/** Messages that one call of a forward moves. */
const PORTION = 100;

/** Tasks of a stamp, through the agent that runs them. */
export function labCapacity(access: LabAccess): Capacity {
  const place = ({ region }: StampRef, call: string) => ({ service: 'ecs', region, call });
  return {
    read: (stamp) => {
      const at = place(stamp, 'DescribeServices');
      return access.read<CapacityReading>(access.stamp(stamp.id, at).agent, 'capacity', {}, at);
    },
    setBounds: async ({ stamp, bounds, guard }) => {
      const at = place(stamp, 'RegisterScalableTarget');
      const { agent } = access.stamp(stamp.id, at);
      for (const name of ['web', 'worker'] as const) {
        const wanted = bounds[name];
        if (wanted !== undefined) await access.change(agent, 'setBounds', { name, ...wanted }, at, guard);
      }
      // Instances of EC2 compute do not exist here: tasks run on this machine.
    },
    roll: async ({ stamp, guard }) => {
      const at = place(stamp, 'UpdateService');
      await access.change(access.stamp(stamp.id, at).agent, 'roll', {}, at, guard);
    },
    rollout: (stamp) => {
      const at = place(stamp, 'DescribeServices');
      return access.read(access.stamp(stamp.id, at).agent, 'rollout', {}, at);
    },
  };
}

/** Queues of the Regions. A stamp without a worker has an empty one. */
export function labQueues(access: LabAccess): Queues {
  const find = (
    { id, region }: StampRef,
    call: string,
  ): { queue: QueuePlan | undefined; rpc: RegionPlan['rpc']; place: { service: string; region: string; call: string } } => {
    const place = { service: 'sqs', region, call };
    return { queue: access.stamp(id, place).queue, rpc: access.region(region, place).rpc, place };
  };
  return {
    read: async (stamp) => {
      const { queue, rpc, place } = find(stamp, 'GetQueueAttributes');
      if (queue === undefined) return { visible: 0, inFlight: 0, deadLetters: 0, oldestSeconds: 0 };
      return access.read<QueueReading>(rpc, 'sqs.reading', { name: queue.name, deadLetter: queue.deadLetter }, place);
    },
    redrive: async ({ stamp, guard }) => {
      const { queue, rpc, place } = find(stamp, 'StartMessageMoveTask');
      if (queue !== undefined)
        await access.change(rpc, 'sqs.redrive', { name: queue.name, deadLetter: queue.deadLetter }, place, guard);
    },
    forward: async ({ from, to, guard }) => {
      const source = find(from, 'ReceiveMessage');
      const target = find(to, 'SendMessage');
      if (source.queue === undefined || target.queue === undefined) return { moved: 0 };
      const { name } = source.queue;
      const messages = await access.change<{ body: string; receipt: string }[]>(
        source.rpc,
        'sqs.receive',
        { name, most: PORTION },
        source.place,
        guard,
      );
      if (messages.length === 0) return { moved: 0 };
      // Sent before they are deleted: at least once each.
      const bodies = messages.map(({ body }) => body);
      await access.change(target.rpc, 'sqs.send', { name: target.queue.name, bodies }, target.place, guard);
      const receipts = messages.map(({ receipt }) => receipt);
      await access.change(source.rpc, 'sqs.delete', { name, receipts }, source.place, guard);
      return { moved: messages.length };
    },
  };
}
