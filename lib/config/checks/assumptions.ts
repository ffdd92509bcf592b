import { ASSUMPTIONS, type AssumptionName } from '../../facts/assumptions';
import type { Finding } from '../../findings';
import { type CheckContext, fleetPlace, report } from './context';

/** Overrides of the assumptions: an impossible value would make every verdict worthless. */
export function checkAssumptions({ config }: CheckContext): Finding[] {
  return Object.entries(config.assumptions).flatMap(([name, value]) => {
    // A name that does not exist is the schema's finding.
    if (!Object.hasOwn(ASSUMPTIONS, name)) return [];
    const { unit, meaning } = ASSUMPTIONS[name as AssumptionName];
    const possible = Number.isFinite(value) && value >= 0 && (unit !== 'ratio' || value <= 1) && (unit !== 'count' || value > 0);
    if (possible) return [];
    const wanted = { seconds: 'a duration such as 5m', ratio: 'a share from 0 to 1', count: 'a number above 0' }[unit];
    return [
      report(
        'assumption-out-of-range',
        fleetPlace('assumptions', name),
        `${name} ${value} (${meaning}) is impossible`,
        `Write ${wanted}`,
      ),
    ];
  });
}
