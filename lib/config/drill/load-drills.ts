import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, sortFindings } from '../../findings';
import type { FleetConfig } from '../types';
import { fleetFindings } from './fleet-checks';
import { type ReadDrill, readDrill } from './read-drill';

export const DRILLS_FOLDER = 'drills';

/** Every drill of a `stamps/` folder, judged by itself and against the fleet. A folder without drills has none. */
export function loadDrills(
  stamps: string,
  fleet?: FleetConfig,
): { readonly drills: readonly ReadDrill[]; readonly findings: readonly Finding[] } {
  const folder = join(stamps, DRILLS_FOLDER);
  const drills: ReadDrill[] = [];
  const findings: Finding[] = [];
  for (const name of namesIn(folder)) {
    const file = `${DRILLS_FOLDER}/${name}`;
    if (/\.yml$/i.test(name)) {
      const fix = `rename it to ${name.replace(/\.yml$/i, '.yaml')}`;
      findings.push({
        code: 'wrong-extension',
        severity: 'error',
        where: { file },
        message: `${file} does not end in .yaml`,
        fix,
      });
      continue;
    }
    const drill = readDrill(join(folder, name), file);
    drills.push(drill);
    findings.push(...drill.findings, ...againstFleet(drill, fleet));
  }
  return { drills, findings: sortFindings(findings) };
}

/** Findings of one drill for a fleet, with line and column. */
export function againstFleet(drill: ReadDrill, fleet: FleetConfig | undefined): Finding[] {
  if (drill.spec === undefined || fleet === undefined) return [];
  return drill.locate(fleetFindings(drill.spec, drill.file, fleet));
}

/** Names of the drill files, sorted; links that lead nowhere and folders are left out, notes too. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(
        (name) =>
          /\.ya?ml$/i.test(name) && !name.startsWith('.') && statSync(join(folder, name), { throwIfNoEntry: false })?.isFile(),
      )
      .sort();
  } catch {
    return [];
  }
}
