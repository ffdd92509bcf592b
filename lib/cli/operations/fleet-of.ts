import type { Fleet } from '../../topology/types';
import { hasErrors } from '../../findings';
import { type CommandContext, type CommonOptions, printFindings, printJson } from '../command';
import { loadFleet } from '../load-fleet';
import { EXIT_FINDINGS } from '../terminal';

/**
 * The fleet, or its findings printed and the command finished. What is only a warning is for `check` to say: at three in the morning
 * it would hide what matters.
 */
export function fleetOf(
  terminal: CommandContext['terminal'],
  finish: CommandContext['finish'],
  { stamps, json }: CommonOptions,
): Fleet | undefined {
  const { findings, fleet } = loadFleet(stamps);
  if (fleet !== undefined) return fleet;
  if (json === true) printJson(terminal, { ok: false, findings });
  else printFindings(terminal.err, hasErrors(findings) ? findings.filter(({ severity }) => severity === 'error') : findings);
  finish(EXIT_FINDINGS);
  return undefined;
}
