// Builds the package: programs and functions with esbuild, the library with jsii; links the CLI so that `npx stampkit` works
// inside this repository too. With --bundles only what esbuild makes, in seconds; with --if-needed nothing when no source is
// newer than the last build: npm runs `prepare` again the first time somebody says `npx stampkit`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePrograms } from './bundle-cli.mjs';
import { bundleFunctions } from './bundle-functions.mjs';
import { bundleLab } from './bundle-lab.mjs';
import { thirdPartyLicenses } from './third-party-licenses.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

const stamp = join(root, 'dist', '.built');
if (process.argv.includes('--if-needed') && isUpToDate()) process.exit(0);

const metafiles = [];
metafiles.push(await bundlePrograms());
await bundleLab();
await bundleFunctions((metafile) => metafiles.push(metafile));
writeFileSync(join(root, 'dist', 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(metafiles));
linkCli();
if (!process.argv.includes('--bundles')) {
  compileLibrary();
  writeFileSync(stamp, '');
}

function isUpToDate() {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  const outputs = ['dist/bin/stampkit.js', 'dist/bin/app.js', 'dist/lib/index.js', 'dist/functions', '.jsii'];
  const inputs = ['lib', 'bin', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.jsii.json'];
  return outputs.every((path) => existsSync(join(root, path))) && inputs.every((path) => newest(join(root, path)) <= built);
}

function newest(path) {
  const own = statSync(path).mtimeMs;
  if (!statSync(path).isDirectory()) return own;
  return Math.max(own, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function compileLibrary() {
  // Not incremental, and into an empty folder: what is left from an older compilation would be published.
  rmSync(join(root, 'dist', 'lib'), { recursive: true, force: true });
  execFileSync(
    process.execPath,
    // JSII0006: jsii wants to develop with the lowest peers. We develop with the newest; test/library uses the lowest.
    [require.resolve('jsii/bin/jsii'), '--compress-assembly', '--fail-on-warnings', '--silence-warnings', 'JSII0006'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' } },
  );
}

function linkCli() {
  const binFolder = join(root, 'node_modules', '.bin');
  if (!existsSync(binFolder) || process.platform === 'win32') return;
  const link = join(binFolder, 'stampkit');
  mkdirSync(binFolder, { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(join('..', '..', 'dist', 'bin', 'stampkit.js'), link);
}
