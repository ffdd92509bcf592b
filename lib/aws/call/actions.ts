import type { CallPlace } from '../../ports';
import type { CallAction } from './actions/action';
import { DATA_ACTIONS } from './actions/data';
import { TRAFFIC_ACTIONS } from './actions/traffic';

export type { CallAction, CallKind, Permission } from './actions/action';

/** Every call that an adapter of the operations engine makes. {@link Caller} takes no other, and `docs/iam` is made of it. */
export const ACTIONS: readonly CallAction[] = [...TRAFFIC_ACTIONS, ...DATA_ACTIONS];

const BY_CALL = new Map(ACTIONS.map((action) => [`${action.service} ${action.call}`, action]));

/** The entry of a call; undefined for one that no adapter may make. */
export function actionOf({ service, call }: Pick<CallPlace, 'service' | 'call'>): CallAction | undefined {
  return BY_CALL.get(`${service} ${call}`);
}
