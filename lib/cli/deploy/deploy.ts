import type { StackArtifact } from '../../assembly/read-artifacts';
import { StampError } from '../../errors';
import { hasErrors } from '../../findings';
import { type DeployPhase, deployPhases } from '../../topology/deploy-order';
import type { Fleet } from '../../topology/types';
import { printFindings, printJson } from '../command';
import { counted } from '../terminal';
import { deployPhase } from './deploy-phase';
import { destroy } from './destroy';
import { runGuards } from './guards';
import type { DeployOptions } from './options';
import type { DeployPorts } from './ports';
import { renderOrder } from './render';
import { type DeployReport, type Failure, exitCodeOf } from './report';

/** `scripts/deploy.sh`: returns its exit code. Only what was asked for as a result goes to stdout: the plan, or the document. */
export async function deploy(options: DeployOptions, ports: DeployPorts): Promise<number> {
  const { terminal } = ports;
  const report = await run(options, ports);
  for (const reason of report.reasons) terminal.err(`${reason}\n`);
  if (options.json) printJson(terminal, { ...report });
  else if (report.outcome === 'planned') terminal.out(renderOrder(report.phases));
  return exitCodeOf(report);
}

async function run(options: DeployOptions, ports: DeployPorts): Promise<DeployReport> {
  const { terminal } = ports;
  const { findings, fleet } = ports.loadFleet(options.stamps);
  // A deployment synthesizes, and the app prints what the configuration's readers should know.
  if (options.dryRun || options.destroy || fleet === undefined || hasErrors(findings)) printFindings(terminal.err, findings);
  if (fleet === undefined) return { outcome: 'invalid', phases: [], completedPhases: 0, reasons: [] };
  if (options.destroy) return destroy(options, ports, fleet);
  const phases = deployPhases(fleet, { groups: options.groups, stamps: options.stamp });
  if (options.dryRun) return { outcome: 'planned', phases, completedPhases: 0, reasons: [] };
  return deployPlan(phases, options, ports, fleet);
}

async function deployPlan(
  phases: readonly DeployPhase[],
  options: DeployOptions,
  ports: DeployPorts,
  fleet: Fleet,
): Promise<DeployReport> {
  const { terminal } = ports;
  const ended = ({ outcome, reasons }: Failure, completedPhases = 0): DeployReport =>
    ports.interrupted()
      ? { outcome: 'stopped', phases, completedPhases, reasons: [stopped(completedPhases)] }
      : { outcome, phases, completedPhases, reasons };
  terminal.err(renderOrder(phases));
  const artifacts = await synthesize(options.stamps, ports);
  if (artifacts === undefined) return ended({ outcome: 'invalid', reasons: ['nothing was deployed'] });
  requireStacks(phases, artifacts);
  const guards = await runGuards(ports, fleet, phases, artifacts, options);
  for (const note of guards.notes) terminal.err(`note: ${note}\n`);
  if (guards.refusals.length > 0) {
    const refusals = guards.refusals.map((refusal) => `refused: ${refusal}`);
    return ended({ outcome: 'refused', reasons: [...refusals, 'nothing was deployed'] });
  }
  if (!(await confirmed(options, ports, phases))) return ended({ outcome: 'declined', reasons: ['nothing was deployed'] });
  for (const [index, phase] of phases.entries()) {
    const names = phase.stacks.map(({ stackName }) => stackName);
    terminal.err(`phase ${index + 1} of ${phases.length}, ${phase.name}: ${names.join(', ')}\n`);
    const failure = await deployPhase(phase, options, ports, artifacts, guards);
    if (ports.interrupted() || failure !== undefined) return ended(failure ?? { outcome: 'stopped', reasons: [] }, index);
  }
  for (const { code } of joiningRegions(fleet, phases)) {
    terminal.err(
      `control Region ${code} is joining: its switches and checks exist, and no verdict counts them yet. To attach them, move ${code} from control.joining to control.regions, run npx stampkit lock, and run this command again\n`,
    );
  }
  terminal.err(`ok: ${counted(phases.flatMap(({ stacks }) => stacks).length, 'stack')}\n`);
  return ended({ outcome: 'deployed', reasons: [] }, phases.length);
}

function stopped(completedPhases: number): string {
  return completedPhases === 0
    ? 'stopped. What CloudFormation has begun, if anything, goes on; run the same command again to deploy'
    : 'stopped. What CloudFormation has begun goes on; run the same command again to go on with the rest';
}

/** Somebody at a terminal has seen the plan and says yes; a pipeline has nobody to ask. */
async function confirmed({ yes }: DeployOptions, { ask }: DeployPorts, phases: readonly DeployPhase[]): Promise<boolean> {
  if (yes || ask === undefined) return true;
  const stacks = counted(phases.flatMap((phase) => phase.stacks).length, 'stack');
  const answer = await ask(`Deploy the ${stacks} above? (npx cdk diff shows what would change) [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}

async function synthesize(stamps: string, ports: DeployPorts): Promise<ReadonlyMap<string, StackArtifact> | undefined> {
  const exitCode = await ports.cdk(['synth', '--quiet', '--context', `stamps=${stamps}`, '--output', ports.assemblyFolder]);
  return exitCode === 0 ? ports.readArtifacts(ports.assemblyFolder) : undefined;
}

function requireStacks(phases: readonly DeployPhase[], artifacts: ReadonlyMap<string, StackArtifact>): void {
  const missing = phases.flatMap(({ stacks }) => stacks.map(({ stackName }) => stackName)).filter((name) => !artifacts.has(name));
  if (missing.length > 0)
    throw new StampError(
      'STACK_MISSING',
      `the CDK app synthesizes no stack ${missing.join(', ')}`,
      'Check that the app in cdk.json reads the same folder: it is given the context value "stamps".',
    );
}

function joiningRegions({ control }: Fleet, phases: readonly DeployPhase[]): Fleet['control']['joining'] {
  return phases.some(({ name }) => name === 'routing') ? control.joining : [];
}
