// The part of bench/operations.mjs that runs in a fresh process. `plan STAMPS`: what deciding a failover costs in a large fleet. `steps FOLDER`: what the engine
// and the journal on this disk cost per step, over fakes whose AWS answers at once. Prints JSON.
import { createHash } from 'node:crypto';
import { localJournal } from '../lib/aws/operations/local-journal';
import { loadFleet } from '../lib/cli/load-fleet';
import { MODEL_NOW, observationIn } from '../lib/cli/operations/runbook/situation';
import { prepare } from '../lib/operations/decide/prepare';
import { engineOf, type GroupView, viewOf } from '../lib/operations/group-view';
import { planTable } from '../lib/operations/render-plan';
import type { LocalJournal } from '../lib/ports';
import { FakeAws } from '../test/fakes/fake-aws';
import { failover, FLEET, Operator, REASON } from '../test/operations/support';

/** Failovers and failbacks that are measured, after one of each to warm up: a median needs some. */
const ROUNDS = 20;

const [step = '', folder = ''] = process.argv.slice(2);
const milliseconds = (since: number): number => performance.now() - since;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** From the group's name to a plan that could be shown, hash included. */
function plan(view: GroupView): number {
  const primary = view.group.stamps.find((stamp) => stamp.preferredRole === 'primary');
  const standby = view.group.stamps.find((stamp) => stamp.preferredRole === 'standby');
  const start = performance.now();
  const observation = observationIn(view, { gone: [primary?.id ?? ''] });
  const request = { operation: 'failover', group: view.group.name, to: standby?.regionCode ?? '', reason: REASON } as const;
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const prepared = prepare(request, view, observation, { now: MODEL_NOW }, sha256);
  if (prepared.plan === undefined) throw new Error(`${view.group.name} gets no plan`);
  planTable(prepared.plan);
  return milliseconds(start);
}

function planning(stamps: string): Record<string, number> {
  const loading = performance.now();
  const { fleet, findings } = loadFleet(stamps);
  if (fleet === undefined) throw new Error(findings.map(({ message }) => message).join('\n'));
  const loadSeconds = milliseconds(loading) / 1000;
  const group = fleet.groups.find((each) => each.mode === 'active-passive' && engineOf({ fleet, group: each }) === 'aurora');
  if (group === undefined) throw new Error('no active-passive Aurora group in this fleet');
  const view = viewOf(fleet, group.name);
  const first = plan(view);
  const again = Array.from({ length: ROUNDS }, () => plan(view));
  return {
    stamps: fleet.groups.reduce((sum, each) => sum + each.stamps.length, 0),
    loadSeconds,
    firstSeconds: first / 1000,
    medianSeconds: median(again) / 1000,
  };
}

/** Runs work over the fakes: their time stands still while this disk is really written to. */
async function overFakes<T>(aws: FakeAws, writing: () => boolean, work: Promise<T>): Promise<T> {
  const state = { settled: false };
  const watched = work.finally(() => (state.settled = true));
  watched.catch(() => undefined);
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (state.settled) return watched;
    if (!writing()) aws.world.advance();
  }
}

async function steps(directory: string): Promise<Record<string, number>> {
  const disk = localJournal(directory);
  let busy = 0;
  const counted = async <T>(work: Promise<T>): Promise<T> => {
    busy += 1;
    try {
      return await work;
    } finally {
      busy -= 1;
    }
  };
  const journal: LocalJournal = {
    append: (operation, line) => counted(disk.append(operation, line)),
    read: (operation) => counted(disk.read(operation)),
    list: () => counted(disk.list()),
  };
  const aws = new FakeAws(FLEET);
  const jo = new Operator(aws, {}, (ports) => ({ ...ports, localJournal: journal }));
  const perStep: number[] = [];
  let entries = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const request of [failover(), { operation: 'failback', group: 'enterprise', reason: REASON } as const]) {
      const start = performance.now();
      const report = await overFakes(aws, () => busy > 0, jo.start(request));
      const took = milliseconds(start);
      if (report.result !== 'completed') throw new Error(`${report.operation}: ${report.detail}`);
      if (round > 0) perStep.push(took / report.steps.length);
      entries += (await journal.read(report.operation)).length;
    }
  }
  return {
    operations: perStep.length,
    entries,
    perStepSeconds: median(perStep) / 1000,
    worstPerStepSeconds: Math.max(...perStep) / 1000,
  };
}

async function main(): Promise<void> {
  process.stdout.write(`${JSON.stringify(step === 'plan' ? planning(folder) : await steps(folder))}\n`);
}

void main();
