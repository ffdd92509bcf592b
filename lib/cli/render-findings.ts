import type { Finding, FindingPlace } from '../findings';
import { counted } from './terminal';

/** `groups/enterprise.yaml:12:14`, or whatever of it is known. */
export function renderPlace(where: FindingPlace): string {
  const position = [where.line, where.column].filter((part) => part !== undefined).join(':');
  const place = [where.file, position].filter((part) => part !== undefined && part !== '').join(':');
  return place === '' ? (where.path ?? []).join('.') : place;
}

/** One finding over two lines: place, severity, code and message; then the fix. */
export function renderFinding(finding: Finding): string {
  const place = renderPlace(finding.where);
  return `${place === '' ? '' : `${place} `}${finding.severity} ${finding.code}: ${finding.message}\n    fix: ${finding.fix}\n`;
}

/** `2 errors, 1 warning`. */
export function summarizeFindings(findings: readonly Finding[]): string {
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  const warnings = findings.filter((finding) => finding.severity === 'warning').length;
  const notes = findings.length - errors - warnings;
  const parts = [counted(errors, 'error'), counted(warnings, 'warning')];
  if (notes > 0) parts.push(counted(notes, 'note'));
  return parts.join(', ');
}
