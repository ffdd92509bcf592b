import type { Fleet } from './types';

/** What `stampkit topology --format json` prints. A contract: members are added, never changed, within one schemaVersion. */
export interface FleetDocument {
  readonly schemaVersion: 1;
  readonly fleet: Fleet;
}

/** The fleet as one JSON document, detached from the fleet it was made of. */
export function fleetToJson(fleet: Fleet): FleetDocument {
  return { schemaVersion: 1, fleet: JSON.parse(JSON.stringify(fleet)) as Fleet };
}
