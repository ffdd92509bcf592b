import type { StackArtifact } from '../../assembly/read-artifacts';
import type { DeployPhase } from '../../topology/deploy-order';
import type { GuardReport } from './guards';
import type { DeployOptions } from './options';
import type { DeployPorts } from './ports';
import type { Failure } from './report';
import { type WatchedCheck, waitForChecks, waitUntilIdle } from './wait';

/** Longest an update of a stack may go on before a new deployment gives up on it, in minutes. */
const IDLE_TIMEOUT_MINUTES = 60;

/** Deploys the stacks of a phase at the same time; of routing, it also waits for health checks. `undefined` when all went well. */
export async function deployPhase(
  { name, stacks }: DeployPhase,
  options: DeployOptions,
  ports: DeployPorts,
  artifacts: ReadonlyMap<string, StackArtifact>,
  { attach }: GuardReport,
): Promise<Failure | undefined> {
  const known = stacks.flatMap(({ stackName }) => artifacts.get(stackName) ?? []);
  for (const artifact of known) {
    if (!(await waitUntilIdle(ports, artifact.stackName, artifact, IDLE_TIMEOUT_MINUTES)))
      return { outcome: 'failed', reasons: [`${artifact.stackName} is still being changed by CloudFormation`] };
  }
  const before = name === 'routing' ? await healthChecks(ports, known) : [];
  if (options.wait) {
    const toAttach = before.filter(({ stackName, logicalId }) => attach.get(stackName)?.includes(logicalId) === true);
    const open = await waitForChecks(ports, toAttach, options.waitTimeout);
    if (open.length > 0) return { outcome: 'unhealthy', reasons: [`not healthy, so not attached: ${open.join(', ')}`] };
  }
  const exitCode = await ports.cdk([
    ...['deploy', '--app', ports.assemblyFolder, '--exclusively', '--require-approval', 'never'],
    ...['--concurrency', String(options.concurrency), ...stacks.map(({ stackName }) => stackName)],
  ]);
  if (exitCode !== 0) {
    return {
      outcome: 'failed',
      reasons: [
        `phase ${name} failed. Run the same command again when the cause is mended: what is deployed and unchanged is skipped`,
      ],
    };
  }
  if (name !== 'routing' || !options.wait) return undefined;
  const old = new Set(before.map(({ id }) => id));
  const fresh = (await healthChecks(ports, known)).filter(({ id }) => !old.has(id));
  const open = await waitForChecks(ports, fresh, options.waitTimeout);
  if (open.length === 0) return undefined;
  return {
    outcome: 'unhealthy',
    reasons: [`deployed, but not healthy within ${options.waitTimeout} minutes: ${open.join(', ')}`],
  };
}

interface DeployedCheck extends WatchedCheck {
  readonly stackName: string;
  readonly logicalId: string;
}

async function healthChecks({ deployed }: DeployPorts, stacks: readonly StackArtifact[]): Promise<readonly DeployedCheck[]> {
  const found: DeployedCheck[] = [];
  for (const place of stacks) {
    const { stackName } = place;
    for (const { type, logicalId, physicalId } of await deployed.resources(stackName, place)) {
      if (type === 'AWS::Route53::HealthCheck' && physicalId !== undefined)
        found.push({ id: physicalId, name: `${stackName} ${logicalId}`, place, stackName, logicalId });
    }
  }
  return found;
}
