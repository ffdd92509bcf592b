import type { Finding, Severity } from '../../findings';
import type { ProofFindingCode } from '../finding-codes';
import { GROUP_MARK } from '../model/names';

/** A finding about a group, with the mark of its name in the place. */
export function groupFinding(
  code: ProofFindingCode,
  severity: Severity,
  path: readonly (string | number)[],
  message: string,
  fix: string,
): Finding {
  return { code, severity, where: { file: `groups/${GROUP_MARK}.yaml`, path }, message, fix };
}
