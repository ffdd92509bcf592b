import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { functionCode, functionFolder } from '../../../lib/constructs/private/function-asset';

describe('the bundle of stamp-health', () => {
  const folder = functionFolder('stamp-health');

  test('is found from the sources', () => {
    expect(folder).toMatch(/dist\/functions\/stamp-health$/);
    expect(functionCode('stamp-health')).toBeDefined();
  });

  test('is one small file', () => {
    expect(statSync(join(folder, 'index.js')).size).toBeLessThan(5 * 1024 * 1024);
  });

  test('has the same hash wherever it lies, and names no folder of this machine', () => {
    const copy = mkdtempSync(join(tmpdir(), 'bundle-'));
    try {
      cpSync(folder, copy, { recursive: true });
      expect(FileSystem.fingerprint(copy)).toBe(FileSystem.fingerprint(folder));
    } finally {
      rmSync(copy, { recursive: true });
    }
    expect(readFileSync(join(folder, 'index.js'), 'utf8')).not.toContain(process.cwd());
  });

  test('fails with the fix when the package was not built', () => {
    expect(() => functionFolder('stamp-health', tmpdir())).toThrow(/FUNCTION_BUNDLE_MISSING: .*npm run build/);
    expect(() => functionCode('no-such-function')).toThrow(/FUNCTION_BUNDLE_MISSING/);
  });
});
