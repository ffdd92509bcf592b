import { DefaultTokenResolver, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isStampError, StampError } from '../../errors';
import { stampedStacksOf } from './concerned-stacks';
import { holdsMark, splitAtPlaceholders, type ValueLeaf, type ValuePath } from './placeholders';
import type { ValueLookup } from './text-template';

/** How aws-cdk-lib writes a number that is a token. */
const ENCODED_NUMBER = /-1\.8881\d*e\+289/g;

/** Whose shape it is: what an error in its constructs is told with. */
export interface ShapeOwners {
  /** Values of the first stack that has the shape. */
  readonly values: ReadonlyMap<ValuePath, ValueLeaf>;
  /** Names of all stacks that have it, the first one first. Asked for only when something fails. */
  readonly stacks: () => readonly string[];
}

/**
 * Runs what makes the constructs of a shape. They know no values, so that an error of theirs, or of aws-cdk-lib, names tokens and marks: it is
 * thrown again with the values of the first stack, and says how many stacks have the shape. Other errors pass as they are.
 *
 * @throws StampError with the code of the original one
 */
export function withOwners<T>(scope: IConstruct, owners: ShapeOwners, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw retold(error, (text) => {
      const own = withValues(withoutTokens(text, scope), (path) => owners.values.get(path));
      return own === text && !isStampError(error) ? undefined : { text: own, place: named(owners.stacks()) };
    });
  }
}

/**
 * The same for what is thrown later, while an app is synthesized. Each line is about the shape whose construct path it names, or else about the
 * first one that has the values it names.
 */
export function retoldLate(root: IConstruct, error: unknown): unknown {
  const shapes = [...new Set(stampedStacksOf(root).map(({ shape }) => shape))];
  return retold(error, (line) => {
    const text = withoutTokens(line, root);
    const paths = splitAtPlaceholders(text).gaps.map(({ path }) => path);
    const shape =
      shapes.find(({ stack }) => mentions(line, stack.node.path)) ??
      shapes.find(({ members: [first] }) => paths.length > 0 && paths.every((path) => first?.valueAt(path) !== undefined));
    const [first] = shape?.members ?? [];
    if (shape === undefined || first === undefined) return undefined;
    return {
      text: withValues(text, (path) => first.valueAt(path)).replaceAll(shape.stack.node.path, first.node.path),
      place: named(shape.members.map(({ stackName }) => stackName)),
    };
  });
}

/** A line in a reader's words, and the stacks that it is about; undefined for one that holds nothing of a shape. */
type Retell = (line: string) => { readonly text: string; readonly place: string } | undefined;

function retold(error: unknown, retell: Retell): unknown {
  if (!(error instanceof Error)) return error;
  if (isStampError(error)) {
    const { code, fix, message } = error;
    const [prefix, suffix] = [`${code}: `, `. ${fix}`];
    const known = message.startsWith(prefix) && message.endsWith(suffix);
    const problem = known ? message.slice(prefix.length, -suffix.length) : message;
    const own = retell(problem);
    return own === undefined ? error : new StampError(code, `${own.text} (in ${own.place})`, retell(fix)?.text ?? fix);
  }
  const lines = error.message.split('\n').map((line) => {
    const own = retell(line);
    return own === undefined ? line : `${own.text} (in ${own.place})`;
  });
  const [before, message] = [error.message, lines.join('\n')];
  if (message === before) return error;
  // Its class and its stack stay those of whoever threw it.
  const stack = error.stack?.replace(before, () => message);
  return Object.defineProperties(error, {
    message: { value: message, configurable: true, writable: true },
    stack: { value: stack, configurable: true, writable: true },
  });
}

function mentions(line: string, path: string): boolean {
  const at = line.indexOf(path);
  return at >= 0 && !/[\w-]/.test(line.charAt(at + path.length));
}

/** `shop-a-use1`, or `shop-a-use1; 5 stacks share its shape`. */
function named(stacks: readonly string[]): string {
  const [first = 'a shape'] = stacks;
  return stacks.length > 1 ? `${first}; ${stacks.length} stacks share its shape` : first;
}

function withValues(text: string, valueOf: ValueLookup): string {
  const { texts, gaps } = splitAtPlaceholders(text);
  return texts.map((part, index) => part + shownValue(gaps[index]?.path, valueOf)).join('');
}

function shownValue(path: ValuePath | undefined, valueOf: ValueLookup): string {
  return path === undefined ? '' : String(valueOf(path) ?? path);
}

function withoutTokens(text: string, scope: IConstruct): string {
  const resolver = new DefaultTokenResolver(new PlainText());
  const resolve = (value: unknown): unknown => Tokenization.resolve(value, { scope, resolver, preparing: false });
  try {
    const numbers = text.replaceAll(ENCODED_NUMBER, (number) => {
      const token = Tokenization.reverseNumber(Number(number));
      return token === undefined ? number : shown(resolve(token));
    });
    return String(resolve(numbers));
  } catch {
    // A token that cannot be resolved may be what the error is about.
    return text;
  }
}

/** References that stay open, such as one to the stack's partition, are shown as in a template. */
class PlainText {
  public join(left: unknown, right: unknown): string {
    return shown(left) + shown(right);
  }
}

function shown(part: unknown): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return part;
  const mark = typeof part === 'object' && part !== null && 'Ref' in part ? part.Ref : undefined;
  return typeof mark === 'string' && holdsMark(mark) ? mark : JSON.stringify(part);
}
