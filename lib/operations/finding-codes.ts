import type { Finding } from '../findings';

/** Codes of what safety says. Contracts: scripts match on them. */
export const OPERATION_FINDING_CODES = [
  'unknown-stamp',
  'unknown-region',
  'single-stamp',
  'already-there',
  'nothing-to-do',
  'last-healthy-stamp',
  'writer-would-be-bypassed',
  'not-the-writer',
  'not-healthy',
  'capacity-short',
  'primary-holder-unknown',
  'primary-holder-differs',
  'loss-above-rpo',
  'loss-unknown',
  'expected-loss',
  'lag-above-rpo',
  'commits-would-wait',
  'target-not-healthy',
  'target-not-replica',
  'target-unreachable',
  'versions-differ',
  'writer-changing',
  'no-writer',
  'split-brain',
  'operation-in-progress',
  'unfinished-operation',
  'observation-stale',
  'plan-changed',
  'control-table-unreachable',
  'control-regions-unreachable',
  'control-region-unreachable',
  'switch-not-cleared',
  'floor-would-drop',
  'failback-first',
  'old-region-unreachable',
  'old-side-diverged',
  'home-still-alive',
  'home-not-moved',
  'no-recovery-point',
  'recovery-point-chosen',
  'point-not-restorable',
  'restore-unknown',
  'restore-not-validated',
  'restore-in-use',
  'restore-not-adopted',
  'data-since-restore-point',
  'no-database',
  'break-glass',
  'evacuated',
  'answers-unexpected',
  'messages-wait',
  'objective-violated',
  'backups-unreadable',
  'not-backed-up',
  'backup-missing',
  'backup-too-old',
  'backup-copy-missing',
  'backup-not-locked',
  'restore-test-missing',
  'restore-test-failed',
  'restore-test-old',
] as const;

export type OperationFindingCode = (typeof OPERATION_FINDING_CODES)[number];

/** A finding about an operation; `where.file` holds the stamp or the group. */
export type OperationFinding = Finding & { readonly code: OperationFindingCode };

export function refuse(code: OperationFindingCode, where: string, message: string, fix: string): OperationFinding {
  return { code, severity: 'error', where: { file: where }, message, fix };
}

export function warn(code: OperationFindingCode, where: string, message: string, fix: string): OperationFinding {
  return { code, severity: 'warning', where: { file: where }, message, fix };
}

export function inform(code: OperationFindingCode, where: string, message: string, fix: string): OperationFinding {
  return { code, severity: 'info', where: { file: where }, message, fix };
}
