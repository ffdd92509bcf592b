// Bundles the program of scripts/deploy.sh with everything it needs but the CDK: the package has no dependencies of its own.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export async function bundleDeploy() {
  await build({
    entryPoints: [join(root, 'bin', 'deploy.ts')],
    outfile: join(root, 'dist', 'bin', 'deploy.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    // Peer dependencies.
    external: ['aws-cdk-lib', 'constructs'],
    logLevel: 'warning',
  });
}
