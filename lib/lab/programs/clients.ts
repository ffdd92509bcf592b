import { PortError, type WorkloadSpec } from '../../ports';
import { listen, rpcListener } from '../net/rpc';
import type { LabPlan } from '../plan/lab-plan';
import { Generator } from '../workload/generator';

const PLACE = { service: 'workload', region: '-', call: 'run' };

/** Plays clients of any number of groups; outside of every Region, so no fault ends it. */
export async function runClients(plan: LabPlan): Promise<void> {
  const runs = new Map<string, { readonly group: string; readonly generator: Generator; over: boolean }>();
  let lastNumber = 0;
  const find = (id: string): Generator => {
    const run = runs.get(id);
    if (run === undefined) throw new PortError('not-found', PLACE, `there is no run ${id}`);
    return run.generator;
  };
  await listen(
    plan.internet.clients,
    rpcListener({
      ping: () => 'ok',
      start: (spec: WorkloadSpec) => {
        const stamp = plan.stamps.find(({ group }) => group === spec.group);
        if (stamp === undefined) throw new PortError('not-found', PLACE, `the lab has no group ${spec.group}`);
        if ([...runs.values()].some(({ group, over }) => group === spec.group && !over)) {
          throw new PortError('conflict', PLACE, `${spec.group} has load already`);
        }
        lastNumber = Math.max(lastNumber, ...[...runs.values()].map(({ generator }) => generator.lastNumber));
        const id = `run-${runs.size + 1}`;
        const name = stamp.recordName.slice(stamp.recordName.indexOf('.') + 1);
        runs.set(id, { group: spec.group, generator: new Generator(plan, spec, lastNumber, name), over: false });
        return id;
      },
      attempts: ({ id, from }: { id: string; from: number }) => find(id).attempts.slice(from),
      setRate: ({ id, factor, population }: { id: string; factor: number; population?: string }) => {
        find(id).setRate(factor, population);
      },
      surge: ({ factor, population }: { factor: number; population?: string }) => {
        for (const { generator, over } of runs.values()) if (!over) generator.setRate(factor, population);
        return [...runs.values()].filter(({ over }) => !over).length;
      },
      stop: async ({ id }: { id: string }) => {
        await find(id).stop();
        const run = runs.get(id);
        if (run !== undefined) run.over = true;
      },
    }),
  );
}
