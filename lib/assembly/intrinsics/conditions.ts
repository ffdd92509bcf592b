import { asMapping, asText, Unresolved, type Resolved } from './unresolved';

/** Evaluates the functions that only conditions may use; `resolve` does the rest. */
export function evaluateCondition(
  expression: unknown,
  named: (name: string) => boolean | Unresolved,
  resolve: (value: unknown) => Resolved,
): boolean | Unresolved {
  const evaluate = (inner: unknown): boolean | Unresolved => evaluateCondition(inner, named, resolve);
  const [[name, argument] = [], ...others] = Object.entries(asMapping(expression) ?? {});
  if (name === undefined || others.length > 0) return new Unresolved('a condition that is no function');
  const list: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
  switch (name) {
    case 'Condition':
      return named(asText(argument) ?? '');
    case 'Fn::Equals':
      return equal(resolve(list[0]), resolve(list[1]));
    case 'Fn::Not': {
      const inner = evaluate(list[0]);
      return inner instanceof Unresolved ? inner : !inner;
    }
    case 'Fn::And':
      return allOf(list.map(evaluate), true);
    case 'Fn::Or':
      return allOf(list.map(evaluate), false);
    default:
      return new Unresolved(`the condition function ${name} is not known`);
  }
}

function equal(a: Resolved, b: Resolved): boolean | Unresolved {
  if (a instanceof Unresolved) return a;
  if (b instanceof Unresolved) return b;
  return (asText(a) ?? JSON.stringify(a)) === (asText(b) ?? JSON.stringify(b));
}

/** And for `neutral` true, or for false: one decided value settles it whatever the unresolved ones are. */
function allOf(values: readonly (boolean | Unresolved)[], neutral: boolean): boolean | Unresolved {
  if (values.includes(!neutral)) return !neutral;
  return values.find((value) => value instanceof Unresolved) ?? neutral;
}
