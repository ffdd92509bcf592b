/** The members of a pointer's document that operations read (application contract). */
export interface PointerDocument {
  readonly engine: string;
  readonly writer?: string;
  readonly reader?: string;
  readonly port?: number;
  readonly name?: string;
  readonly table?: string;
}

/** Undefined when the text is no pointer document. */
export function parsePointer(value: string): PointerDocument | undefined {
  try {
    const document: unknown = JSON.parse(value);
    return typeof document === 'object' && document !== null && 'engine' in document ? (document as PointerDocument) : undefined;
  } catch {
    return undefined;
  }
}

/** The cluster behind an endpoint: `<identifier>.cluster-<id>.<region>.rds.amazonaws.com`. */
export function clusterOfPointer(value: string): string | undefined {
  const writer = parsePointer(value)?.writer;
  return writer === undefined || !writer.includes('.cluster-') ? undefined : writer.split('.')[0];
}

export function tableOfPointer(value: string): string | undefined {
  return parsePointer(value)?.table;
}
