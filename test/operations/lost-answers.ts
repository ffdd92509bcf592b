import { PortError, type OperationPorts } from '../../lib/ports';
import { interpose, type PortCall } from '../fakes/interpose';
import { type Scenario, situation } from './scenarios';
import { groupOf, Operator } from './support';

/** What changes something and may be answered or not. The disk of this machine answers. */
export const counts = (call: PortCall): boolean => call.mutates && call.port !== 'localJournal' && call.port !== 'validations';

export const TROUBLES = ['answer lost', 'throttled'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** The n-th change takes effect and nobody hears of it, or never arrives. */
function trouble(
  at: number,
  kind: Trouble,
  only: (call: PortCall) => boolean,
): { calls: number; wrap: (ports: OperationPorts) => OperationPorts } {
  const state = { calls: 0, wrap: (ports: OperationPorts): OperationPorts => ports };
  const hit = (call: PortCall, moment: 'before' | 'after'): void => {
    if (!only(call) || state.calls !== at) return;
    const place = { service: call.port, region: '-', call: call.method };
    if (kind === 'throttled' && moment === 'before') throw new PortError('throttled', place, 'slow down');
    if (kind === 'answer lost' && moment === 'after') throw new PortError('timeout', place, 'the answer was lost', true);
  };
  state.wrap = (ports) =>
    interpose(ports, {
      before: (call) => {
        if (only(call)) state.calls += 1;
        hit(call, 'before');
      },
      after: (call) => {
        hit(call, 'after');
      },
    });
  return state;
}

export async function withTrouble(
  scenario: Scenario,
  at: number,
  kind: Trouble,
  only: (call: PortCall) => boolean = counts,
): Promise<{ state: unknown; detail: string }> {
  const aws = await situation(scenario);
  const jo = new Operator(aws, {}, trouble(at, kind, only).wrap);
  const report = await jo.go(scenario.request);
  return { state: aws.snapshot(groupOf(scenario.request.group, aws.fleet)), detail: `${report.result}: ${report.detail}` };
}
