import { join } from 'node:path';
import { loadConfig } from '../../lib/config/load';
import type { FleetConfig, FleetLock } from '../../lib/config/types';
import type { Finding } from '../../lib/findings';
import { planLock } from '../../lib/topology/addresses';
import { buildFleet } from '../../lib/topology/build-fleet';
import type { Fleet } from '../../lib/topology/types';
import { once } from './once';

/** A `stamps/` folder that was really read. */
export interface LoadedFleet {
  readonly config: FleetConfig;
  readonly lock: FleetLock;
  readonly fleet: Fleet;
  /** Of configuration and topology together. */
  readonly findings: readonly Finding[];
}

const ROOT = join(__dirname, '..', '..');

/** The fleet that users start from: `stamps/`, with its lock. */
export const exampleFleet = once(() => load(join(ROOT, 'stamps')));

/**
 * What the example does not use: `test/fixtures/variant-fleet`. It has no lock file; it gets the one that a first `stampkit lock`
 * would write.
 */
export const variantFleet = once(() => load(join(ROOT, 'test', 'fixtures', 'variant-fleet')));

/** The fleet of a changed configuration, under the lock of the unchanged one. */
export function rebuilt(config: FleetConfig, lock: FleetLock): Fleet {
  const { fleet, findings } = buildFleet(config, lock);
  if (findings.length > 0) throw new Error(findings.map(({ message }) => message).join('\n'));
  return fleet;
}

function load(folder: string): LoadedFleet {
  const { config, lock: pinned, findings } = loadConfig(folder);
  if (config === undefined) throw new Error(`${folder}: ${findings.map(({ message }) => message).join('\n')}`);
  const lock = pinned ?? planLock(config, undefined).lock;
  const built = buildFleet(config, lock);
  const relevant = findings.filter(({ code }) => pinned !== undefined || code !== 'lock-missing');
  return { config, lock, fleet: built.fleet, findings: [...relevant, ...built.findings] };
}
