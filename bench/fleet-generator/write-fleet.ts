import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { isFixedByLock } from '../../lib/config/checks';
import { loadConfig } from '../../lib/config/load';
import { writeLock } from '../../lib/config/lock-file';
import { StampError } from '../../lib/errors';
import { planLock } from '../../lib/topology/addresses';
import { type FleetSize, generateFleet, LARGEST } from './generate';

export interface WrittenFleet {
  readonly groups: number;
  readonly stamps: number;
}

/**
 * Writes a valid and locked `stamps/` folder.
 *
 * @param say hears what is being done
 * @throws StampError USAGE for a size that is out of range or a folder that is not empty, GENERATED_FLEET_INVALID when the fleet has errors, which is
 * a bug of the generator
 */
export function writeFleet(directory: string, size: FleetSize, say: (text: string) => void = () => undefined): WrittenFleet {
  checkSize(size);
  refuseFilled(directory);
  say(`generating ${size.groups} groups ...`);
  const { fleet, groups } = generateFleet(size);
  mkdirSync(join(directory, 'groups'), { recursive: true });
  const origin = `npm run generate-fleet -- --groups ${size.groups} --regions ${size.regions} --accounts ${size.accounts} --seed ${size.seed}`;
  writeFileSync(join(directory, 'fleet.yaml'), `# Made up for load tests: ${origin}\n${yaml(fleet)}`);
  for (const group of groups) writeFileSync(join(directory, 'groups', `${group.group}.yaml`), yaml(group));
  say('locking ...');
  const { config, findings } = loadConfig(directory);
  const errors = findings.filter((finding) => finding.severity === 'error' && !isFixedByLock(finding));
  if (config === undefined || errors.length > 0) throw invalid(errors.map(({ code, message }) => `${code}: ${message}`));
  const plan = planLock(config, undefined);
  const unplanned = plan.findings.filter(({ severity }) => severity === 'error');
  if (unplanned.length > 0) throw invalid(unplanned.map(({ code, message }) => `${code}: ${message}`));
  writeLock(directory, plan.lock);
  return { groups: groups.length, stamps: Object.keys(plan.lock.addresses).length };
}

function yaml(data: unknown): string {
  // Anchors would only save bytes, and people read these files.
  return stringify(data, { lineWidth: 0, aliasDuplicateObjects: false });
}

function checkSize(size: FleetSize): void {
  for (const name of ['groups', 'regions', 'accounts'] as const) {
    const value = size[name];
    if (Number.isInteger(value) && value >= 1 && value <= LARGEST[name]) continue;
    throw new StampError('USAGE', `--${name} ${value} is out of range`, `Give a whole number from 1 to ${LARGEST[name]}.`);
  }
  if (!Number.isInteger(size.seed) || size.seed < 0 || size.seed > 4_294_967_295) {
    throw new StampError('USAGE', `--seed ${size.seed} is out of range`, 'Give a whole number from 0 to 4294967295.');
  }
}

function refuseFilled(directory: string): void {
  if (!existsSync(directory)) return;
  if (!statSync(directory).isDirectory()) {
    throw new StampError('USAGE', `${directory} is not a folder`, 'Name a folder that does not exist yet, or an empty one.');
  }
  if (readdirSync(directory).length > 0) {
    throw new StampError(
      'USAGE',
      `${directory} is not empty`,
      'Name a folder that does not exist yet, or an empty one: nothing is overwritten.',
    );
  }
}

function invalid(problems: readonly string[]): StampError {
  return new StampError(
    'GENERATED_FLEET_INVALID',
    `the generated fleet has ${problems.length} errors: ${problems.slice(0, 3).join('; ')}`,
    'Report the size and seed.',
  );
}
