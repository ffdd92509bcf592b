// Bundles the lab's programs into dist/lab. They are no part of the package: `files` of package.json leaves dist/lab out.
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const PROGRAMS = {
  lab: 'lib/lab/index.ts',
  process: 'lib/lab/programs/main.ts',
  'container-network': 'lib/lab/programs/container-network.ts',
  'broken-release': 'lib/lab/programs/broken-release.ts',
  web: 'samples/orders/web.ts',
  worker: 'samples/orders/worker.ts',
};

export async function bundleLab(outdir = join(root, 'dist', 'lab')) {
  await build({
    entryPoints: Object.fromEntries(Object.entries(PROGRAMS).map(([name, path]) => [name, join(root, path)])),
    outdir,
    bundle: true,
    platform: 'node',
    mainFields: ['module', 'main'],
    target: 'node20',
    format: 'cjs',
    keepNames: true,
    // An optional binding of pg that is not installed.
    external: ['pg-native'],
    logLevel: 'warning',
  });
  const known = new Set(Object.keys(PROGRAMS).map((name) => `${name}.js`));
  for (const name of readdirSync(outdir)) if (!known.has(name)) rmSync(join(outdir, name), { recursive: true });
}
