import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from '../assembly/read-assembly';
import { printFindings } from './command';
import { renderGuards, renderRouting, renderStacks } from './describe-assembly';
import { renderFleet } from './commands/topology';
import { loadFleet } from './load-fleet';
import { EXIT_FINDINGS, EXIT_OK, type Terminal } from './terminal';

/**
 * The main job on the example fleet: check, synthesize, and an account of what was built. Every number is read back from the
 * templates on disk. Synthesis itself throws when a guard is missing.
 */
export async function runDemo(directory: string, terminal: Terminal): Promise<number> {
  terminal.out(`1. check ${directory}/\n`);
  const { findings, fleet } = loadFleet(directory);
  printFindings(terminal.out, findings);
  if (fleet === undefined) return EXIT_FINDINGS;
  terminal.out(`   ok\n\n${renderFleet(fleet)}\n`);

  terminal.out('2. synthesize, with cdk-nag AwsSolutions, NIST 800-53 R5 and the CloudFormation validation\n');
  const { acknowledgedFindings } = await import('../stacks/acknowledgements.js');
  const { addFleetStacks, createApp, synthesizeApp } = await import('../stacks/fleet-app.js');
  const output = mkdtempSync(join(tmpdir(), 'stampkit-demo-'));
  try {
    const app = createApp({ outdir: output });
    addFleetStacks(app, fleet);
    synthesizeApp(app);
    const assembly = readAssembly(output);
    terminal.out(`   ok\n\n${renderStacks(assembly)}\n`);
    terminal.out(`3. how names are answered\n\n${renderRouting(assembly)}\n`);
    terminal.out(`4. guards\n\n${renderGuards(assembly, acknowledgedFindings(app).length)}\n`);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
  terminal.out('Next: edit stamps/, then npx stampkit check, npx stampkit lock, npx cdk diff.\n');
  return EXIT_OK;
}
