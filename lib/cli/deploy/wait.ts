import type { HealthCheckReport, StackPlace } from '../../aws/deployment/deployed-stacks';
import { counted } from '../terminal';
import type { DeployPorts } from './ports';

/** Share of checkers that must be exceeded for healthy (aws-facts 2.3). */
const HEALTHY_SHARE = 0.18;
/** Least number of Regions that checkers work from (aws-facts 2.2). */
const LEAST_CHECKER_REGIONS = 3;
/** Between two looks: soon at first, then seldom. */
const FIRST_POLL_MILLISECONDS = 2_000;
const LAST_POLL_MILLISECONDS = 10_000;

/**
 * Has the check data, and is it healthy? Undocumented is whether the reports of an inverted check are inverted too, so it counts as settled
 * once checkers of three Regions have reported: until then it is unhealthy by definition (aws-facts 2.3). A calculated check
 * has no checkers and follows its children.
 */
export function isSettled({ type, inverted, observations }: HealthCheckReport): boolean {
  if (type === 'CALCULATED') return true;
  const regions = new Set(observations.map(({ checkerRegion }) => checkerRegion)).size;
  if (inverted) return regions >= LEAST_CHECKER_REGIONS;
  const healthy = observations.filter(({ status }) => status.startsWith('Success')).length;
  return observations.length > 0 && healthy / observations.length > HEALTHY_SHARE;
}

/** A check and where its stack is. */
export interface WatchedCheck {
  /** Id of the health check. */
  readonly id: string;
  /** What to call it in messages. */
  readonly name: string;
  readonly place: StackPlace;
}

/**
 * Waits until every check has settled; at once when there are none.
 *
 * @returns the checks that had not when the time was up, or when the operator stopped
 */
export async function waitForChecks(
  ports: DeployPorts,
  checks: readonly WatchedCheck[],
  timeoutMinutes: number,
): Promise<readonly string[]> {
  const until = ports.now() + timeoutMinutes * 60_000;
  let open = [...checks];
  if (open.length === 0) return [];
  ports.terminal.err(`waiting for ${counted(open.length, 'health check')} to have data and be healthy\n`);
  for (let pause = FIRST_POLL_MILLISECONDS; ; pause = longer(pause)) {
    const still: typeof open = [];
    for (const check of open) if (!isSettled(await ports.deployed.healthCheck(check.id, check.place))) still.push(check);
    open = still;
    if (open.length === 0 || ports.interrupted() || ports.now() >= until) return open.map(({ name }) => name);
    await ports.sleep(pause);
  }
}

/**
 * A deployment that was killed leaves CloudFormation at work: waits until the stack can be changed again. A stack in
 * REVIEW_IN_PROGRESS only has a change set nobody ran, which the CDK CLI replaces.
 *
 * @returns false when it was still at work when the time was up
 */
export async function waitUntilIdle(
  ports: DeployPorts,
  stackName: string,
  place: StackPlace,
  timeoutMinutes: number,
): Promise<boolean> {
  const until = ports.now() + timeoutMinutes * 60_000;
  for (let pause = FIRST_POLL_MILLISECONDS; ; pause = longer(pause)) {
    const status = (await ports.deployed.describe(stackName, place))?.status;
    if (status === undefined || status === 'REVIEW_IN_PROGRESS' || !status.endsWith('_IN_PROGRESS')) return true;
    if (ports.interrupted() || ports.now() >= until) return false;
    if (pause === FIRST_POLL_MILLISECONDS)
      ports.terminal.err(`${stackName} is in ${status}: waiting for CloudFormation to finish\n`);
    await ports.sleep(pause);
  }
}

function longer(milliseconds: number): number {
  return Math.min(milliseconds * 2, LAST_POLL_MILLISECONDS);
}
