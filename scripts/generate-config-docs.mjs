// Writes what is generated from the configuration's schemas: stamps/schema.json and docs/configuration.md. Needs a build.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const { editorSchemaText } = require(join(root, 'dist', 'lib', 'config', 'reference', 'json-schema.js'));
const { configurationMarkdown } = require(join(root, 'dist', 'lib', 'config', 'reference', 'markdown.js'));

for (const [file, text] of [
  [join('stamps', 'schema.json'), editorSchemaText()],
  [join('docs', 'configuration.md'), configurationMarkdown()],
]) {
  writeFileSync(join(root, file), text);
  process.stdout.write(`wrote ${file}\n`);
}
