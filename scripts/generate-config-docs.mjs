// Writes what is generated from the configuration's schemas: stamps/schema.json and docs/configuration.md.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSource } from './load-source.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { configurationMarkdown, editorSchemaText } = await loadSource(
  'config/reference/json-schema.ts',
  'config/reference/markdown.ts',
);

for (const [file, text] of [
  [join('stamps', 'schema.json'), editorSchemaText()],
  [join('docs', 'configuration.md'), configurationMarkdown()],
]) {
  writeFileSync(join(root, file), text);
  process.stdout.write(`wrote ${file}\n`);
}
