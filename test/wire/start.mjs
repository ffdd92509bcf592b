// Starts the wire-level fake as a process: node test/wire/start.mjs [--port N] [--speed N] [--stamps DIR]
//
// Prints one line of JSON with the endpoint and the variables that lead the AWS SDK to it, and ends with whoever holds its stdin, or on SIGTERM.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
// Inside the repository, so that packages are found in its node_modules.
const folder = mkdtempSync(join(root, 'node_modules', '.stampkit-wire-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const outfile = join(folder, 'wire.js');
await build({
  entryPoints: [join(here, 'main.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'cjs',
  logLevel: 'warning',
});
const { main } = createRequire(import.meta.url)(outfile);
await main(process.argv.slice(2));
