import { readFileSync } from 'node:fs';

function file(variable: string): string {
  const path = process.env[variable];
  if (path === undefined) throw new Error(`${variable} is not set: these tests are run by npm run test:e2e`);
  return readFileSync(path, 'utf8');
}

/** Every request and every error of the emulator so far. */
export function emulatorLog(): string {
  return file('EMULATOR_LOG');
}

/** Resource types that the emulator does not know and stood in for. */
export function skippedTypes(): string[] {
  return lines(file('EMULATOR_SKIPPED')).sort();
}

/** What custom resources were asked, in order: `Create`, `Update` or `Delete`, the stack and the logical id. */
export function customRequests(): string[] {
  return lines(file('EMULATOR_CUSTOM'));
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
