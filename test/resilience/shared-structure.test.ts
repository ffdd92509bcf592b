import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Assumed } from '../../lib/resilience/assumed';
import { SharedEvaluator } from '../../lib/resilience/evaluate/shared-evaluator';
import { keysOf } from '../../lib/resilience/evaluate/structure';
import { fleetDemand } from '../../lib/resilience/fleet-demand';
import { FactIndex } from '../../lib/resilience/model/fact-index';
import { groupModel } from '../../lib/resilience/model/group-model';
import type { GroupModel } from '../../lib/resilience/model/types';
import { proveShape } from '../../lib/resilience/prove-shape';
import { exampleFleet } from '../support/loaded-fleets';
import { exampleAssembly, factsOf } from '../support/mutate-assembly';
import { once } from '../support/once';

const assumed = new Assumed('aws', {});

/** The example's groups: failover with a cluster, latency with a table, one stamp alone. */
const models = once((): readonly GroupModel[] => {
  const facts = new FactIndex(factsOf(exampleAssembly()));
  return fleetDemand(exampleFleet().fleet).groups.map((group) => groupModel(group, facts, new Map()).model);
});

/** The numbers in which groups of one structure may differ. */
const numbers = fc.record({
  peak: fc.option(fc.integer({ min: 1, max: 5000 }), { nil: undefined }),
  perTask: fc.constantFrom(20, 50),
  /** Tasks in each zone of each stamp. */
  tasks: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 4, maxLength: 4 }),
  spare: fc.integer({ min: 0, max: 60 }),
  rto: fc.constantFrom(60, 600, 1800, 3600),
  rpo: fc.constantFrom(0, 30, 600),
});

function withNumbers(model: GroupModel, { peak, perTask, tasks, spare, rto, rpo }: Numbers): GroupModel {
  const { peak: _peak, ...rest } = model;
  return {
    ...rest,
    ...(peak !== undefined && { peak }),
    perTask,
    availability: { rto, rpo },
    survive: rpo === 0 ? ['region:use1+region:usw2'] : [],
    stamps: model.stamps.map((stamp, index) => {
      const each = tasks[index % tasks.length] ?? 0;
      const minTasks = each * stamp.zones.length;
      return { ...stamp, minTasks, maxTasks: minTasks + spare, zones: stamp.zones.map((zone) => ({ ...zone, tasks: each })) };
    }),
  };
}
type Numbers = typeof numbers extends fc.Arbitrary<infer T> ? T : never;

/** As text: comparing thousands of outcomes one by one takes seconds. */
function judged(model: GroupModel, shared?: SharedEvaluator): string {
  const { singles, pairs, usual, counts } = proveShape(model, assumed, shared === undefined ? {} : { shared });
  return JSON.stringify({ singles, pairs, usual, counts });
}

describe('groups of one structure', { timeout: 60_000 }, () => {
  test('judged with what they share, each gets the verdicts that it gets alone', () => {
    let shared = 0;
    fc.assert(
      fc.property(fc.nat(2), numbers, numbers, (which, a, b) => {
        const model = models()[which];
        if (model === undefined) throw new Error('no model');
        const [first, second] = [withNumbers(model, a), withNumbers(model, b)];
        if (keysOf(first).structure !== keysOf(second).structure) return;
        shared += 1;
        const common = new SharedEvaluator(first, assumed);
        expect(judged(first, common) === judged(first)).toBe(true);
        expect(judged(second, common) === judged(second)).toBe(true);
      }),
      { numRuns: 12, seed: 6 },
    );
    expect(shared).toBeGreaterThan(2);
  });

  test('what is asked and promised does not tell structures apart, and tells shapes apart', () => {
    for (const model of models()) {
      const other = { ...model, peak: (model.peak ?? 0) + 1, recovery: { rto: 1, rpo: 1 } };
      expect(keysOf(other).structure).toBe(keysOf(model).structure);
      expect(keysOf(other).numbers).not.toBe(keysOf(model).numbers);
    }
  });

  test('a stamp that a lost zone leaves without tasks is another structure', () => {
    const [model] = models();
    if (model === undefined) throw new Error('no model');
    const tasked = (each: readonly number[]): string => {
      const total = each.reduce((sum, tasks) => sum + tasks, 0);
      const stamps = model.stamps.map((stamp) => ({
        ...stamp,
        minTasks: total,
        zones: stamp.zones.map((zone, index) => ({ ...zone, tasks: each[index % each.length] ?? 0 })),
      }));
      return keysOf({ ...model, stamps }).structure;
    };
    expect(tasked([3, 3, 3])).toBe(tasked([2, 2, 2]));
    expect(tasked([3, 3, 3])).not.toBe(tasked([0, 0, 0]));
    expect(tasked([3, 3, 3])).not.toBe(tasked([3, 3, 2]));
  });
});
