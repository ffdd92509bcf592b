import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import * as stampkit from '../../lib';
import { codeBlocks, readPage, ROOT } from './markdown';

const snippets = codeBlocks(readPage('README.md'), 'ts');
const require = createRequire(__filename);

/** Where a snippet would lie in a reader's project: beside node_modules. */
const fileOf = (index: number): string => join(ROOT, `readme-snippet-${index + 1}.ts`);

/** Complaints of the compiler about all snippets, with `stampkit` being the sources. */
function complaints(): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node20,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    esModuleInterop: true,
    noUnusedLocals: true,
    types: ['node'],
    stripInternal: true,
    paths: { stampkit: [join(ROOT, 'lib', 'index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const texts = new Map(snippets.map((text, index) => [fileOf(index), text]));
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const text = texts.get(file);
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, rest[0]);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].flatMap((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  );
}

/** Runs a snippet and hands out its app. */
function run(text: string): App {
  const { outputText } = ts.transpileModule(`${text}\nexport { app as readmeApp };`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true },
  });
  const load = (id: string): unknown => (id === 'stampkit' ? stampkit : (require(id) as unknown));
  const exported: { readmeApp?: App } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the snippets of our own README
  new Function('require', 'exports', outputText)(load, exported);
  return exported.readmeApp!;
}

describe('TypeScript in the README', { timeout: 180_000 }, () => {
  test('there are snippets for a stamp, routing and a part alone', () => {
    expect(snippets.map((text) => /import \{ ([^}]+) \} from 'stampkit';/.exec(text)?.[1])).toEqual([
      'AuroraEngine, BackupSchedule, Stamp',
      'RoutingPolicy, StampRouting, SwitchBucket',
      'StampQueue',
    ]);
  });

  test('compiles against the public API', () => {
    expect(complaints()).toEqual([]);
  });

  test.each(snippets.map((text, index) => [index + 1, text] as const))('snippet %i synthesizes', (_index, text) => {
    const assembly = run(text).synth();
    const resources = assembly.stacks.flatMap(({ template }) => Object.keys((template as { Resources: object }).Resources));
    expect(resources.length).toBeGreaterThan(3);
    expect(assembly.manifest.missing ?? []).toEqual([]);
  });
});
