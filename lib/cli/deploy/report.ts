import type { DeployPhase } from '../../topology/deploy-order';
import { EXIT_FINDINGS, EXIT_OK, EXIT_STOPPED } from '../terminal';

/**
 * How a run ended:
 *
 * - `planned`: a dry run, nothing was changed
 * - `deployed`, `removed`: done; with `deployed`, what is new is healthy (unless waiting was declined)
 * - `invalid`: stamps/ has errors or the app does not synthesize; nothing was changed
 * - `refused`: by a guard; nothing was changed
 * - `declined`: the operator did not confirm; nothing was changed
 * - `failed`: a stack failed, or is still being changed by CloudFormation
 * - `unhealthy`: a health check did not become healthy in time
 * - `stopped`: by a signal
 */
export type DeployOutcome =
  'planned' | 'deployed' | 'removed' | 'invalid' | 'refused' | 'declined' | 'failed' | 'unhealthy' | 'stopped';

/** What a run did, as `--json` prints it. */
export interface DeployReport {
  readonly outcome: DeployOutcome;
  /** The plan: phases in their order. */
  readonly phases: readonly DeployPhase[];
  /** How many of them are done. */
  readonly completedPhases: number;
  /** Why the outcome is not the one that was asked for, one entry each. */
  readonly reasons: readonly string[];
}

/** How a step of a run ended when it did not succeed. */
export type Failure = Pick<DeployReport, 'outcome' | 'reasons'>;

const EXIT_CODES: Readonly<Record<DeployOutcome, number>> = {
  planned: EXIT_OK,
  deployed: EXIT_OK,
  removed: EXIT_OK,
  invalid: EXIT_FINDINGS,
  refused: EXIT_STOPPED,
  declined: EXIT_STOPPED,
  failed: EXIT_FINDINGS,
  unhealthy: EXIT_FINDINGS,
  stopped: EXIT_STOPPED,
};

export function exitCodeOf({ outcome }: DeployReport): number {
  return EXIT_CODES[outcome];
}
