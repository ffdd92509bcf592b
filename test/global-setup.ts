import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../scripts/bundle-functions.mjs';

/**
 * Template tests need the bundled Lambda functions on disk, as the build leaves them. Every synthesis leaves a cloud assembly in
 * the temporary folder: the run gets one of its own, and takes it away again.
 */
export default async function setup(): Promise<() => void> {
  await bundleFunctions();
  const folder = mkdtempSync(join(tmpdir(), 'stampkit-test-'));
  process.env['TMPDIR'] = folder;
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
