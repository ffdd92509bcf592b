// Writes docs/API.md from the jsii assembly of the last build; with --check only tells whether it is what it should be.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { apiMarkdown } from './api-markdown.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const file = join(root, 'docs', 'API.md');
const markdown = apiMarkdown(JSON.parse(gunzipSync(readFileSync(join(root, '.jsii.gz'))).toString()));

if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== markdown) {
    process.stderr.write('docs/API.md is not what the library says: run npm run generate:api\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, markdown);
  process.stdout.write('wrote docs/API.md\n');
}
