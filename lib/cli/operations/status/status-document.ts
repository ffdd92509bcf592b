import { isEvacuated, seenStamp } from '../../../operations/facts';
import type { OperationFinding } from '../../../operations/finding-codes';
import { type GroupView, templateFloors } from '../../../operations/group-view';
import type { CapacityFloors } from '../../../operations/plan';
import type { DnsObservation, RestoreRecord, StampObservation } from '../../../operations/observation';
import type { LeaseRecord } from '../../../operations/lease/lease-record';
import type { OperationSummary } from '../../../operations/journal/operation-index';
import type { GroupProof } from '../../../resilience/types';
import type { VaultReading } from '../backups/read-backups';
import { attention } from './attention';
import { type WorstBound, worstBounds } from './bound';
import { lagLines, type LagLine } from './database-attention';
import type { StatusReading } from './read-status';

/** One stamp as `status` shows it. */
export interface StampStatus extends Omit<StampObservation, 'pointer'> {
  /** What the configuration prefers. */
  readonly preferred: string;
  /** True when a resolver that answers leads to it. */
  readonly answered: boolean;
  readonly evacuated: boolean;
  /** Minimums that the template asks for. */
  readonly template: CapacityFloors;
}

/** What `status` says: `--json` prints it as it is. */
export interface StatusDocument {
  /** False when something needs attention. */
  readonly ok: boolean;
  readonly group: string;
  readonly mode: string;
  readonly engine: string;
  /** ISO 8601. */
  readonly observedAt: string;
  readonly record: string;
  readonly primaryHolder?: string;
  readonly stamps: readonly StampStatus[];
  readonly answers: readonly DnsObservation[];
  readonly lag: readonly LagLine[];
  readonly backups: readonly VaultReading[];
  readonly lease: LeaseRecord | 'unknown' | 'never held';
  readonly operations: readonly OperationSummary[] | 'unknown';
  readonly restores: readonly RestoreRecord[];
  /** Absent with `--no-proof`, or when there was none to be had. */
  readonly bounds?: readonly WorstBound[];
  readonly noProof?: string;
  readonly attention: readonly OperationFinding[];
}

/** Operations that are shown. */
const SHOWN_OPERATIONS = 5;

export interface ProofOrNot {
  readonly proof?: GroupProof;
  /** Why there is none. */
  readonly noProof?: string;
}

export function statusDocument(
  view: GroupView,
  reading: StatusReading,
  { proof, noProof }: ProofOrNot,
  now: number,
): StatusDocument {
  const { observation, vaults, operations } = reading;
  const findings = attention(view, reading, proof, now);
  const answered = new Set(observation.dns.flatMap((answer) => answer.stamps));
  const { group } = view;
  return {
    ok: findings.every((finding) => finding.severity === 'info'),
    group: group.name,
    mode: group.mode,
    engine: group.database.engine,
    observedAt: new Date(observation.observedAt).toISOString(),
    record: group.recordName,
    ...(observation.primaryHolder !== undefined && { primaryHolder: observation.primaryHolder }),
    stamps: group.stamps.flatMap((spec) => {
      const seen = seenStamp(observation, spec.id);
      if (seen === undefined) return [];
      const { pointer: _pointer, ...rest } = seen;
      return [
        {
          ...rest,
          preferred: spec.preferredRole,
          answered: answered.has(spec.id),
          evacuated: isEvacuated(seen),
          template: templateFloors(spec),
        },
      ];
    }),
    answers: observation.dns,
    lag: lagLines(view, observation),
    backups: vaults,
    lease: observation.lease ?? 'never held',
    operations: operations?.slice(0, SHOWN_OPERATIONS) ?? 'unknown',
    restores: observation.restores.filter((restore) => !['abandoned', 'adopted'].includes(restore.state)),
    ...(proof !== undefined && { bounds: worstBounds(proof) }),
    ...(noProof !== undefined && { noProof }),
    attention: findings,
  };
}
