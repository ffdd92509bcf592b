import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lintWorkflow } from './actionlint';

const root = join(__dirname, '..', '..');
const workflow = readFileSync(join(root, '.github', 'workflows', 'drill.yml'), 'utf8');

test('actionlint has nothing to say about the weekly drills', async () => {
  expect(await lintWorkflow(workflow)).toEqual([]);
});

test('every drill runs every week', () => {
  const drills = readdirSync(join(root, 'stamps', 'drills')).flatMap((name) =>
    name.endsWith('.yaml') ? [name.slice(0, -5)] : [],
  );
  expect([...workflow.matchAll(/^ {10}- ([a-z-]+)$/gm)].map(([, name]) => name)).toEqual(drills);
  expect(workflow).toMatch(/cron: '\d+ \d+ \* \* \d'/);
});
