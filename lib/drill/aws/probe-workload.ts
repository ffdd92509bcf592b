import type { GroupView } from '../../operations/group-view';
import { stampRef } from '../../operations/group-view';
import { observeDns } from '../../operations/observe/observe-dns';
import { CancellationSource } from '../../operations/execute/cancellation';
import { type Attempt, isPortError, type OperationPorts, PortError, type Workload } from '../../ports';

/**
 * Load that changes nothing: whom DNS leads to is asked whether it answers (a read) and whether its own database has just accepted to be
 * the writer (in the place of a write). No row is written, so no RPO is measured this way. One client for all populations: this machine.
 */
export function probeWorkload(ports: OperationPorts, view: GroupView, everyMs: number): Workload {
  return {
    start: (spec) => {
      const attempts: Attempt[] = [];
      const stopping = new CancellationSource();
      const populations = spec.populations.map(({ name }) => name);
      const loop = async (): Promise<void> => {
        while (stopping.level === 0) {
          const seen = await probe(ports, view);
          for (const population of populations) attempts.push(...seen.map((each) => ({ ...each, population })));
          await ports.clock.sleep(everyMs, stopping);
        }
      };
      const work = loop();
      return Promise.resolve({
        id: 'probes',
        attempts: (from = 0) => Promise.resolve(attempts.slice(from)),
        setRate: () => Promise.resolve(),
        stop: async () => {
          stopping.raise();
          await work;
        },
      });
    },
    count: (stamp) =>
      Promise.reject(
        new PortError(
          'invalid',
          { service: 'drill', region: '-', call: 'count' },
          `rows of ${stamp} are not counted on AWS: nothing was written`,
        ),
      ),
  };
}

async function probe(ports: OperationPorts, view: GroupView): Promise<Omit<Attempt, 'population'>[]> {
  const startedAt = ports.clock.now();
  const dns = await observeDns(ports, view);
  const [id] = [...new Set(dns.flatMap(({ stamps }) => stamps))];
  const stamp = view.group.stamps.find((each) => each.id === id);
  const attempt = (kind: 'read' | 'write', outcome: Attempt['outcome'], error?: string): Omit<Attempt, 'population'> => ({
    ...{ client: 0, kind, startedAt, endedAt: ports.clock.now(), outcome },
    ...(stamp !== undefined && { stamp: stamp.id }),
    ...(error !== undefined && { error }),
  });
  if (stamp === undefined) return [attempt('read', 'lost', 'DNS leads nowhere'), attempt('write', 'lost', 'DNS leads nowhere')];
  const reference = stampRef(view.group, stamp);
  const [read, write] = await Promise.allSettled([ports.probes.direct(reference), ports.probes.health(reference)]);
  const why = (reason: unknown): string => {
    if (!isPortError(reason)) throw reason;
    return reason.message;
  };
  const writes = view.group.database.engine.startsWith('aurora') || view.group.database.engine === 'dynamodb';
  return [
    read.status === 'fulfilled'
      ? attempt('read', read.value.httpStatus < 400 ? 'ok' : 'refused', `HTTP ${read.value.httpStatus}`)
      : attempt('read', 'lost', why(read.reason)),
    write.status === 'fulfilled'
      ? attempt(
          'write',
          write.value.status !== 'fail' && (write.value.writable || !writes) ? 'ok' : 'refused',
          write.value.reasons.join(', '),
        )
      : attempt('write', 'lost', why(write.reason)),
  ];
}
