// Writes what is generated from the configuration's schemas (stamps/schema.json, docs/configuration.md, stamps/drills/schema.json,
// docs/drill-reference.md), and the table of assumptions in docs/proof.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { loadSource } from './load-source.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { assumptionsMarkdown, configurationMarkdown, drillEditorSchemaText, drillMarkdown, editorSchemaText } = await loadSource(
  'config/reference/json-schema.ts',
  'config/reference/markdown.ts',
  'config/reference/drill-schema.ts',
  'config/reference/drill-markdown.ts',
  'resilience/report/assumptions-markdown.ts',
);

for (const [file, text] of [
  [join('stamps', 'schema.json'), editorSchemaText()],
  [join('docs', 'configuration.md'), configurationMarkdown()],
  [join('stamps', 'drills', 'schema.json'), drillEditorSchemaText()],
  [join('docs', 'drill-reference.md'), drillMarkdown()],
]) {
  writeFileSync(join(root, file), text);
  process.stdout.write(`wrote ${file}\n`);
}

const proof = join(root, 'docs', 'proof.md');
const page = readFileSync(proof, 'utf8');
const between = /(<!-- assumptions:begin -->\n)[\s\S]*(\n<!-- assumptions:end -->)/;
writeFileSync(
  proof,
  await format(
    page.replace(between, (_all, begin, end) => `${begin}\n${assumptionsMarkdown()}${end}`),
    { ...(await resolveConfig(proof)), parser: 'markdown' },
  ),
);
process.stdout.write('wrote docs/proof.md\n');
