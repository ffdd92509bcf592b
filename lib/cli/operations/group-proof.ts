import { readFleet } from '../../assembly/parse-fleet';
import { fleetDemand } from '../../resilience/fleet-demand';
import { prove } from '../../resilience/prove';
import type { GroupProof } from '../../resilience/types';
import type { Fleet } from '../../topology/types';
import { synthesizeFacts } from '../verify/synthesize';

/**
 * What the proof says of one group, pairs left out: of a fleet of a thousand stamps only the group's own are synthesized.
 *
 * @param assembly a cloud assembly to read instead
 */
export async function groupProof(fleet: Fleet, name: string, assembly?: string): Promise<GroupProof | undefined> {
  const alone: Fleet = { ...fleet, groups: fleet.groups.filter((group) => group.name === name) };
  const facts = assembly === undefined ? await synthesizeFacts(alone) : readFleet(assembly);
  return prove(facts, fleetDemand(alone), { singlesOnly: true }).groups.find((each) => each.group === name);
}
