import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFleet } from '../../assembly/parse-fleet';
import { type Assembly, readAssembly } from '../../assembly/read-assembly';
import { fleetDemand } from '../../resilience/fleet-demand';
import { prove } from '../../resilience/prove';
import type { Proof } from '../../resilience/types';
import type { Fleet } from '../../topology/types';
import { printFindings } from '../command';
import { renderFleet } from '../commands/topology';
import { renderGuards, renderRouting, renderStacks } from '../describe-assembly';
import { loadFleet } from '../load-fleet';
import type { OperationsHost } from '../operations/host';
import { EXIT_FINDINGS, EXIT_OK, type Terminal } from '../terminal';
import { countsText } from '../verify/table';
import { demoDrills, drillInLab, type OpenDemoLab } from './drill-in-lab';
import { summary } from './summary';

export interface DemoOptions {
  /** The folder with the fleet. */
  readonly stamps: string;
  readonly terminal: Terminal;
  readonly host: OperationsHost;
  /** Folder of reports. */
  readonly out: string;
  readonly openLab: OpenDemoLab;
}

/**
 * The main job on the example fleet: check, synthesize, prove; then a miniature of one group on this machine loses a Region under load, fails over,
 * goes back, has its data damaged and restored. Every number is read back from templates, or measured. Exit code 0 only when every
 * expectation held.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { stamps, terminal } = options;
  const startedAt = performance.now();
  terminal.out(`1. check ${stamps}/\n`);
  const { findings, fleet } = loadFleet(stamps);
  printFindings(terminal.out, findings);
  if (fleet === undefined) return EXIT_FINDINGS;
  const drills = demoDrills(stamps);
  terminal.out(`   ok\n\n${renderFleet(fleet)}\n`);

  terminal.out('2. synthesize, with cdk-nag AwsSolutions, NIST 800-53 R5, the CloudFormation validation and the proof\n');
  const { assembly, acknowledged, proof } = await synthesize(fleet);
  terminal.out(`   ok\n\n${renderStacks(assembly)}\n`);
  terminal.out(`3. how names are answered\n\n${renderRouting(assembly)}\n`);
  terminal.out(`4. guards\n\n${renderGuards(assembly, acknowledged)}\n`);
  terminal.out(`5. what the proof says\n\n${provenText(proof)}\n`);

  const { code, results } = await drillInLab(drills, fleet, options);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  terminal.out(`\n${summary({ fleet, assembly, proof, results, seconds, exitCode: code })}`);
  if (code === EXIT_OK) terminal.out('\nNext: edit stamps/, then npx stampkit check, npx stampkit lock, npx cdk diff.\n');
  return code;
}

async function synthesize(
  fleet: Fleet,
): Promise<{ readonly assembly: Assembly; readonly acknowledged: number; readonly proof: Proof }> {
  const { acknowledgedFindings } = await import('../../stacks/acknowledgements.js');
  const { addFleetStacks, createApp, synthesizeApp } = await import('../../stacks/fleet-app.js');
  const output = mkdtempSync(join(tmpdir(), 'stampkit-demo-'));
  try {
    const app = createApp({ outdir: output });
    addFleetStacks(app, fleet);
    // Throws when a guard is missing or an objective cannot hold.
    synthesizeApp(app);
    return {
      assembly: readAssembly(output),
      acknowledged: acknowledgedFindings(app).length,
      proof: prove(readFleet(output), fleetDemand(fleet), { profile: 'aws' }),
    };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** What each group survives and what not, in a sentence each. */
function provenText(proof: Proof): string {
  const groups = proof.groups.map(({ group, survives, survivesNot }) => `${group}\n  ${survives}\n  ${survivesNot}\n`);
  return `${groups.join('')}${countsText(proof.counts, proof.profile)}\n`;
}
