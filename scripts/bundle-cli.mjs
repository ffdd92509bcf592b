// Bundles every program of bin/ with all it needs beside the CDK into dist/bin, so that the published package depends on its
// peers only. The programs share one bundle, because most of their code is the same; each is loaded when it is asked for.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const BUNDLE = 'programs.js';

/** The peers: a second copy of them would make constructs that the user's own are no instances of. */
const PEERS = ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'];

/** cdk-nag names its rules after their files, and a bundle has only one: each file keeps its own name. */
const nagRuleNames = {
  name: 'nag-rule-names',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/]cdk-nag[\\/]lib[\\/].*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/\b__filename\b/g, JSON.stringify(basename(path))),
      loader: 'js',
    }));
  },
};

/** Messages of the configuration are ours; of zod's 50 languages only its default is looked up. */
const zodInEnglish = {
  name: 'zod-in-english',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/]zod[\\/]v4[\\/]locales[\\/]index\.c?js$/ }, () => ({
      contents: `export { default as en } from './en.js';`,
      loader: 'js',
    }));
  },
};

/** How programs are bundled; npm run bench bundles what it compares with in the same way. */
export const BUNDLE_SETTINGS = {
  bundle: true,
  platform: 'node',
  // ES modules where packages have them: of an SDK client only the commands in use are left.
  mainFields: ['module', 'main'],
  target: 'node20',
  format: 'cjs',
  minify: true,
  // Errors and construct classes are recognized by their names.
  keepNames: true,
  legalComments: 'none',
  external: PEERS,
  plugins: [nagRuleNames, zodInEnglish],
  logLevel: 'warning',
};

/** Returns esbuild's account of what went into the bundle. */
export async function bundlePrograms() {
  const outdir = join(root, 'dist', 'bin');
  const names = readdirSync(join(root, 'bin'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => basename(name, '.ts'))
    .sort();
  const { metafile } = await build({
    stdin: {
      contents: `export const programs = {${names.map((name) => `${name}: () => import('./bin/${name}.ts')`).join(', ')}};`,
      resolveDir: root,
    },
    outfile: join(outdir, BUNDLE),
    ...BUNDLE_SETTINGS,
    metafile: true,
  });
  const files = new Set([BUNDLE]);
  for (const name of names) {
    files.add(`${name}.js`);
    const file = join(outdir, `${name}.js`);
    writeFileSync(file, `#!/usr/bin/env node\nvoid require('./${BUNDLE}').programs.${name}();\n`);
    chmodSync(file, 0o755);
  }
  // What an older build left here would be published.
  for (const left of readdirSync(outdir).filter((name) => !files.has(name))) rmSync(join(outdir, left), { recursive: true });
  return metafile;
}
