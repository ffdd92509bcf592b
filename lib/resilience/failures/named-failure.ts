import { StampError } from '../../errors';
import type { FleetDemand } from '../demand';
import { FAILURE_KINDS } from './types';

/**
 * A failure or a pair as somebody wrote it, in the spelling of the proof: Regions by their code, zones as `use1a`, parts in byte order.
 *
 * @throws StampError FAILURE_INVALID when it is none
 */
export function namedFailure(text: string, { regions }: Pick<FleetDemand, 'regions'>): string {
  const parts = text.replace(/^pair:/, '').split('+');
  if (parts.length > 2) throw invalid(text);
  return parts
    .map((part) => {
      const [, kind = '', id = ''] = /^([a-z-]+):([A-Za-z0-9][A-Za-z0-9._/-]*)$/.exec(part) ?? [];
      if (!(FAILURE_KINDS as readonly string[]).includes(kind)) throw invalid(text);
      return `${kind}:${canonicalId(kind, id, regions)}`;
    })
    .sort()
    .join('+');
}

const REGIONAL = ['region', 'control', 'image', 'secret'];

function canonicalId(kind: string, id: string, regions: FleetDemand['regions']): string {
  if (REGIONAL.includes(kind)) return regions.find(({ region }) => region === id)?.code ?? id;
  if (kind !== 'az') return id;
  for (const { code, region } of regions) {
    for (const start of [`${region}-`, region, `${code}-`, code]) {
      const zone = id.startsWith(start) ? id.slice(start.length) : '';
      if (/^[a-z]$/.test(zone)) return `${code}${zone}`;
    }
  }
  return id;
}

function invalid(text: string): StampError {
  return new StampError(
    'FAILURE_INVALID',
    `"${text}" is no failure`,
    `Write KIND:ID, or two of them joined by +, with one of the kinds ${FAILURE_KINDS.join(', ')}.`,
  );
}
