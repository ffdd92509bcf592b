import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './run';

/** A copy of the test's fleet whose zone is one that the emulator has. */
export function copyFleet(hostedZoneId: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'stampkit-e2e-fleet-'));
  cpSync(join(ROOT, 'test', 'e2e', 'fleet'), folder, { recursive: true });
  edit(join(folder, 'fleet.yaml'), 'Z0000000000EMULATOR', hostedZoneId);
  return folder;
}

/** Replaces one piece of a file, which must be there. */
export function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} holds no ${JSON.stringify(from)}`);
  writeFileSync(file, text.replace(from, to));
}
