import type { StackArtifact } from '../../assembly/read-artifacts';
import { StampError } from '../../errors';
import { type DeployPhase, deployPhases } from '../../topology/deploy-order';
import type { Fleet } from '../../topology/types';
import { printFindings, printJson } from '../command';
import { EXIT_FINDINGS, EXIT_OK, EXIT_STOPPED, counted } from '../terminal';
import { destroy } from './destroy';
import { type GuardReport, runGuards } from './guards';
import type { DeployOptions } from './options';
import type { DeployPorts } from './ports';
import { renderOrder } from './render';
import { waitForChecks, waitUntilIdle } from './wait';

/** Longest an update of a stack may go on before a new deployment gives up on it, in minutes. */
const IDLE_TIMEOUT_MINUTES = 60;

/** `scripts/deploy.sh`: returns its exit code. */
export async function deploy(options: DeployOptions, ports: DeployPorts): Promise<number> {
  const { terminal } = ports;
  const { findings, fleet } = ports.loadFleet(options.stamps);
  printFindings(terminal.err, findings);
  if (fleet === undefined) return EXIT_FINDINGS;
  if (options.destroy) return destroy(options, ports, fleet);
  const phases = deployPhases(fleet, { groups: options.groups, stamps: options.stamp });
  if (options.dryRun) {
    if (options.json) printJson(terminal, { phases });
    else terminal.out(renderOrder(phases));
    return EXIT_OK;
  }
  const artifacts = await synthesize(options.stamps, ports);
  if (artifacts === undefined) return EXIT_FINDINGS;
  requireStacks(phases, artifacts);
  const guards = await runGuards(ports, fleet, phases, artifacts, options.allowPointerReset);
  for (const note of guards.notes) terminal.err(`note: ${note}\n`);
  if (guards.refusals.length > 0) {
    for (const refusal of guards.refusals) terminal.err(`refused: ${refusal}\n`);
    terminal.err('nothing was deployed\n');
    return EXIT_STOPPED;
  }
  for (const [index, phase] of phases.entries()) {
    terminal.err(
      `phase ${index + 1} of ${phases.length}, ${phase.name}: ${phase.stacks.map(({ stackName }) => stackName).join(', ')}\n`,
    );
    const exitCode = await deployPhase(phase, options, ports, artifacts, guards);
    if (ports.interrupted()) {
      terminal.err('stopped. What CloudFormation has begun goes on; run the same command again to go on with the rest\n');
      return EXIT_STOPPED;
    }
    if (exitCode !== EXIT_OK) return exitCode;
  }
  for (const { code } of joiningRegions(fleet, phases)) {
    terminal.err(
      `control Region ${code} is joining: its switches and checks exist, and no verdict counts them yet. To attach them, move ${code} from control.joining to control.regions, run npx stampkit lock, and run this command again\n`,
    );
  }
  terminal.err(`ok: ${counted(phases.flatMap(({ stacks }) => stacks).length, 'stack')}\n`);
  return EXIT_OK;
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

async function deployPhase(
  { name, stacks }: DeployPhase,
  options: DeployOptions,
  ports: DeployPorts,
  artifacts: ReadonlyMap<string, StackArtifact>,
  { attach }: GuardReport,
): Promise<number> {
  const known = stacks.flatMap(({ stackName }) => artifacts.get(stackName) ?? []);
  for (const artifact of known) {
    if (!(await waitUntilIdle(ports, artifact.stackName, artifact, IDLE_TIMEOUT_MINUTES)))
      return stillBusy(ports, `${artifact.stackName} is still being changed by CloudFormation`);
  }
  const before = new Set<string>();
  if (name === 'routing') {
    for (const artifact of known) {
      const checks = await healthChecks(ports, artifact);
      for (const { id } of checks) before.add(id);
      const toAttach = checks.filter(({ logicalId }) => attach.get(artifact.stackName)?.includes(logicalId) === true);
      const open =
        toAttach.length === 0 || !options.wait ? [] : await waitForChecks(ports, toAttach, artifact, options.waitTimeout);
      if (open.length > 0) return stillBusy(ports, `not healthy, so not attached: ${open.join(', ')}`);
    }
  }
  const exitCode = await ports.cdk([
    ...['deploy', '--app', ports.assemblyFolder, '--exclusively', '--require-approval', 'never'],
    ...['--concurrency', String(options.concurrency), ...stacks.map(({ stackName }) => stackName)],
  ]);
  if (exitCode !== 0) {
    if (ports.interrupted()) return EXIT_STOPPED;
    ports.terminal.err(
      `phase ${name} failed. Run the same command again when the cause is mended: what is deployed and unchanged is skipped\n`,
    );
    return EXIT_FINDINGS;
  }
  if (name !== 'routing' || !options.wait) return EXIT_OK;
  for (const artifact of known) {
    const fresh = (await healthChecks(ports, artifact)).filter(({ id }) => !before.has(id));
    const open = fresh.length === 0 ? [] : await waitForChecks(ports, fresh, artifact, options.waitTimeout);
    if (open.length > 0)
      return stillBusy(ports, `deployed, but not healthy within ${options.waitTimeout} minutes: ${open.join(', ')}`);
  }
  return EXIT_OK;
}

function stillBusy({ terminal }: DeployPorts, what: string): number {
  terminal.err(`${what}\n`);
  return EXIT_FINDINGS;
}

interface DeployedCheck {
  readonly id: string;
  readonly logicalId: string;
  readonly name: string;
}

async function healthChecks({ deployed }: DeployPorts, artifact: StackArtifact): Promise<readonly DeployedCheck[]> {
  return (await deployed.resources(artifact.stackName, artifact)).flatMap(({ type, logicalId, physicalId }) =>
    type === 'AWS::Route53::HealthCheck' && physicalId !== undefined
      ? [{ id: physicalId, logicalId, name: `${artifact.stackName} ${logicalId}` }]
      : [],
  );
}

function joiningRegions({ control }: Fleet, phases: readonly DeployPhase[]): Fleet['control']['joining'] {
  return phases.some(({ name }) => name === 'routing') ? control.joining : [];
}
