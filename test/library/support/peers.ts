import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..', '..');
export const CONSUMERS = join(ROOT, 'test', 'library', 'consumers');

interface Manifest {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** The lowest version that the package says it works with; all consumers use it, and unit tests the newest. */
export function lowestPeer(name: string): string {
  const range = MANIFEST.peerDependencies[name];
  if (range?.startsWith('^') !== true) throw new Error(`peer ${name} has the range ${range ?? 'none'}: ^x.y.z was expected`);
  return range.slice(1);
}
