import type { Finding, Severity } from '../findings';

/** Every code that reading an assembly reports, with its one-line meaning. Codes are contracts: never renamed, never reused. */
export const ASSEMBLY_FINDING_CODES = {
  'template-value-unresolved': 'a value in a template cannot be resolved from the templates',
  'template-condition-unresolved': 'whether a resource exists cannot be resolved from the templates',
  'template-resource-invalid': 'a resource of a template has no type',
  'template-reference-dangling': 'a template refers to something that no template of the assembly makes',
  'template-feature-not-understood': 'a template uses something that the reader does not understand',
  'stack-environment-unknown': 'a stack does not say in which account or Region it is deployed',
  'stamps-share-stack': 'a stack holds more than one stamp',
} as const;

/** A code of {@link ASSEMBLY_FINDING_CODES}. */
export type AssemblyFindingCode = keyof typeof ASSEMBLY_FINDING_CODES;

/** A finding of this folder: one of its own codes, in a stack's template. */
export interface AssemblyFinding extends Finding {
  readonly code: AssemblyFindingCode;
}

/** A finding at a place in a stack's template. */
export function assemblyFinding(
  code: AssemblyFindingCode,
  stack: string,
  path: readonly (string | number)[],
  message: string,
  fix: string,
  severity: Severity = 'warning',
): AssemblyFinding {
  return { code, severity, where: { file: stack, path }, message, fix };
}
