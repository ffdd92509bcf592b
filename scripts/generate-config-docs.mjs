// Writes what is generated from the configuration's schemas, stamps/schema.json and docs/configuration.md, and the table of assumptions
// in docs/proof.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { loadSource } from './load-source.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { assumptionsMarkdown, configurationMarkdown, editorSchemaText } = await loadSource(
  'config/reference/json-schema.ts',
  'config/reference/markdown.ts',
  'resilience/report/assumptions-markdown.ts',
);

for (const [file, text] of [
  [join('stamps', 'schema.json'), editorSchemaText()],
  [join('docs', 'configuration.md'), configurationMarkdown()],
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
