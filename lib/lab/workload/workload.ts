import type { Attempt, DataCount, Workload, WorkloadRun, WorkloadSpec } from '../../ports';
import { call } from '../net/rpc';
import type { LabPlan } from '../plan/lab-plan';

/** Milliseconds; a stop waits for the last attempts. */
const STOP_TIMEOUT = 60_000;
/** Milliseconds; counting reads everything. */
const COUNT_TIMEOUT = 30_000;

/** The workload port: a thin way to the program that plays clients, and to what the supervisor counts. */
export function labWorkload({ internet: { clients }, control, token }: LabPlan): Workload {
  const run = (id: string): WorkloadRun => ({
    id,
    attempts: (from = 0) => call<Attempt[]>(clients, 'attempts', { id, from }, { timeoutMs: COUNT_TIMEOUT }),
    setRate: (factor, population) => call(clients, 'setRate', { id, factor, population }),
    stop: () => call(clients, 'stop', { id }, { timeoutMs: STOP_TIMEOUT }),
  });
  return {
    start: async (spec: WorkloadSpec) => run(await call<string>(clients, 'start', spec)),
    count: (stamp) => call<DataCount>(control, 'count', { stamp }, { token, timeoutMs: COUNT_TIMEOUT }),
  };
}
