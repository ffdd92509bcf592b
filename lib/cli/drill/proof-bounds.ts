import type { ParsedFleet } from '../../assembly/parsed-fleet';
import type { LabConditions } from '../../facts/lab-conditions';
import type { Bound } from '../../resilience/bounds/types';
import { fleetDemand } from '../../resilience/fleet-demand';
import { namedFailure } from '../../resilience/failures/named-failure';
import { prove } from '../../resilience/prove';
import type { Fleet } from '../../topology/types';

/**
 * What the proof allows for the failure of a drill with the timings of the lab: the worst client before any failover, which is how a drill
 * begins. Undefined when the group does not feel it.
 *
 * @throws StampError FAILURE_* when the fleet has no such failure
 */
export function labBounds(
  facts: ParsedFleet,
  fleet: Fleet,
  { group, failure, lab }: { readonly group: string; readonly failure: string; readonly lab: LabConditions },
): { readonly rto: Bound; readonly rpo: Bound } | undefined {
  const demand = fleetDemand(fleet);
  const proof = prove(facts, demand, { profile: 'lab', lab, fail: namedFailure(failure, demand) });
  const verdict = proof.groups.find((each) => each.group === group)?.verdicts[0];
  const outcomes = (verdict?.outcomes ?? []).filter(({ orientation }) => orientation === 'before');
  const [first, ...others] = outcomes;
  if (first === undefined) return undefined;
  const longer = (a: Bound, b: Bound): Bound => ((b.pessimistic ?? Infinity) > (a.pessimistic ?? Infinity) ? b : a);
  return others.reduce((worst, { rto, rpo }) => ({ rto: longer(worst.rto, rto), rpo: longer(worst.rpo, rpo) }), {
    rto: first.rto,
    rpo: first.rpo,
  });
}
