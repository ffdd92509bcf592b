import fc from 'fast-check';
import type { OperationRequest } from '../../lib/operations/request';
import type { LeaseRecord } from '../../lib/operations/lease/lease-record';
import { FakeAws } from '../fakes/fake-aws';
import { EPOCH } from '../fakes/world';
import { FLEET, groupOf, Operator, REASON } from './support';

/** What happens to a group: operations, and the world. */
export type Event =
  | { readonly do: 'operation'; readonly kind: number; readonly stamp: number; readonly loss: boolean }
  | { readonly do: 'sicken' | 'heal'; readonly stamp: number }
  | { readonly do: 'lose' | 'regain'; readonly stamp: number }
  | { readonly do: 'settle-deployed' }
  | { readonly do: 'route-api'; readonly up: boolean }
  | { readonly do: 'time'; readonly minutes: number };

const stamp = fc.nat({ max: 1 });

export const eventsArbitrary: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('operation' as const), kind: fc.nat({ max: 6 }), stamp, loss: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('sicken' as const, 'heal' as const), stamp }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('lose' as const, 'regain' as const), stamp }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('settle-deployed' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('route-api' as const), up: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('time' as const), minutes: fc.integer({ min: 1, max: 20 }) }) },
  ),
  { minLength: 1, maxLength: 12 },
);

/** Plays the events on a fresh fleet; returns each moment after an operation at which users were led to the wrong stamp. */
export async function playEvents(events: readonly Event[], name = 'enterprise'): Promise<string[]> {
  const aws = new FakeAws(FLEET);
  const jo = new Operator(aws);
  const group = groupOf(name);
  const broken: string[] = [];
  for (const [at, event] of events.entries()) {
    const index = 'stamp' in event ? event.stamp : 0;
    const { id, shape } = group.stamps[index]!;
    switch (event.do) {
      case 'operation': {
        const before = misled(aws, name);
        const request = requestOf(event.kind, name, id, group.stamps[index]!.regionCode, event.loss);
        const lease = aws.control.body(`group#${name}`, 'lease') as LeaseRecord | undefined;
        const options = lease?.unfinished === undefined ? {} : { supersedes: lease.unfinished };
        const looked = await jo.look(request, options);
        if (looked.plan === undefined || !looked.allowed) break;
        const report = await jo.go(request, options);
        const after = misled(aws, name);
        // What the world did is not the operation's; what was right before has to be right after.
        if (report.result === 'completed' && after !== undefined && before === undefined)
          broken.push(`event ${at}, ${request.operation}: ${after}`);
        break;
      }
      case 'sicken':
        aws.traffic.sick.add(id);
        break;
      case 'heal':
        aws.traffic.sick.delete(id);
        break;
      case 'lose':
        aws.world.down.add(shape.region);
        break;
      case 'regain':
        aws.world.down.delete(shape.region);
        break;
      case 'settle-deployed': {
        const writer = group.stamps.find(
          (each) => aws.traffic.health(group, each.id).writable && !aws.switches.evacuated(each.id),
        );
        if (writer !== undefined && group.mode === 'active-passive') aws.traffic.holders.set(name, writer.id);
        break;
      }
      case 'route-api':
        aws.traffic.routeApiDown = !event.up;
        break;
      case 'time':
        await aws.world.run(aws.world.wait(event.minutes * 60_000));
        break;
    }
  }
  return broken;
}

function requestOf(kind: number, group: string, stampId: string, code: string, allowDataLoss: boolean): OperationRequest {
  const reason = REASON;
  switch (kind) {
    case 0:
      return { operation: 'evacuate', group, stamp: stampId, reason };
    case 1:
      return { operation: 'readmit', group, stamp: stampId, reason };
    case 2:
      return { operation: 'failback', group, reason };
    case 3:
      return { operation: 'return', group, stamp: stampId, reason };
    case 4:
      return { operation: 'restore', group, at: EPOCH - 3_600_000, reason };
    default:
      return { operation: 'failover', group, to: code, reason, allowDataLoss };
  }
}

/** A healthy stamp with the writer exists, and users are led to one without. */
function misled(aws: FakeAws, name: string): string | undefined {
  const group = groupOf(name);
  const writers = group.stamps
    .filter((each) => aws.traffic.healthy(group, each.id) && aws.traffic.health(group, each.id).writable)
    .map((each) => each.id);
  const answered = aws.traffic.answered(group);
  if (writers.length === 0 || answered.every((each) => writers.includes(each))) return undefined;
  return `users are led to ${answered.join()}, healthy writers are ${writers.join()}`;
}
