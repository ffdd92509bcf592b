import { StampError } from '../../lib/errors';
import type { LeaseRecord } from '../../lib/operations/lease/lease-record';
import { Crash, type PortCall } from '../fakes/interpose';
import type { FakeAws } from '../fakes/fake-aws';
import { type Scenario, situation } from './scenarios';
import { groupOf, Operator } from './support';

export interface Crashed {
  /** False when the run ended before it came to its crash. */
  readonly crashed: boolean;
  readonly state: unknown;
}

/** The end of an unbroken run, and how many calls it makes that count. */
export async function unbroken(
  scenario: Scenario,
  counts?: (call: PortCall) => boolean,
): Promise<{ state: unknown; calls: number }> {
  const aws = await situation(scenario);
  const crash = new Crash(-1, 'before', counts);
  const jo = new Operator(aws, {}, crash.wrap);
  const report = await jo.go(scenario.request);
  if (report.result !== 'completed') throw new Error(`${scenario.name}: ${report.result}, ${report.detail}`);
  return { state: aws.snapshot(groupOf(scenario.request.group, aws.fleet)), calls: crash.calls };
}

/** Kills the operator at one call, then somebody goes on as the journal says; at the same machine or at another. */
export async function crashAt(
  scenario: Scenario,
  at: number,
  moment: 'before' | 'after',
  machine: 'same' | 'other',
  counts?: (call: PortCall) => boolean,
): Promise<Crashed> {
  const aws = await situation(scenario);
  const crash = new Crash(at, moment, counts);
  const jo = new Operator(aws, {}, crash.wrap);
  await aws.world.runOr(jo.start(scenario.request), () => crash.crashed);
  const disk = machine === 'same' ? jo.process.disk : new Map<string, string[]>();
  const kim = new Operator(aws, { name: 'kim' }, (ports) => ports, disk);
  await goOn(aws, kim, scenario);
  return { crashed: crash.crashed, state: aws.snapshot(groupOf(scenario.request.group, aws.fleet)) };
}

/** What an operator does who finds a group after a crash: resume what the lease names, begin again what never began. */
async function goOn(aws: FakeAws, kim: Operator, { request }: Scenario): Promise<void> {
  const lease = aws.control.body(`group#${request.group}`, 'lease') as LeaseRecord | undefined;
  const unfinished = lease?.unfinished;
  if (unfinished === undefined) {
    const looked = await kim.look(request);
    if (looked.plan !== undefined && looked.allowed) await kim.go(request);
    return;
  }
  try {
    const report = await kim.resume(request.group, unfinished);
    if (report.result !== 'completed') throw new Error(`resumed: ${report.result}, ${report.detail}`);
  } catch (error) {
    if (!(error instanceof StampError)) throw error;
    if (error.code === 'OPERATION_UNKNOWN') await kim.go(request, { supersedes: unfinished });
    else if (error.code !== 'OPERATION_OVER') throw error;
  }
}
