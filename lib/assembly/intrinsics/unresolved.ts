/** A value that the templates do not determine, with the reason in words. Takes the place of the value, never of a guess. */
export class Unresolved {
  public constructor(public readonly reason: string) {}
}

/** Unresolved for now: a stack that is still to be read may offer the value. */
export class Waiting extends Unresolved {}

/** `AWS::NoValue`: the property is as if it were not there. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

/** JSON whose parts may be {@link Unresolved}; `undefined` where there is nothing. */
export type Resolved = unknown;

/** The members of a mapping; nothing for anything else. */
export function asMapping(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unresolved)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** What CloudFormation makes of a scalar when it needs a text. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
