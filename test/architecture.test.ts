import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Who may import whom (docs/design.md section 4). The small modules of OPEN are open to everybody. */
const OPEN = ['errors', 'findings', 'cidr', 'order', 'entry-of', 'facts'];
const ALLOWED: Record<string, { folders: string[]; packages: RegExp[] }> = {
  facts: { folders: [], packages: [] },
  config: { folders: [], packages: [/^zod$/, /^yaml$/, /^node:/] },
  topology: { folders: ['config'], packages: [] },
  health: { folders: [], packages: [] },
  constructs: { folders: ['topology', 'health'], packages: [/^aws-cdk-lib(\/|$)/, /^constructs$/, /^node:(fs|path)$/] },
  stacks: {
    folders: ['topology', 'constructs', 'assembly', 'resilience'],
    packages: [/^aws-cdk-lib(\/|$)/, /^constructs$/, /^cdk-nag$/, /^node:(fs|os|path|crypto|worker_threads)$/],
  },
  resilience: { folders: ['topology', 'assembly'], packages: [] },
  ports: { folders: ['topology'], packages: [] },
  operations: { folders: ['ports', 'topology', 'resilience'], packages: [] },
  drill: { folders: ['ports', 'operations', 'resilience', 'topology', 'config'], packages: [] },
  preflight: { folders: ['topology', 'assembly'], packages: [] },
  ci: { folders: ['topology'], packages: [] },
  functions: { folders: ['health', 'aws'], packages: [/^aws-lambda$/] },
  assembly: { folders: ['topology'], packages: [/^node:/] },
  aws: { folders: ['ports', 'topology', 'health'], packages: [/^@aws-sdk\//, /^node:/, /^pg$/, /^mysql2(\/|$)/] },
  lab: {
    folders: ['ports', 'topology', 'assembly', 'resilience', 'health', 'drill'],
    packages: [/^node:/, /^dns2$/, /^pg$/],
  },
  index: { folders: ['constructs', 'stacks'], packages: [] },
  cli: {
    folders: [
      ...['config', 'topology', 'health', 'constructs', 'stacks', 'preflight', 'ci', 'assembly', 'aws', 'cli'],
      ...['resilience', 'ports', 'operations', 'drill', 'lab'],
    ],
    packages: [/^commander$/, /^node:/, /^aws-cdk-lib(\/|$)/],
  },
};
/** Folders that decide: no clock, environment, disk, randomness or printing. */
const PURE = ['facts', 'topology', 'health', 'preflight', 'ci', 'resilience', 'operations', 'drill', 'config/checks'];

const root = resolve(__dirname, '..', 'lib');

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const statements = [...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gms)].map(
    (match) => ({
      specifier: match[2]!,
      typeOnly: match[1] !== undefined,
    }),
  );
  // Not inside template literals: those hold scripts that run elsewhere.
  const code = text.replace(/`[^`]*`/g, '');
  const dynamic = [...code.matchAll(/(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g)].map((match) => ({
    specifier: match[1]!,
    typeOnly: false,
  }));
  return [...statements, ...dynamic];
}

/** `config` for lib/config/load.ts, `errors` for lib/errors.ts. */
function folderOf(path: string): string {
  return relative(root, path).split('/')[0]!.replace(/\.ts$/, '');
}

describe('who may import whom', () => {
  const files = sourceFiles(root);

  test('there is something to check, and every folder of lib has a rule', () => {
    expect(files.length).toBeGreaterThan(10);
    expect([...new Set(files.map(folderOf))].filter((folder) => !(folder in ALLOWED) && !OPEN.includes(folder))).toEqual([]);
  });

  test.each(files.map((file) => [relative(root, file), file]))('%s keeps to its folder’s rule', (_name, file) => {
    const folder = folderOf(file);
    const rule = ALLOWED[folder] ?? { folders: [], packages: [] };
    const broken = importsOf(file).filter(({ specifier }) => {
      if (!specifier.startsWith('.')) return !rule.packages.some((allowed) => allowed.test(specifier));
      const target = folderOf(resolve(dirname(file), specifier));
      return target !== folder && !OPEN.includes(target) && !rule.folders.includes(target);
    });
    expect(broken.map(({ specifier }) => specifier)).toEqual([]);
  });

  test('topology and preflight import other folders for their types only', () => {
    const broken = files
      .filter((file) => ['topology', 'preflight'].includes(folderOf(file)))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ specifier, typeOnly }) => /^\.\.\/(config|assembly)/.test(specifier) && !typeOnly)
          .map(({ specifier }) => `${relative(root, file)} -> ${specifier}`),
      );
    expect(broken).toEqual([]);
  });

  test.each(PURE)('%s reads no clock, environment, disk or randomness and prints nothing', (folder) => {
    const impure =
      /\b(Date\.now\(|new Date\(\)|Math\.random\(|process\.|performance\.|console\.|setTimeout\(|setInterval\(|crypto\.|fetch\()/;
    const offenders = files
      .filter((file) => relative(root, file).startsWith(`${folder}/`))
      .filter((file) => impure.test(readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')))
      .map((file) => relative(root, file));
    expect(offenders).toEqual([]);
  });
});
