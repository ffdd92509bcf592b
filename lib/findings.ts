import { compareText } from './order';

/** How much a finding weighs: an `error` stops synth and exits 1, a `warning` and an `info` are only shown. */
export type Severity = 'error' | 'warning' | 'info';

/** A place in the configuration or in the synthesized output. */
export interface FindingPlace {
  /** File relative to the `stamps/` folder (`groups/enterprise.yaml`), or a stack or template name. */
  readonly file?: string;
  /** Keys that lead to the value, outermost first: `['placement', 'standby']`. */
  readonly path?: readonly (string | number)[];
  /** One-based line, filled in by the loader that still has the source text. */
  readonly line?: number;
  /** One-based column, filled in by the loader that still has the source text. */
  readonly column?: number;
}

/** The only way checks report. Codes are contracts: tested, and changed on purpose. */
export interface Finding {
  /** Stable kebab-case code such as `standby-equals-primary`. */
  readonly code: string;
  readonly severity: Severity;
  readonly where: FindingPlace;
  /** What is wrong, with the offending value. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** True when at least one finding must stop the operation. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}

const SEVERITY_ORDER: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** Stable reading order: by file, then line, column and severity; equal places keep a fixed order by code and text. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      compareText(a.where.file ?? '', b.where.file ?? '') ||
      (a.where.line ?? 0) - (b.where.line ?? 0) ||
      (a.where.column ?? 0) - (b.where.column ?? 0) ||
      SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] ||
      compareText(a.code, b.code) ||
      compareText(a.message, b.message),
  );
}
