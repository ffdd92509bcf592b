import { DefaultTokenResolver, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isStampError, StampError } from '../../errors';
import { splitAtPlaceholders, type ValueLeaf, type ValuePath } from './placeholders';

/** Whose shape it is: what an error in its constructs is told with. */
export interface ShapeOwners {
  /** Values of the first stack that has the shape. */
  readonly values: ReadonlyMap<ValuePath, ValueLeaf>;
  /** Names of all stacks that have it, the first one first. Asked for only when something fails. */
  readonly stacks: () => readonly string[];
}

/**
 * Runs what makes the constructs of a shape. They know no values, so that an error of theirs names tokens and marks: it is thrown
 * again with the values of the first stack, and says how many stacks have the shape. Errors of others pass as they are.
 *
 * @throws StampError with the code of the original one
 */
export function withOwners<T>(scope: IConstruct, owners: ShapeOwners, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!isStampError(error)) throw error;
    const { code, fix, message } = error;
    const text = (part: string): string => withValues(withoutTokens(part, scope), owners.values);
    const [prefix, suffix] = [`${code}: `, `. ${fix}`];
    const known = message.startsWith(prefix) && message.endsWith(suffix);
    const problem = known ? message.slice(prefix.length, -suffix.length) : message;
    throw new StampError(code, `${text(problem)} (in ${named(owners.stacks())})`, text(fix));
  }
}

/** `shop-a-use1`, or `shop-a-use1; 5 stacks share its shape`. */
function named(stacks: readonly string[]): string {
  const [first = 'a shape'] = stacks;
  return stacks.length > 1 ? `${first}; ${stacks.length} stacks share its shape` : first;
}

function withValues(text: string, values: ReadonlyMap<ValuePath, ValueLeaf>): string {
  const { texts, gaps } = splitAtPlaceholders(text);
  return texts.map((part, index) => part + valueAt(gaps[index]?.path, values)).join('');
}

function valueAt(path: ValuePath | undefined, values: ReadonlyMap<ValuePath, ValueLeaf>): string {
  return path === undefined ? '' : String(values.get(path) ?? path);
}

function withoutTokens(text: string, scope: IConstruct): string {
  const resolver = new DefaultTokenResolver(new PlainText());
  return String(Tokenization.resolve(text, { scope, resolver, preparing: false }));
}

/** References that stay open, such as one to the stack's partition, are shown as in a template. */
class PlainText {
  public join(left: unknown, right: unknown): string {
    return shown(left) + shown(right);
  }
}

function shown(part: unknown): string {
  if (part === undefined) return '';
  return typeof part === 'string' ? part : JSON.stringify(part);
}
