// The part of bench/proof.mjs that runs in a fresh process: templates of a stamps/ folder, read once, proved once. Prints JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { readFleet } from '../lib/assembly/parse-fleet';
import { loadFleet } from '../lib/cli/load-fleet';
import { fleetDemand } from '../lib/resilience/fleet-demand';
import { prove } from '../lib/resilience/prove';
import { APP_CONTEXT } from '../lib/stacks/app-context';
import { addFleetStacks } from '../lib/stacks/fleet-app';

const [step = '', stamps = '', assembly = ''] = process.argv.slice(2);
const { fleet, findings } = loadFleet(stamps);
if (fleet === undefined) throw new Error(findings.map(({ message }) => message).join('\n'));

if (step === 'synth') {
  const outdir = mkdtempSync(join(tmpdir(), 'stampkit-bench-proof-'));
  try {
    const app = new App({
      outdir: assembly === '' ? outdir : assembly,
      context: { ...APP_CONTEXT },
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
    });
    addFleetStacks(app, fleet);
    app.synth();
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
} else {
  const seconds = (since: number): number => Math.round(performance.now() - since) / 1000;
  let start = performance.now();
  const parsed = readFleet(assembly);
  const readSeconds = seconds(start);
  const demand = fleetDemand(fleet);
  const cpu = process.cpuUsage();
  start = performance.now();
  const { counts } = prove(parsed, demand);
  const proveSeconds = seconds(start);
  const { user, system } = process.cpuUsage(cpu);
  const result = {
    stamps: demand.groups.reduce((sum, { members }) => sum + members.length, 0),
    readSeconds,
    proveSeconds,
    proveCpuSeconds: (user + system) / 1e6,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    counts,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
