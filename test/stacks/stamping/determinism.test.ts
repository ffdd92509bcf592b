import { readFileSync, readdirSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { synthesizeFleet } from '../../../lib/stacks/fleet-app';
import { builtFleet, fleetConfig, group, plainGroup } from '../../topology/fixtures';

const [cwd, zone] = [process.cwd(), process.env['TZ']];

afterEach(() => {
  process.chdir(cwd);
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/** Other processes and locales: test/long/determinism.test.ts. */
test('the same fleet gives the same bytes, reports included, in another folder and time zone', { timeout: 120_000 }, () => {
  const first = assembled();
  process.env['TZ'] = 'Pacific/Kiritimati';
  process.chdir(mkdtempSync(join(tmpdir(), 'stampkit-elsewhere-')));
  const second = assembled();
  expect([...first.keys()]).toEqual([...second.keys()]);
  for (const [file, bytes] of first) expect([file, bytes.equals(second.get(file)!)]).toEqual([file, true]);
  expect([...first.keys()]).toEqual(expect.arrayContaining(['manifest.json', 'tree.json', 'validation-report.json']));
});

/** Everything in the folder of an assembly with all checks. */
function assembled(): Map<string, Buffer> {
  const fleet = builtFleet(fleetConfig({ groups: [group('one'), plainGroup('two')] }));
  const folder = synthesizeFleet(fleet, mkdtempSync(join(tmpdir(), 'stampkit-same-')));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => join(parentPath, name)).map((file) => [relative(folder, file), readFileSync(file)]),
  );
}
