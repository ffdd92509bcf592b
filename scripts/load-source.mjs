// Runs TypeScript of lib/ in the scripts of this repository: the package itself has it only bundled into the programs.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * All exports of some modules, which share their state.
 *
 * @param modules paths in lib/, such as `config/load.ts`
 */
export async function loadSource(...modules) {
  // Inside the repository, so that packages are found in its node_modules.
  const folder = mkdtempSync(join(root, 'node_modules', '.stampkit-'));
  try {
    const outfile = join(folder, 'source.js');
    await build({
      stdin: { contents: modules.map((path) => `export * from './lib/${path}';`).join('\n'), resolveDir: root },
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'cjs',
      logLevel: 'warning',
    });
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
