import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { limitsTable } from '../../lib/preflight/limits-markdown';

const words = (table: string): string[] => table.split('\n').map((line) => line.replace(/ +/g, ' ').replace(/-{3,}/g, '---'));

test('docs/limits.md lists every limit as preflight knows it: npm run generate:limits', () => {
  const page = readFileSync(resolve(__dirname, '..', '..', 'docs', 'limits.md'), 'utf8');
  const table = /<!-- limits:begin[^\n]*-->\n\n([\s\S]*?)\n<!-- limits:end -->/.exec(page)?.[1];
  expect(words(table!)).toEqual(words(limitsTable()));
});
