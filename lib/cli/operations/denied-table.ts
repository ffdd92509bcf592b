import { type OperationFinding, refuse } from '../../operations/finding-codes';
import type { Silence } from './silence';

/**
 * A control table that says no is not silent: somebody else may hold the lease in it. Breaking the glass is for silence, so it is refused, and
 * nobody is told to break it.
 */
export function withoutGlass(
  group: string,
  findings: readonly OperationFinding[],
  silence: Silence,
  breakGlass: boolean,
): readonly OperationFinding[] {
  if (!silence.wasDenied('controlTable')) return findings;
  const fix = 'Use credentials of the operator role: the line "denied" says what they lack';
  const others = findings.filter((finding) => !['control-table-unreachable', 'break-glass'].includes(finding.code));
  const lost = findings.length > others.length || breakGlass;
  const message = `you may not read the control table, so you cannot know who else works on ${group}`;
  return lost ? [...others, refuse('control-table-unreachable', group, message, fix)] : findings;
}
