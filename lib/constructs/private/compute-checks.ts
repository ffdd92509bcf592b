import { Token, type Duration } from 'aws-cdk-lib';
import { StampError } from '../../errors';
import { isFargateSize, nextFargateSize } from '../../facts/fargate-sizes';
import { NUMBER_RANGES } from '../../facts/limits';
import type { StampTaskProps } from '../stamp-task';

/** Longest time ECS grants between SIGTERM and SIGKILL on Fargate; the L2 would let 300 s pass (aws-facts 16). */
export const MAX_STOP_SECONDS = NUMBER_RANGES.stopTimeout.max;
const MIN_STOP_SECONDS = NUMBER_RANGES.stopTimeout.min;

/** @throws StampError `STOP_TIMEOUT_RANGE` outside 2 to 120 seconds. */
export function checkStopTimeout(stopTimeout: Duration): void {
  if (stopTimeout.isUnresolved()) return;
  const seconds = stopTimeout.toSeconds();
  if (seconds < MIN_STOP_SECONDS || seconds > MAX_STOP_SECONDS) {
    throw new StampError(
      'STOP_TIMEOUT_RANGE',
      `a stop timeout of ${seconds} s is outside the ${MIN_STOP_SECONDS} to ${MAX_STOP_SECONDS} s that ECS grants on Fargate`,
      `Use ${MIN_STOP_SECONDS} to ${MAX_STOP_SECONDS} seconds.`,
    );
  }
}

/**
 * A task must be able to finish what the load balancer may still send it: SIGTERM can come while the target is draining.
 *
 * @throws StampError `DRAIN_ORDER` when the stop timeout is shorter than the deregistration delay or the delay exceeds 120 s.
 */
export function checkDrain(stopTimeout: Duration, deregistrationDelay: Duration): void {
  checkStopTimeout(stopTimeout);
  if (stopTimeout.isUnresolved() || deregistrationDelay.isUnresolved()) return;
  const [stop, delay] = [stopTimeout.toSeconds(), deregistrationDelay.toSeconds()];
  if (delay > stop) {
    throw new StampError(
      'DRAIN_ORDER',
      `the load balancer drains a target for ${delay} s, but its task is killed ${stop} s after SIGTERM`,
      `Keep the deregistration delay at or below the stop timeout (at most ${MAX_STOP_SECONDS} s).`,
    );
  }
}

/** @throws StampError `TASK_COUNTS` when the bounds of scaling are not whole numbers in order. */
export function checkTaskCounts(minTasks: number, maxTasks: number, least: number): void {
  if (Token.isUnresolved(minTasks) || Token.isUnresolved(maxTasks)) return;
  if (!Number.isInteger(minTasks) || !Number.isInteger(maxTasks) || minTasks < least || maxTasks < minTasks || maxTasks < 1) {
    throw new StampError(
      'TASK_COUNTS',
      `${minTasks} to ${maxTasks} tasks is not a range to scale in`,
      `Use whole numbers with ${least} <= minTasks <= maxTasks.`,
    );
  }
}

/**
 * A load balancer that fails open while it still answers in DNS would hide the loss of a stamp.
 *
 * @throws StampError `TARGET_HEALTH_THRESHOLDS` unless DNS failover >= unhealthy state routing >= 1 (aws-facts 6.1).
 */
export function checkTargetHealthThresholds(dnsFailover: number, unhealthyRouting: number): void {
  if (Token.isUnresolved(dnsFailover) || Token.isUnresolved(unhealthyRouting)) return;
  const whole = Number.isInteger(dnsFailover) && Number.isInteger(unhealthyRouting) && unhealthyRouting >= 1;
  if (!whole || dnsFailover < unhealthyRouting) {
    throw new StampError(
      'TARGET_HEALTH_THRESHOLDS',
      `DNS failover below ${dnsFailover} healthy targets and routing to all below ${unhealthyRouting} do not go together`,
      'Use whole numbers of 1 or more, with the DNS failover threshold at or above the routing threshold.',
    );
  }
}

/** @throws StampError `HEALTH_PATH` or `PORT_RANGE`. */
export function checkEndpoint(port: number, healthPath: string): void {
  if (!Token.isUnresolved(healthPath) && !healthPath.startsWith('/')) {
    throw new StampError(
      'HEALTH_PATH',
      `the health path '${healthPath}' is not a path`,
      "Start it with '/', such as '/healthz'.",
    );
  }
  if (!Token.isUnresolved(port) && (!Number.isInteger(port) || port < 1 || port > 65535)) {
    throw new StampError('PORT_RANGE', `${port} is not a TCP port`, 'Use a whole number from 1 to 65535.');
  }
}

/** @throws StampError `FARGATE_SIZE` for a pair that Fargate does not offer. */
export function checkFargateSize(cpu: number, memoryMiB: number): void {
  if (Token.isUnresolved(cpu) || Token.isUnresolved(memoryMiB) || isFargateSize(cpu, memoryMiB)) return;
  const next = nextFargateSize(cpu, memoryMiB);
  throw new StampError(
    'FARGATE_SIZE',
    `Fargate has no task of ${cpu} CPU units and ${memoryMiB} MiB`,
    `The next size is ${next.cpu} CPU units and ${next.memory} MiB.`,
  );
}

/** @throws StampError `CPU_TARGET` outside 10 to 90 percent. */
export function checkCpuTarget(percent: number): void {
  if (Token.isUnresolved(percent)) return;
  if (percent < 10 || percent > 90) {
    throw new StampError(
      'CPU_TARGET',
      `a CPU target of ${percent} % leaves no room to scale`,
      'Use 10 to 90 percent; 60 keeps a third in reserve for the loss of one of three zones.',
    );
  }
}

/** @throws StampError `DUPLICATE_ENVIRONMENT` when two sources set one variable. */
export function checkEnvironment(props: Pick<StampTaskProps, 'environment' | 'secrets' | 'parameters'>): void {
  const seen = new Set<string>();
  for (const source of [props.environment, props.secrets, props.parameters]) {
    for (const name of Object.keys(source ?? {})) {
      if (seen.has(name)) {
        throw new StampError(
          'DUPLICATE_ENVIRONMENT',
          `the environment variable ${name} is set twice`,
          'Name every variable in one of environment, secrets and parameters only.',
        );
      }
      seen.add(name);
    }
  }
}
