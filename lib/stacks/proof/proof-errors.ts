import type { ParsedFleet } from '../../assembly/parsed-fleet';
import type { Finding } from '../../findings';
import type { FleetDemand } from '../../resilience/demand';
import { prove } from '../../resilience/prove';

/**
 * What fails synth: the errors among the findings of the proof. Pairs never fail it unless they are promised or their backups are; the command
 * `verify` shows the rest.
 */
export function proofErrors(facts: ParsedFleet, demand: FleetDemand): Finding[] {
  return prove(facts, demand).findings.filter(({ severity }) => severity === 'error');
}
