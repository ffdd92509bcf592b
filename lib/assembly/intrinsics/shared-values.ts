import type { Resolved } from './unresolved';

/** Which of the two ways stacks pass values to each other. */
export type SharedKind = 'export' | 'parameter';

/**
 * What stacks of an assembly pass to each other inside one account and Region: exports, and SSM parameters by name. Stacks are read one
 * after the other; a value that is not there yet makes its reader wait until {@link complete}.
 */
export class SharedValues {
  private readonly values = new Map<string, () => Resolved>();
  private everythingIsKnown = false;

  /** @param value called at every look-up, so that a stack which waits itself can answer later */
  public offer(kind: SharedKind, environment: string, name: string, value: () => Resolved): void {
    this.values.set(keyOf(kind, environment, name), value);
  }

  /** The value; `wait` when a stack that is still to be read may offer it; `missing` when none does. */
  public find(kind: SharedKind, environment: string, name: string): (() => Resolved) | 'wait' | 'missing' {
    return this.values.get(keyOf(kind, environment, name)) ?? (this.everythingIsKnown ? 'missing' : 'wait');
  }

  /** Says that every stack has offered what it has. */
  public complete(): void {
    this.everythingIsKnown = true;
  }
}

function keyOf(kind: SharedKind, environment: string, name: string): string {
  return `${kind} ${environment} ${name}`;
}
