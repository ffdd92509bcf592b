import type { CheckFindingCode } from '../../../../lib/config/checks/finding-codes';
import type { MutableFleet, MutableLock } from '../base-config';

/** One change of the valid base configuration that brings out exactly one code. */
export interface FindingCase {
  readonly change?: (config: MutableFleet) => void;
  /** Changes the lock that fits the changed configuration. */
  readonly lock?: (lock: MutableLock) => void;
  /** Runs the checks without a lock. */
  readonly noLock?: true;
  /** Codes that cannot but come along. */
  readonly also?: readonly CheckFindingCode[];
  /** File and path of the first finding with the code. */
  readonly at: string;
  /** What the message must say: the offending value. */
  readonly says: RegExp;
}

export type FindingCases = Partial<Record<CheckFindingCode, FindingCase>>;
