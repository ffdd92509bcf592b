import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Fleet } from '../../lib/topology/types';
import { assemble, comparableTemplate, filesOf, stackArtifacts } from './assemblies';

/**
 * Expects every stack of the fleet to be the same stamped and made by itself; a fleet that cannot be made fails either way.
 *
 * @returns whether the fleet can be made
 */
export function expectStampedEqualsPlain(fleet: Fleet): boolean {
  const [plain, stamped] = [attempt(fleet, false), attempt(fleet, true)];
  try {
    if (typeof plain !== 'string' || typeof stamped !== 'string') {
      expect(errorOf(stamped)).toEqual(errorOf(plain));
      return false;
    }
    const [ofPlain, ofStamped] = [stackArtifacts(plain), stackArtifacts(stamped)];
    expect(ofStamped.map(([id]) => id)).toEqual(ofPlain.map(([id]) => id));
    for (const [index, [id, artifact]] of ofPlain.entries()) {
      expect([id, comparableTemplate(stamped, ofStamped[index]![1])]).toEqual([id, comparableTemplate(plain, artifact)]);
    }
    for (const file of filesOf(stamped)) {
      if (file.endsWith('.template.json')) expect(readFileSync(join(stamped, file), 'utf8')).not.toMatch(/[⟦⟧⟪⟫]|\$\{Token\[/);
    }
    return true;
  } finally {
    for (const folder of [plain, stamped]) if (typeof folder === 'string') rmSync(folder, { recursive: true, force: true });
  }
}

function attempt(fleet: Fleet, stamping: boolean): string | Error {
  try {
    return assemble(fleet, { stamping });
  } catch (error) {
    return error as Error;
  }
}

function errorOf(result: string | Error): string {
  return typeof result === 'string' ? 'no error' : (/[A-Z_]{5,}(?=:)/.exec(result.message)?.[0] ?? result.message);
}
