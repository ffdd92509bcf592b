import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ASSUMPTION_NAMES, ASSUMPTIONS } from '../../lib/facts/assumptions';
import { LAB_ASSUMPTIONS } from '../../lib/facts/lab-assumptions';
import { FAILURE_KINDS } from '../../lib/resilience/failures/types';
import { assumptionsMarkdown } from '../../lib/resilience/report/assumptions-markdown';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'proof.md'), 'utf8');
const squeezed = (text: string): string => text.replace(/[ \t]+/g, ' ').replace(/-{3,}/g, '---');

describe('docs/proof.md', () => {
  test('holds the table of assumptions as it is (npm run generate:config)', () => {
    for (const row of assumptionsMarkdown().split('\n')) expect(squeezed(page)).toContain(squeezed(row));
  });

  test.each(FAILURE_KINDS)('explains the kind %s', (kind) => {
    expect(page).toMatch(new RegExp(`^\\| \`${kind}\` `, 'm'));
  });

  test.each(ASSUMPTION_NAMES)(
    '%s has a typical value that is no worse than the pessimistic one, on AWS and in the lab',
    (name) => {
      expect(ASSUMPTIONS[name].typical).toBeLessThanOrEqual(ASSUMPTIONS[name].pessimistic);
      expect(LAB_ASSUMPTIONS[name].typical).toBeLessThanOrEqual(LAB_ASSUMPTIONS[name].pessimistic);
    },
  );
});
