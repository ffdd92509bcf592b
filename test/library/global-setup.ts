import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { CONSUMERS, lowestPeer, MANIFEST, ROOT } from './support/peers';
import { succeed } from './support/run';

declare module 'vitest' {
  interface ProvidedContext {
    /** The packed package. */
    tarball: string;
    /** An empty project that installed the tarball and the lowest peers, with the TypeScript programs compiled in `out/`. */
    project: string;
    /** What npm said while it installed. */
    installation: string;
    /** Folder with the Python and Java sources that jsii-pacmak made of the installed package. */
    bindings: string;
  }
}

/** The programs are compiled as a user would: strict, with the declarations of all packages checked. */
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2022', 'ESNext.Disposable'],
    module: 'node20',
    types: [],
    strict: true,
    rootDir: '.',
    outDir: 'out',
  },
  include: ['*.ts'],
};

/** Packs what is in the tree, and installs it where nothing else is. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'stampkit-library-'));
  const project = join(folder, 'project');
  const bindings = join(folder, 'bindings');
  await succeed(process.execPath, ['scripts/build.mjs', '--if-needed'], { cwd: ROOT });
  await succeed('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
  const tarball = join(folder, `stampkit-${MANIFEST.version}.tgz`);
  process.stdout.write(`packed ${(statSync(tarball).size / 1e6).toFixed(2)} MB\n`);

  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  cpSync(join(CONSUMERS, 'typescript'), project, { recursive: true });
  const peers = ['aws-cdk-lib', 'constructs'].map((name) => `${name}@${lowestPeer(name)}`);
  const installation = await succeed('bash', ['-c', 'npm install --no-audit --no-fund "$@" 2>&1', 'npm', tarball, ...peers], {
    cwd: project,
  });
  await Promise.all([
    succeed(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project], { cwd: project }),
    succeed(
      process.execPath,
      [
        join(ROOT, 'node_modules', 'jsii-pacmak', 'bin', 'jsii-pacmak'),
        join(project, 'node_modules', 'stampkit'),
        ...['--code-only', '--targets', 'python', 'java', '--outdir', bindings, '--no-npmignore'],
        // The languages carry the very tarball that is tested here, not another one made of the installed folder.
        ...['--pack-command', `echo ${tarball}`],
      ],
      { cwd: project },
    ),
  ]);
  provide('tarball', tarball);
  provide('project', project);
  provide('installation', installation);
  provide('bindings', bindings);
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
