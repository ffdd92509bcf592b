/** Codes of the proof's findings: contracts. Errors are what fails synth and `verify`. */
export const PROOF_FINDING_CODES = [
  'availability-violated',
  'recovery-violated',
  'usually-unfit',
  'evacuation-impossible',
  'control-region-needed',
  'control-region-shared',
  'fail-open-unfit',
  'capacity-after-scale-out',
  'target-group-empty',
  'target-health-ignored',
  'replication-lag-unbounded',
  'replication-lag-price',
  'dependency-takes-all',
  'probe-shared',
  'image-elsewhere',
  'secret-elsewhere',
  'exit-in-one-zone',
  'decision-within-notice',
  'stamp-missing',
  'backup-missing',
  'backup-copies-missing',
  'data-not-judged',
  'capacity-not-judged',
  'failure-unknown',
] as const;

export type ProofFindingCode = (typeof PROOF_FINDING_CODES)[number];
