// Bundles every program of bin/ with all it needs beside the CDK into dist/bin, so that the published package depends on its
// peers only. The programs share chunks, because most of their code is the same.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

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

/**
 * Bundles the programs as chunks that load when they are needed: what a command does not use it does not parse. esbuild divides ES modules only, so
 * its chunks become CommonJS in a second step: aws-cdk-lib is CommonJS, and so are `__dirname` and `require`.
 *
 * Returns esbuild's account of what went into the bundle.
 */
export async function bundlePrograms() {
  const outdir = join(root, 'dist', 'bin');
  const names = readdirSync(join(root, 'bin'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => basename(name, '.ts'))
    .sort();
  const { metafile, outputFiles } = await build({
    ...BUNDLE_SETTINGS,
    entryPoints: Object.fromEntries(names.map((name) => [name, join(root, 'bin', `${name}.ts`)])),
    absWorkingDir: root,
    outdir,
    format: 'esm',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    metafile: true,
    write: false,
  });
  mkdirSync(outdir, { recursive: true });
  const files = new Set();
  const isProgram = (path) => names.includes(basename(path, '.js'));
  // Programs come last: who calls one while it is built finds the chunks that it needs.
  for (const { path, text } of [...outputFiles].sort((a, b) => Number(isProgram(a.path)) - Number(isProgram(b.path)))) {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      minifyWhitespace: true,
      minifySyntax: true,
    });
    const name = basename(path);
    files.add(name);
    writeFileSync(path, `${isProgram(path) ? '#!/usr/bin/env node\n' : ''}${withoutShebang(code)}`);
    if (isProgram(path)) chmodSync(path, 0o755);
  }
  // What an older build left here would be published.
  for (const left of readdirSync(outdir).filter((name) => !files.has(name))) rmSync(join(outdir, left), { recursive: true });
  return metafile;
}

function withoutShebang(code) {
  return code.replace(/^#!.*\n/, '');
}
