import { entryOf } from '../../entry-of';
import { isGeolocationArea } from '../../facts/geolocations';
import type { Finding } from '../../findings';
import type { ActiveActiveRouting, GroupConfig, RegionCode } from '../types';
import { groupPlace, report } from './context';

type GeolocationRouting = Extract<ActiveActiveRouting, { policy: 'geolocation' }>;

/** Areas and default of a geolocation group: without a default, clients from nowhere get no answer at all (aws-facts 1.3). */
export function checkGeolocation(group: GroupConfig, members: readonly RegionCode[], routing: GeolocationRouting): Finding[] {
  const at = (...path: (string | number)[]) => groupPlace(group, 'placement', 'routing', ...path);
  const findings: Finding[] = [];
  if (!members.includes(routing.default)) {
    const message = `the default ${routing.default} holds no stamp of ${group.group}: clients outside every area would get no answer`;
    findings.push(report('geolocation-default-not-member', at('default'), message, `Choose one of ${members.join(', ')}`));
  }
  const claimed = new Map<string, RegionCode>();
  for (const [code, areas] of Object.entries(routing.areas)) {
    if (!members.includes(code)) {
      const message = `${code} serves areas but holds no stamp of ${group.group}`;
      findings.push(report('geolocation-region-not-member', at('areas', code), message, `Remove it, or add ${code} to regions`));
    }
    for (const [index, area] of areas.entries()) {
      const owner = claimed.get(area);
      if (!isGeolocationArea(area)) {
        const fix = 'Write continent:EU, country:DE (ISO 3166: the United Kingdom is GB) or country:US/state:CA';
        findings.push(report('geolocation-area-invalid', at('areas', code, index), `Route 53 knows no area "${area}"`, fix));
      } else if (owner === undefined) {
        claimed.set(area, code);
      } else {
        const message = `${area} is served by ${owner} and by ${code}: Route 53 takes one record per area`;
        findings.push(report('geolocation-area-claimed-twice', at('areas', code, index), message, 'Leave it with one of them'));
      }
    }
  }
  for (const code of members) {
    if (code === routing.default || (entryOf(routing.areas, code)?.length ?? 0) > 0) continue;
    const message = `${code} serves no area and is not the default: it gets traffic only from clients whose Region is unhealthy`;
    findings.push(report('geolocation-region-idle', at('areas'), message, `Give ${code} an area, or remove it from regions`));
  }
  return findings;
}
