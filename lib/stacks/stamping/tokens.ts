import { Lazy, Token } from 'aws-cdk-lib';
import { placeholder, type ValuePath } from './placeholders';

/** A token that constructs pass on as they would the value, and that becomes the value's mark in the template. */
export function textToken(path: ValuePath): string {
  return Lazy.string({ produce: () => placeholder(path) });
}

let numbersArePlain = false;

/**
 * The same for numbers: a reference, since CDK takes nothing else in the place of a number.
 *
 * @param value what stands there for {@link withPlainNumbers}
 */
export function numberToken(path: ValuePath, value: number): number {
  return Token.asNumber(Lazy.uncachedAny({ produce: () => (numbersArePlain ? value : { Ref: placeholder(path) }) }));
}

/** Runs what has to see numbers and not references, such as a rule that compares one: the shape shows those of its first member. */
export function withPlainNumbers<T>(run: () => T): T {
  numbersArePlain = true;
  try {
    return run();
  } finally {
    numbersArePlain = false;
  }
}
