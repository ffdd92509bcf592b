import { rmSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ParsedFleet } from '../../../lib/assembly/parsed-fleet';
import type { DrillSpec, DrillStep } from '../../../lib/config/drill/types';
import type { DrillRun } from '../../../lib/drill/run/run-drill';
import type { OperationPorts } from '../../../lib/ports';
import type { Fleet } from '../../../lib/topology/types';
import { broken, shipped } from '../../drill/run/support';
import { drillIn, journalOf, programsWithout } from './drill-fixture';
import { BUILT_LAB, type LabEdits, type RunningLab, buildLab, runLab } from './lab-fixture';

let running: RunningLab | undefined;
beforeAll(buildLab);
afterEach(async () => {
  await running?.end();
  running = undefined;
}, 60_000);

async function lab(group: string, edits: LabEdits = {}): Promise<RunningLab> {
  running = await runLab([group], 10, edits);
  return running;
}

/** How a run ended; the whole journal is part of the message of an assertion. */
function ended(run: DrillRun): { readonly status: string; readonly detail: string; readonly broken: readonly string[] } {
  return { status: run.status, detail: run.detail, broken: broken(run) };
}

/** A shipped drill without some of its steps, and with others changed. */
function derived(name: string, { only, ...changes }: { readonly only?: readonly string[] } & Partial<DrillSpec>): DrillSpec {
  const spec = shipped(name);
  const method = spec.method.filter(({ id }) => only?.includes(id) !== false);
  return { ...spec, method: method, ...changes };
}

describe('a mechanism is removed, and the drill notices in a real lab', { concurrent: false }, () => {
  /** There only: the way back would be a second switchover. Many writers, so that even a short moment with two of them shows. */
  const MOVE = derived('planned-failback', { only: ['move', 'moved'], rollbacks: [] });
  const MOVE_UNDER_LOAD: DrillSpec = {
    ...MOVE,
    load: { ...MOVE.load, populations: MOVE.load.populations.map((each) => ({ ...each, rate: each.rate * 3 })) },
    expect: { ...MOVE.expect, from: 'move' },
  };

  test('fencing: the old writer takes no more writes when another one is promoted', async () => {
    const run = await drillIn(await lab('enterprise'), MOVE_UNDER_LOAD);
    expect(ended(run), journalOf(run)).toEqual({ status: 'completed', detail: 'every expectation held', broken: [] });
  });

  test('no fencing: the old writer goes on acknowledging after another one was promoted, and what it took is gone', async () => {
    const programs = programsWithout(BUILT_LAB, {
      'await this.agent(writer, "db.stopSmoothly", { cluster: writer.cluster }, WORK_TIMEOUT);': '',
      'await this.agent(writer, "db.follow", { cluster: writer.cluster, link: await this.link(writer) }, WORK_TIMEOUT);': '',
    });
    try {
      const run = await drillIn(await lab('enterprise', { programs }), MOVE_UNDER_LOAD);
      expect(ended(run).broken, journalOf(run)).toContain('rpo');
      expect(run.measurement?.rows?.missing.length).toBeGreaterThan(0);
    } finally {
      rmSync(programs, { recursive: true });
    }
  });

  test('no inverted check: a switch is thrown, and DNS does not follow', async () => {
    const spec = shipped('evacuate-and-readmit');
    // Propagation and the caches of resolvers are over by then: nobody has to wait as long as on AWS.
    const method = spec.method.map((step) => (step.id === 'evacuate' ? { ...step, timeout: 40 } : step));
    const where = await lab('pool', { edit: notInverted });
    const run = await drillIn(where, { ...spec, method: method });
    expect(ended(run), journalOf(run)).toMatchObject({ status: 'failed', detail: 'evacuate took longer than 40 s' });
    const { from, to } = run.method!;
    const answered = run.answers.filter(({ at }, index) => at <= to && (run.answers[index + 1]?.at ?? Infinity) >= from);
    expect(answered.filter(({ stamps }) => !stamps.includes('pool-euw1'))).toEqual([]);
  });

  describe('the gate that looks at the lag', () => {
    /** A group that promises less loss, so that nobody has to wait until replication is minutes behind. */
    const hasty = derived('replication-lag-refused', {});
    const HASTY: DrillSpec = {
      ...hasty,
      method: hasty.method.map((step): DrillStep => {
        if (step.id === 'fall-behind') return { ...step, fault: { kind: 'slow-replication', to: 'usw2', lag: 30 } };
        return step.when?.is === 'lag' ? { ...step, when: { ...step.when, atLeast: 12 } } : step;
      }),
    };
    const promisesTenSeconds = (fleet: Fleet): Fleet => ({
      ...fleet,
      groups: fleet.groups.map((group) => ({
        ...group,
        objectives: { ...group.objectives, availability: { ...group.objectives.availability, rpo: 10 } },
      })),
    });
    const noLag = (ports: OperationPorts): OperationPorts => ({
      ...ports,
      databases: { ...ports.databases, lag: () => Promise.resolve({ seconds: 0, at: ports.clock.now() }) },
    });

    test('refuses; without it the operation goes through, and the drill says so', async () => {
      const where = await lab('enterprise');
      const refused = await drillIn(where, HASTY, { fleet: promisesTenSeconds });
      expect(ended(refused), journalOf(refused)).toEqual({ status: 'completed', detail: 'every expectation held', broken: [] });
      const run = await drillIn(where, HASTY, { fleet: promisesTenSeconds, operatorPorts: noLag });
      expect(ended(run), journalOf(run)).toMatchObject({
        status: 'failed',
        detail: expect.stringContaining('failover was completed and should have been refused') as string,
      });
      // What the gate is for: rows of these seconds are gone.
      expect(broken(run)).toContain('rpo');
    });
  });
});

/** Templates whose switch checks are healthy when the switch says evacuated. */
function notInverted(facts: ParsedFleet): ParsedFleet {
  const edited = facts.healthChecks.map((check) =>
    check.watches?.kind === 'switch' && check.HealthCheckConfig.Inverted === true
      ? { ...check, HealthCheckConfig: { ...check.HealthCheckConfig, Inverted: false } }
      : check,
  );
  if (!edited.some((check, index) => check !== facts.healthChecks[index])) throw new Error('no switch check was inverted');
  return { ...facts, healthChecks: edited };
}
