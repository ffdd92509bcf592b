import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { StampError } from '../../errors';

/**
 * Code of a bundled Lambda function, by the name of its folder in lib/functions. The bundle is one file without paths or
 * times in it, so its asset hash is the same on every machine.
 *
 * @throws StampError `FUNCTION_BUNDLE_MISSING` when the package was not built.
 */
export function functionCode(name: string): lambda.Code {
  return lambda.Code.fromAsset(functionFolder(name));
}

/** Folder of the bundle. The package root differs between the sources (lib/) and the compiled package (dist/lib/), so it is looked for. */
export function functionFolder(name: string, root: string = packageRoot(__dirname)): string {
  const folder = join(root, 'dist', 'functions', name);
  if (!existsSync(join(folder, 'index.js'))) {
    throw new StampError('FUNCTION_BUNDLE_MISSING', `the bundle of function ${name} is not in ${folder}`, 'Run: npm run build');
  }
  return folder;
}

function packageRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (isOwnPackage(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) {
      throw new StampError(
        'FUNCTION_BUNDLE_MISSING',
        `the stampkit package around ${from} has no package.json`,
        'Install stampkit again.',
      );
    }
  }
}

function isOwnPackage(file: string): boolean {
  if (!existsSync(file)) return false;
  return (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name === 'stampkit';
}
