import type { Quota } from '../facts/quota';
import { QUOTA_KEYS, quotaOf } from '../facts/quotas';
import { number } from './say';

/** The table of docs/limits.md, from the data that `preflight` uses. */
export function limitsTable(): string {
  const rows = QUOTA_KEYS.map((key) => {
    const quota = quotaOf(key);
    const code = quota.quotaCode === undefined ? quota.serviceCode : `${quota.serviceCode} ${quota.quotaCode}`;
    return [`\`${key}\``, quota.name, SCOPES[quota.scope], value(quota), quota.adjustable ? 'yes' : 'no', code, source(quota)];
  });
  const header = ['Key', 'Limit', 'Counted per', 'Default', 'AWS raises it', 'Service Quotas', 'Source'];
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n') + '\n';
}

const SCOPES: Record<Quota['scope'], string> = {
  account: 'account',
  region: 'account and Region',
  'availability-zone': 'Availability Zone',
  zone: 'hosted zone',
  name: 'DNS name and type',
  stack: 'stack',
  resource: 'resource',
};

function value({ defaultValue, keptBack, ceiling }: Quota): string {
  const notes = [
    ...(keptBack === undefined ? [] : [`${number(keptBack)} kept back`]),
    ...(ceiling === undefined ? [] : [`at most ${number(ceiling)}`]),
  ];
  return `${number(defaultValue)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
}

function source({ source: section, confidence }: Quota): string {
  return confidence === 'high' ? section : `${section}, ${confidence === 'low' ? '**not confirmed**' : 'one source'}`;
}
