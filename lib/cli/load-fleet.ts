import { loadConfig } from '../config/load';
import type { FleetConfig, FleetLock } from '../config/types';
import { type Finding, hasErrors, sortFindings } from '../findings';
import { buildFleet } from '../topology/build-fleet';
import type { Fleet } from '../topology/types';

/** What a `stamps/` folder means, with everything there is to say about it. */
export interface LoadedFleet {
  readonly findings: readonly Finding[];
  /** Absent when a finding is an error. */
  readonly fleet?: Fleet;
  /** Present as soon as the files could be read as configuration, even when checks found errors. */
  readonly config?: FleetConfig;
  readonly lock?: FleetLock;
}

/**
 * Reads a `stamps/` folder and builds the fleet, collecting every finding on the way.
 *
 * @throws StampError when the folder cannot be read at all
 */
export function loadFleet(directory: string): LoadedFleet {
  const loaded = loadConfig(directory);
  const { config, lock } = loaded;
  if (config === undefined || lock === undefined || hasErrors(loaded.findings)) {
    return { findings: loaded.findings, ...(config && { config }), ...(lock && { lock }) };
  }
  const built = buildFleet(config, lock);
  const located = built.findings.map((finding) => ({ ...finding, where: loaded.locate(finding.where) }));
  const findings = sortFindings([...loaded.findings, ...located]);
  return { findings, config, lock, ...(hasErrors(findings) ? {} : { fleet: built.fleet }) };
}
