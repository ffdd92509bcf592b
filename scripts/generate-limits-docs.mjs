// Writes the table of limits into docs/limits.md, from the data that `stampkit preflight` uses.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSource } from './load-source.mjs';

const page = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'limits.md');
const { limitsTable } = await loadSource('preflight/limits-markdown.ts');
const text = readFileSync(page, 'utf8');
const table = /(<!-- limits:begin[^\n]*-->\n)[\s\S]*?(<!-- limits:end -->)/;
if (!table.test(text)) throw new Error(`${page} has no place for the table`);
writeFileSync(
  page,
  text.replace(table, (_all, begin, end) => `${begin}\n${limitsTable()}\n${end}`),
);
process.stdout.write('wrote docs/limits.md\n');
