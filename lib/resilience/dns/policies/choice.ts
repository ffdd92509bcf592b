import type { DnsAssumptionName } from '../assumptions';
import type { MeasuredLatencies } from '../latency';
import type { SeenLocation } from '../location';
import type { IndexedRecord, RecordGroup } from '../zone-index';

/** What a policy decides by. */
export interface PolicyInput {
  readonly group: RecordGroup;
  /** Health of a record of the group, as Route 53 judges it. */
  readonly isHealthy: (record: IndexedRecord) => boolean;
  readonly seen: SeenLocation;
  readonly measuredLatencies: MeasuredLatencies;
}

/** One record of a choice, with the share of answers that it is in. */
export interface Pick {
  readonly record: IndexedRecord;
  readonly probability: number;
}

/** What a policy decides. */
export interface Choice {
  /** Empty when the policy has no answer for the client. */
  readonly picks: readonly Pick[];
  /** No record was healthy, and one was chosen all the same. */
  readonly failOpen: boolean;
  /** Section of aws-facts. */
  readonly rule: string;
  /** Built only when somebody wants to read it. */
  readonly reason: () => string;
  readonly assumptions: readonly DnsAssumptionName[];
}

export type Policy = (input: PolicyInput) => Choice;

/** Records of one group that have the same claim share the answers evenly. */
export function evenly(records: readonly IndexedRecord[]): Pick[] {
  return records.map((record) => ({ record, probability: 1 / records.length }));
}

/** The healthy records; all of them when none is, because Route 53 never leaves a name unanswered over health (aws-facts 1.1). */
export function healthyOrAll({ group, isHealthy }: PolicyInput): {
  readonly candidates: readonly IndexedRecord[];
  readonly failOpen: boolean;
} {
  const healthy = group.records.filter(isHealthy);
  return healthy.length > 0 ? { candidates: healthy, failOpen: false } : { candidates: group.records, failOpen: true };
}

/** Those for which a number is smallest. */
export function smallest(records: readonly IndexedRecord[], size: (record: IndexedRecord) => number): IndexedRecord[] {
  const sizes = records.map(size);
  const least = Math.min(...sizes);
  return records.filter((_record, index) => sizes[index] === least);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(records: readonly IndexedRecord[]): string {
  const labels = records.map(({ label }) => label);
  return labels.length < 2 ? labels.join('') : `${labels.slice(0, -1).join(', ')} and ${labels.at(-1) ?? ''}`;
}
