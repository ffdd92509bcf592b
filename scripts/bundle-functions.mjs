// Bundles every Lambda function of lib/functions into dist/functions/<name>/index.js, so that synth needs no bundler.
import { build } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param onBundle told esbuild's account of each bundle */
export async function bundleFunctions(onBundle = () => {}) {
  const functions = join(root, 'lib', 'functions');
  const names = readdirSync(functions, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(functions, entry.name, 'index.ts')))
    .map((entry) => entry.name)
    .sort();
  for (const name of names) {
    const { metafile } = await build({
      metafile: true,
      entryPoints: [join(functions, name, 'index.ts')],
      outfile: join(root, 'dist', 'functions', name, 'index.js'),
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      minify: true,
      legalComments: 'none',
      logLevel: 'warning',
      // Optional native parts that the pure JavaScript drivers do without.
      external: ['pg-native', 'cloudflare:sockets'],
    });
    onBundle(metafile);
  }
  return names;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = await bundleFunctions();
  process.stdout.write(`bundled functions: ${names.join(', ') || 'none'}\n`);
}
