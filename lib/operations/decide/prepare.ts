import { type Sha256 } from '../../ports';
import { hasErrors } from '../../findings';
import { type OperationFinding } from '../finding-codes';
import type { GroupView } from '../group-view';
import type { Observation } from '../observation';
import type { Plan } from '../plan';
import type { OperationRequest } from '../request';
import { generalFindings, type SafetyOptions } from '../safety/general';
import { planFindings } from '../safety/plan-rules';
import { planOf } from '../steps/plan-of';
import { decideAdopt } from './adopt';
import { decideAbandon, decideCutover } from './cutover';
import type { Decision } from './decision';
import { decideEvacuate } from './evacuate';
import { decideFailback } from './failback';
import { decideAuroraFailover } from './failover-aurora';
import { decideRoutingFailover } from './failover-routing';
import { decideReadmit } from './readmit';
import { decideRehome } from './rehome';
import { decideRestore } from './restore';
import { decideReturn } from './return';

/** A request, decided and judged. Without a plan there is nothing to go with; with errors it may not be gone with. */
export interface Prepared {
  readonly decision: Decision;
  readonly plan?: Plan;
  /** Errors refuse, warnings and notes are shown. */
  readonly findings: readonly OperationFinding[];
  readonly allowed: boolean;
}

/** Decides; pure. */
export function decide(request: OperationRequest, view: GroupView, observation: Observation, options: SafetyOptions): Decision {
  switch (request.operation) {
    case 'evacuate':
      return decideEvacuate(request, view, observation);
    case 'readmit':
      return decideReadmit(request, view, observation, options.breakGlass === true);
    case 'failover':
      return observation.database.engine === 'aurora' && view.group.mode === 'active-passive'
        ? decideAuroraFailover(request, view, observation, observation.database, options.now)
        : decideRoutingFailover(request, view, observation);
    case 'failback':
      return decideFailback(request, view, observation, options.breakGlass === true);
    case 'return':
      return decideReturn(request, view, observation);
    case 'rehome':
      return decideRehome(request, view, observation);
    case 'restore':
      return decideRestore(request, view, observation);
    case 'cutover':
      return decideCutover(request, view, observation);
    case 'abandon':
      return decideAbandon(request, view, observation);
    case 'adopt':
      return decideAdopt(request, view, observation);
  }
}

/** observe -> decide -> plan -> safety, without the first. Pure but for the hash function. */
export function prepare(
  request: OperationRequest,
  view: GroupView,
  observation: Observation,
  options: SafetyOptions,
  sha256: Sha256,
): Prepared {
  const decision = decide(request, view, observation, options);
  if (decision.kind === 'stop') return { decision, findings: decision.findings, allowed: !hasErrors(decision.findings) };
  const plan = planOf(view, { request, ...decision }, sha256);
  const findings = [...decision.findings, ...planFindings(plan), ...generalFindings(view, observation, plan, options)];
  return { decision, plan, findings, allowed: !hasErrors(findings) };
}
