import type { SwitchState } from '../../ports';
import { controlMember, type GroupView, stampSpec } from '../group-view';
import type { Step } from '../plan';
import { call, step } from './step';
import { assumed, switchToAnswer } from './timing';

/** Throws the switch of a stamp in the named control Regions: data plane of S3, no other Region is involved. */
export function switchStep(
  view: GroupView,
  stamp: string,
  state: SwitchState,
  given: {
    readonly controls: readonly string[];
    readonly reason: string;
    readonly after?: readonly string[];
    readonly precondition?: Step['precondition'];
    /** Regions that failed: their buckets are asked only where a switch has to be cleared, and done without when they do not answer. */
    readonly avoid?: readonly string[];
    /** False where going back is worse than half an evacuation: the writer has moved, or the stamp is dead. @default true */
    readonly undo?: boolean;
    /** Stamps of which one has to be healthy at the last moment: what was read may be minutes old by then. @default - not looked at */
    readonly heirs?: readonly string[];
  },
): Step {
  const { controls, reason } = given;
  const verb = state === 'evacuated' ? 'evacuate' : 'readmit';
  const heirs = [...(given.heirs ?? [])].sort();
  const opposite: SwitchState = state === 'evacuated' ? 'in-service' : 'evacuated';
  return step({
    id: `${verb}:${stamp}`,
    title: state === 'evacuated' ? `Take ${stamp} out of service` : `Put ${stamp} back in service`,
    ...(given.after !== undefined && { after: given.after }),
    precondition: [
      ...(given.precondition ?? []),
      ...(heirs.length > 0 ? [{ is: 'somebody-healthy', stamps: heirs } as const] : []),
    ],
    action: { do: 'put-switch', stamp, state, controls, reason },
    postcondition: [{ is: 'switch', stamp, state, controls }],
    ...(given.undo !== false && {
      compensation: { do: 'put-switch', stamp, state: opposite, controls, reason: `undone: ${reason}` },
    }),
    calls: [
      ...controls.map((code) => {
        const { region } = controlMember(view.fleet, code);
        return call('s3', region, 'data', given.avoid?.includes(region) === true);
      }),
      ...heirs.map((heir) => call('lambda', stampSpec(view, heir).shape.region, 'data')),
    ],
    expected: assumed(view, 'switchWrite'),
  });
}

/** Waits until every resolver that answers leads to these stamps only. Evidence: the operation does not fail over it. */
export function dnsStep(view: GroupView, stamps: readonly string[], after: readonly string[]): Step {
  return step({
    id: 'answers',
    title: `See ${view.group.recordName} lead to ${stamps.join(', ')}`,
    after,
    action: { do: 'wait' },
    postcondition: [{ is: 'dns', name: view.group.recordName, stamps: [...stamps].sort() }],
    onFailure: 'note',
    calls: [call('dns', '-', 'data')],
    expected: switchToAnswer(view),
  });
}

/** Waits until the stamp's own function says that it is well, and has the role. */
export function healthyStep(view: GroupView, stamp: string, role: 'writer' | 'reader' | 'any', after: readonly string[]): Step {
  return step({
    id: `healthy:${stamp}`,
    title: `See ${stamp} healthy${role === 'any' ? '' : ` as the database's ${role}`}`,
    after,
    action: { do: 'wait' },
    postcondition: [{ is: 'healthy', stamp, role }],
    calls: [call('lambda', stampSpec(view, stamp).shape.region, 'data')],
    expected: assumed(view, 'databaseReconnect'),
    timeout: 900,
  });
}
