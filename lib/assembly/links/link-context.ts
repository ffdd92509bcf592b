import type { Severity } from '../../findings';
import { assemblyFinding, type AssemblyFinding } from '../finding-codes';
import type { Fact } from '../facts/fact';

/** What all links share: which stamp a stack is, and where problems go. */
export interface LinkContext {
  /** Stamp or unit of a stack; `undefined` for stacks of a group or of the control plane. */
  stampOf(stack: string): string | undefined;
  readonly findings: AssemblyFinding[];
}

/** The fact with its stamp, ready to be given out. */
export function placed<T extends Fact>(fact: T, context: LinkContext): T {
  const stampId = context.stampOf(fact.origin.stack);
  return stampId === undefined ? fact : { ...fact, stampId };
}

/**
 * Says that something refers to what no template of the assembly makes.
 *
 * @param severity `info` where that is usual, as with a vault of another account
 */
export function dangling(
  fact: Fact,
  path: readonly string[],
  what: string,
  context: LinkContext,
  severity: Severity = 'warning',
): void {
  context.findings.push(
    assemblyFinding(
      'template-reference-dangling',
      fact.origin.stack,
      [fact.origin.logicalId, 'Properties', ...path],
      `${fact.id} refers to ${what}, which no template of the assembly makes: nothing is known about it`,
      'Add the stack that makes it to the assembly, or correct the reference.',
      severity,
    ),
  );
}

/** Looks things up by any of the names that templates have for them. */
export class NameIndex<T> {
  private readonly entries = new Map<string, T>();

  public add(entry: T, ...names: readonly string[]): void {
    for (const name of names) if (!this.entries.has(name)) this.entries.set(name, entry);
  }

  public find(name: string | undefined): T | undefined {
    return name === undefined ? undefined : this.entries.get(name);
  }
}

/** Lists by key, in the order of the entries. */
export function grouped<T>(entries: Iterable<T>, keyOf: (entry: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** Without repetitions, in byte order. */
export function sortedUnique(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort();
}
