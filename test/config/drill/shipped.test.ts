import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDrills } from '../../../lib/config/drill/load-drills';
import { loadConfig } from '../../../lib/config/load';
import { drillMarkdown } from '../../../lib/config/reference/drill-markdown';
import { drillEditorSchemaText, drillFileSchema } from '../../../lib/config/reference/drill-schema';
import type { JsonSchema } from '../../../lib/config/reference/json-schema';
import { FAULT_KINDS } from '../../../lib/ports';

const root = join(__dirname, '..', '..', '..');
const folder = join(root, 'stamps', 'drills');
const { drills, findings } = loadDrills(join(root, 'stamps'), loadConfig(join(root, 'stamps')).config);

describe('the drills that come with stampkit', () => {
  test('are these, without a finding', () => {
    expect(findings).toEqual([]);
    expect(drills.map(({ spec }) => spec?.drill)).toEqual([
      'active-active-region-loss',
      'az-loss',
      'checker-partition',
      'data-corruption-restore',
      'evacuate-and-readmit',
      'operator-crash-resume',
      'planned-failback',
      'region-loss-failover',
      'region-silence-failover',
      'replication-lag-refused',
      'writer-loss',
    ]);
  });

  test.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('%s tells editors its schema', (name) => {
    expect(readFileSync(join(folder, name), 'utf8').split('\n')[0]).toBe('# yaml-language-server: $schema=./schema.json');
  });
});

describe('what is generated from the schema', () => {
  test.each([
    ['stamps/drills/schema.json', drillEditorSchemaText],
    ['docs/drill-reference.md', drillMarkdown],
  ])('%s is up to date (npm run generate:config)', (file, generate) => {
    expect(readFileSync(join(root, file), 'utf8')).toBe(generate());
  });

  test('every key has a meaning, and every fault of the port can be written', () => {
    expect(undescribed(drillFileSchema(), 'drill')).toEqual([]);
    const method = drillFileSchema().properties?.method?.items?.properties?.fault?.oneOf ?? [];
    expect(method.map(({ properties }) => properties?.kind?.const)).toEqual([...FAULT_KINDS]);
  });
});

function undescribed(schema: JsonSchema, path: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    ...(value.description === undefined && value.oneOf === undefined ? [`${path}.${key}`] : []),
    ...undescribed(value, `${path}.${key}`),
  ]);
  return [
    ...own,
    ...[...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])].flatMap((part) => undescribed(part, path)),
  ];
}
