import { IMPORT_IDENTIFIERS } from '../../facts/import-identifiers';
import { compareText, sortedRecord } from '../../order';

/** The parts of a template that the mapping reads. */
export interface ImportTemplate {
  readonly Resources?: Readonly<
    Record<
      string,
      { readonly Type: string; readonly DeletionPolicy?: string; readonly Properties?: Readonly<Record<string, unknown>> }
    >
  >;
}

export interface ImportMapping {
  /** What `cdk import --resource-mapping FILE` reads: logical id -> identifying property -> value. */
  readonly mapping: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Retained resources whose identifier is not known, because neither the template nor the stack says it. */
  readonly missing: readonly string[];
  /** Retained resources of types that have no identifier here: they cannot be imported. */
  readonly notImportable: readonly string[];
}

/**
 * The mapping to adopt what a stack left behind (R8): of every resource that the template retains, its identifier as the stack
 * remembers it, or else as the template writes it.
 *
 * @param physicalIds logical id -> physical id, from the stack that is gone
 */
export function importMapping(template: ImportTemplate, physicalIds: ReadonlyMap<string, string>): ImportMapping {
  const mapping: [string, Record<string, string>][] = [];
  const missing: string[] = [];
  const notImportable: string[] = [];
  for (const [logicalId, { Type, DeletionPolicy, Properties }] of Object.entries(template.Resources ?? {})) {
    if (!(DeletionPolicy ?? 'Delete').startsWith('Retain')) continue;
    const identifier = IMPORT_IDENTIFIERS[Type];
    if (identifier === undefined) {
      notImportable.push(`${logicalId} (${Type})`);
      continue;
    }
    const written = Properties?.[identifier];
    const value = physicalIds.get(logicalId) ?? (typeof written === 'string' ? written : undefined);
    if (value === undefined) missing.push(`${logicalId} (${Type}, ${identifier})`);
    else mapping.push([logicalId, { [identifier]: value }]);
  }
  return { mapping: sortedRecord(mapping), missing: missing.sort(compareText), notImportable: notImportable.sort(compareText) };
}
