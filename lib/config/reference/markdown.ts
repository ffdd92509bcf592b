import { fileSchemas, type JsonSchema } from './json-schema';

const INTRODUCTION = `# Configuration

<!-- Generated from the schemas in lib/config/schema by \`npm run generate:config\`. Do not edit. -->

A \`stamps/\` folder is one fleet:

| File | Holds |
| --- | --- |
| \`fleet.yaml\` | what all groups share: Regions, zone, network, control Regions, defaults |
| \`groups/<group>.yaml\` | one tenant group each; the file is named like the group |
| \`fleet.lock.yaml\` | addresses and home Regions that never move; written by \`stampkit lock\`, committed, never edited |
| \`schema.json\` | the same keys for editors: start a file with \`# yaml-language-server: $schema=schema.json\` |

\`stampkit check\` reads all of it and prints every finding with file, line and column. Unknown keys are errors.

**Durations** are one number and one unit: \`30s\`, \`5m\`, \`4h\`, \`35d\` (\`200ms\` where a fraction makes sense). **Percentages** end in
\`%\`. **CIDRs** have zeros beyond their prefix. **Account ids and engine versions** are in quotes, because YAML would read numbers. A
**Region** is written as its code under \`regions:\` (\`use1\`) or as its AWS name (\`us-east-1\`). Files are UTF-8 and one YAML 1.2
document; merge keys (\`<<\`) and tags (\`!x\`) are not read.

**\`defaults:\`** in \`fleet.yaml\` may hold any key of a group except \`group\` and \`tenants\`. Mappings merge key by key; lists and single
values of the group replace the default ones. When the group says another kind than the defaults (\`placement.mode\`,
\`placement.routing.policy\`, \`compute.kind\`, \`database.engine\`), its part replaces the default one whole, and so does
\`database.serverless\` the default \`database.provisioned\` and the other way round.

No default lowers resilience; what does is written out, mostly with a reason.
`;

/** `docs/configuration.md`: every key with type, default and meaning, one table a section. */
export function configurationMarkdown(): string {
  const { fleet, group } = fileSchemas();
  const sections = [
    INTRODUCTION,
    ...sectionsOf({ heading: 'fleet.yaml', level: 2, path: '', schema: fleet }),
    ...sectionsOf({ heading: 'groups/<group>.yaml', level: 2, path: '', schema: group }),
  ];
  return `${sections.map((section) => section.trimEnd()).join('\n\n')}\n`;
}

export interface Section {
  readonly heading: string;
  readonly level: number;
  /** Keys that lead here, as people write them; empty for a file. */
  readonly path: string;
  readonly schema: JsonSchema;
}

export function sectionsOf(section: Section): string[] {
  const { heading, level, path, schema } = section;
  const title = `${'#'.repeat(level)} \`${heading}\``;
  const intro = schema.description === undefined ? title : `${title}\n\n${schema.description}`;
  if (schema.oneOf !== undefined) {
    const options = schema.oneOf.map((option) => ({ option, kind: kindOf(option) }));
    return [
      intro,
      ...options.flatMap(({ option, kind }) =>
        sectionsOf({ heading: `${path} (${kind})`, level: Math.min(level + 1, 6), path, schema: withoutTitle(option) }),
      ),
    ];
  }
  const rows = Object.entries(schema.properties ?? {}).map(([key, property]) => row(key, property, schema.required ?? []));
  const table = ['| Key | Type | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
  const children = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const nested = nestedOf(property, path === '' ? key : `${path}.${key}`);
    return nested === undefined ? [] : sectionsOf({ heading: nested.path, level: Math.min(level + 1, 6), ...nested });
  });
  return [`${intro}\n\n${table}`, ...children];
}

/** The mapping with own keys that a key leads to, directly or through a list or mapping. */
function nestedOf(schema: JsonSchema, path: string): { path: string; schema: JsonSchema } | undefined {
  if (schema.oneOf !== undefined || schema.properties !== undefined) return { path, schema };
  if (schema.items !== undefined) return nestedOf(schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === 'object') {
    return nestedOf(schema.additionalProperties, `${path}.<${noun(schema.propertyNames?.title ?? 'name')}>`);
  }
  return undefined;
}

function row(key: string, schema: JsonSchema, required: readonly string[]): string {
  const initial = required.includes(key) ? 'required' : defaultText(schema);
  return `| \`${key}\` | ${typeText(schema)} | ${initial} | ${cell(schema.description ?? '')} |`;
}

function defaultText({ default: value, properties }: JsonSchema): string {
  if (value === undefined) return '-';
  if (Array.isArray(value)) return value.length === 0 ? '`[]`' : code(JSON.stringify(value));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as Record<string, string>).map(([key, word]) => `${key}: ${word}`);
    return entries.length === 0 ? (properties === undefined ? '`{}`' : 'see below') : code(`{ ${entries.join(', ')} }`);
  }
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}

function typeText(schema: JsonSchema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((word) => code(String(word))).join(' or ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(', or ');
  if (schema.oneOf !== undefined || schema.properties !== undefined) return 'mapping, see below';
  if (schema.items !== undefined)
    return schema.items.properties === undefined
      ? `list (${noun(schema.items.title ?? 'value')})`
      : 'list of mappings, see below';
  if (schema.propertyNames !== undefined && typeof schema.additionalProperties === 'object') {
    const value = schema.additionalProperties;
    const kind =
      value.properties === undefined ? (value.items === undefined ? noun(value.title ?? 'value') : typeText(value)) : 'mapping';
    return `mapping from ${noun(schema.propertyNames.title ?? 'name')} to ${kind}`;
  }
  const { title = String(schema.type), minimum, maximum } = schema;
  return minimum !== undefined && maximum !== undefined && minimum < maximum ? `${title}, ${minimum} to ${maximum}` : title;
}

/** `a tenant name` is `tenant name` after "list of". */
function noun(title: string): string {
  return title.replace(/^(an?|the) /, '');
}

/** The words that choose this part of a mapping: `engine: dynamodb`. */
function kindOf(schema: JsonSchema): string {
  const [[key, value] = ['', {} as JsonSchema]] = Object.entries(schema.properties ?? {});
  return `${key}: ${(value.enum ?? [value.const]).map(String).join(' or ')}`;
}

function withoutTitle(schema: JsonSchema): JsonSchema {
  const { title: _, ...rest } = schema;
  return rest;
}

function code(text: string): string {
  return `\`${cell(text)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
