import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../lib/config/load';
import { editorSchema, editorSchemaText, fileSchemas, type JsonSchema } from '../../lib/config/reference/json-schema';
import { configurationMarkdown } from '../../lib/config/reference/markdown';

const root = join(__dirname, '..', '..');

describe('what is generated from the schemas', () => {
  test.each([
    ['stamps/schema.json', editorSchemaText],
    ['docs/configuration.md', configurationMarkdown],
  ])('%s is up to date (npm run build && npm run generate:config)', (file, generate) => {
    expect(readFileSync(join(root, file), 'utf8')).toBe(generate());
  });

  test('every key has a meaning', () => {
    const { fleet, group } = fileSchemas();
    expect([...undescribed(fleet, 'fleet'), ...undescribed(group, 'group')]).toEqual([]);
  });

  test('every reference of the editor’s schema leads somewhere', () => {
    const schema = editorSchema();
    const references = [...JSON.stringify(schema).matchAll(/"#\/\$defs\/(\w+)"/g)].map(([, name]) => name!);
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((name) => schema.$defs![name] === undefined)).toEqual([]);
  });
});

describe('the example fleet', () => {
  test('has no errors, and no warnings', () => {
    const { findings } = loadConfig(join(root, 'stamps'));
    expect(findings.filter((finding) => finding.severity !== 'info' && !finding.code.startsWith('lock-'))).toEqual([]);
  });

  test('shows the three modes of placement and three engines', () => {
    const { config } = loadConfig(join(root, 'stamps'));
    const shown = config!.groups.map(({ group, placement, database, compute }) => [
      group,
      placement.mode,
      database.engine,
      compute.kind,
    ]);
    expect(shown).toEqual([
      ['enterprise', 'active-passive', 'aurora-postgresql', 'fargate'],
      ['internal', 'single', 'none', 'ec2'],
      ['pool', 'active-active', 'dynamodb', 'fargate'],
    ]);
  });

  test('tells editors where the schema is', () => {
    const files = ['fleet.yaml', ...readdirSync(join(root, 'stamps', 'groups')).map((name) => join('groups', name))];
    for (const file of files) {
      const [first] = readFileSync(join(root, 'stamps', file), 'utf8').split('\n');
      expect(first).toBe(`# yaml-language-server: $schema=${file.includes('/') ? '../' : './'}schema.json`);
    }
  });
});

/** Keys without a description, in all parts of a schema. */
function undescribed(schema: JsonSchema, path: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    ...(value.description === undefined && value.oneOf === undefined ? [`${path}.${key}`] : []),
    ...undescribed(value, `${path}.${key}`),
  ]);
  const inner = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])];
  const values = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
  return [...own, ...[...inner, ...values].flatMap((part) => undescribed(part, path))];
}
