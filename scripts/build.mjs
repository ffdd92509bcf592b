// Compiles bin and lib, bundles the functions, and links the CLI so that `npx stampkit` works inside this repository too.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleDeploy } from './bundle-deploy.mjs';
import { bundleFunctions } from './bundle-functions.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
await bundleFunctions();
await bundleDeploy();

const cli = join(root, 'dist', 'bin', 'stampkit.js');
const binFolder = join(root, 'node_modules', '.bin');
if (existsSync(cli)) chmodSync(cli, 0o755);
if (existsSync(cli) && existsSync(binFolder) && process.platform !== 'win32') {
  const link = join(binFolder, 'stampkit');
  mkdirSync(binFolder, { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(join('..', '..', 'dist', 'bin', 'stampkit.js'), link);
}
