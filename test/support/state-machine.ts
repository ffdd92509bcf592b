/**
 * A walker for definitions in the Amazon States Language (JSONPath), so that every branch of a state machine can be taken without AWS.
 * It knows the part of the language that the kit uses and refuses the rest, so that nothing passes unseen. What the language says:
 *
 * - a Task's error goes to the first retrier that names it, or names `States.ALL`; attempts are counted per retrier; when they are used up, or
 *   no retrier matches, to the first catcher that matches; without one the execution fails;
 * - `States.ALL` has to stand alone and last; `States.Runtime` is neither retried nor caught;
 * - a path that is not there fails the execution (States.Runtime), except in `IsPresent`;
 * - `ResultPath: null` throws the result away, a path puts it there; a catcher's error output has `Error` and `Cause`.
 */
export interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, State>>;
}

export interface State {
  readonly Type: string;
  readonly [field: string]: unknown;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: string;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath?: string;
  readonly Next: string;
}

/** An error that a task ends with. */
export class TaskError extends Error {
  public constructor(
    public readonly error: string,
    cause = `${error} happened`,
  ) {
    super(cause);
  }
}

/** One attempt of a task: returns its result or throws a {@link TaskError}. */
export type TaskScript = (call: {
  readonly state: string;
  readonly resource: string;
  readonly parameters: Record<string, any>;
  readonly attempt: number;
}) => unknown;

export interface Walk {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly error?: string;
  readonly cause?: string;
  /** States in the order they were entered. */
  readonly states: readonly string[];
  /** Calls of tasks, every attempt. */
  readonly calls: readonly { readonly state: string; readonly resource: string; readonly parameters: Record<string, any> }[];
  /** Seconds that waits and retries take at most; tasks themselves take none. */
  readonly waited: number;
  readonly data: any;
}

export interface WalkOptions {
  readonly input: unknown;
  readonly name: string;
  readonly script: TaskScript;
}

const MACHINE = 'arn:aws:states:us-east-1:111111111111:stateMachine:validation';

/** Runs the definition to its end. Throws for what the language forbids or the walker does not know. */
export function walk(definition: Definition, { input, name, script }: WalkOptions): Walk {
  let data: any = structuredClone(input);
  let waited = 0;
  const states: string[] = [];
  const calls: { state: string; resource: string; parameters: Record<string, any> }[] = [];
  const context: any = {
    Execution: { Id: `${MACHINE.replace('stateMachine', 'execution')}:${name}`, Name: name },
    StateMachine: { Id: MACHINE },
    State: {},
  };
  const end = (status: Walk['status'], error?: string, cause?: string): Walk => ({
    status,
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    states,
    calls,
    waited,
    data,
  });

  for (let current: string = definition.StartAt; ;) {
    const state = definition.States[current];
    if (state === undefined) throw new Error(`no state ${current}`);
    if (definition.TimeoutSeconds !== undefined && waited > definition.TimeoutSeconds) return end('TIMED_OUT', 'States.Timeout');
    if (states.length > 1000) throw new Error(`no end in sight: ${states.slice(-6).join(', ')}`);
    states.push(current);
    context.State = { Name: current, RetryCount: 0 };
    const known = KNOWN[state.Type];
    const unknown = Object.keys(state).filter((field) => known?.includes(field) !== true);
    if (unknown.length > 0) throw new Error(`${current}: the walker does not know ${unknown.join(', ')}`);
    try {
      switch (state.Type) {
        case 'Succeed':
          return end('SUCCEEDED');
        case 'Fail': {
          const cause: unknown =
            state['CausePath'] === undefined ? state['Cause'] : read(state['CausePath'] as string, data, context);
          return end('FAILED', String(state['Error']), String(cause));
        }
        case 'Wait':
          waited += Number(state['Seconds']);
          break;
        case 'Pass':
          data = place(data, state['ResultPath'], fill(state['Parameters'], data, context));
          break;
        case 'Choice': {
          const rule = (state['Choices'] as Rule[]).find((choice) => holds(choice, data, context));
          current = rule?.Next ?? String(state['Default']);
          continue;
        }
        case 'Task': {
          const outcome = runTask(state, { current, data, context, script, calls });
          waited += outcome.waited;
          if ('result' in outcome) {
            data = place(data, state['ResultPath'], outcome.result);
            break;
          }
          if (outcome.catcher === undefined) return end('FAILED', outcome.error, outcome.cause);
          data = place(data, outcome.catcher.ResultPath ?? '$', { Error: outcome.error, Cause: outcome.cause });
          current = outcome.catcher.Next;
          continue;
        }
        default:
          throw new Error(`${current}: the walker does not know ${state.Type}`);
      }
    } catch (error) {
      if (error instanceof MissingPath) return end('FAILED', 'States.Runtime', `${current}: ${error.message}`);
      throw error;
    }
    if (typeof state['Next'] !== 'string') throw new Error(`${current} leads nowhere`);
    current = state['Next'];
  }
}

const KNOWN: Record<string, readonly string[]> = {
  Task: ['Type', 'Comment', 'Resource', 'Parameters', 'ResultSelector', 'ResultPath', 'TimeoutSeconds', 'Retry', 'Catch', 'Next'],
  Choice: ['Type', 'Comment', 'Choices', 'Default'],
  Pass: ['Type', 'Comment', 'Parameters', 'ResultPath', 'Next'],
  Wait: ['Type', 'Comment', 'Seconds', 'Next'],
  Succeed: ['Type', 'Comment'],
  Fail: ['Type', 'Comment', 'Error', 'Cause', 'CausePath'],
};

class MissingPath extends Error {}

type TaskOutcome = { readonly waited: number } & (
  { readonly result: unknown } | { readonly error: string; readonly cause: string; readonly catcher: Catcher | undefined }
);

function runTask(
  state: State,
  run: {
    readonly current: string;
    readonly data: any;
    readonly context: any;
    readonly script: TaskScript;
    readonly calls: { state: string; resource: string; parameters: Record<string, any> }[];
  },
): TaskOutcome {
  const resource = String(state['Resource']);
  const used = new Map<Retrier, number>();
  let waited = 0;
  for (let attempt = 0; ; attempt += 1) {
    run.context.State.RetryCount = attempt;
    const parameters = fill(state['Parameters'], run.data, run.context) as Record<string, any>;
    run.calls.push({ state: run.current, resource, parameters });
    try {
      const result = run.script({ state: run.current, resource, parameters, attempt });
      const selector = state['ResultSelector'];
      return { waited, result: selector === undefined ? result : fill(selector, result, run.context) };
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      const retrier = ((state['Retry'] ?? []) as Retrier[]).find((each) => names(each.ErrorEquals, error.error));
      const times = retrier === undefined ? 0 : (used.get(retrier) ?? 0);
      if (retrier === undefined || times >= (retrier.MaxAttempts ?? 3)) {
        const catcher = ((state['Catch'] ?? []) as Catcher[]).find((each) => names(each.ErrorEquals, error.error));
        return { waited, error: error.error, cause: error.message, catcher };
      }
      used.set(retrier, times + 1);
      waited += delay(retrier, times);
    }
  }
}

function names(list: readonly string[], error: string): boolean {
  if (list.includes(error)) return true;
  return error !== 'States.Runtime' && list.includes('States.ALL');
}

/** Seconds before the attempt after so many; the longest that jitter allows. */
export function delay({ IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity }: Retrier, times: number): number {
  return Math.min(IntervalSeconds * BackoffRate ** times, MaxDelaySeconds);
}

interface Rule {
  readonly Next?: string;
  readonly And?: readonly Rule[];
  readonly Variable?: string;
  readonly [operator: string]: unknown;
}

function holds(rule: Rule, data: any, context: any): boolean {
  if (rule.And !== undefined) return rule.And.every((each) => holds(each, data, context));
  const { Next: _next, Variable: variable = '', ...test } = rule;
  const [[operator, wanted] = ['', undefined], ...more] = Object.entries(test);
  if (more.length > 0) throw new Error(`a rule with ${Object.keys(test).join(' and ')}`);
  if (operator === 'IsPresent') return has(variable, data, context) === wanted;
  const value = read(variable, data, context);
  switch (operator) {
    case 'StringEquals':
      return value === wanted;
    case 'StringEqualsPath':
      return typeof value === 'string' && value === read(String(wanted), data, context);
    case 'StringMatches':
      return typeof value === 'string' && wildcard(String(wanted)).test(value);
    case 'NumericLessThan':
      return typeof value === 'number' && value < Number(wanted);
    default:
      throw new Error(`the walker does not know ${operator}`);
  }
}

function wildcard(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
}

/** A payload template: keys that end with `.$` are paths or intrinsic functions. */
function fill(template: unknown, data: any, context: any): unknown {
  if (Array.isArray(template)) return template.map((item) => fill(item, data, context));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith('.$') ? [key.slice(0, -2), evaluate(String(value), data, context)] : [key, fill(value, data, context)],
    ),
  );
}

function evaluate(expression: string, data: any, context: any): unknown {
  const call = /^States\.(\w+)\((.*)\)$/s.exec(expression);
  if (call === null) return read(expression, data, context);
  const [, name, text = ''] = call;
  const parts = [...text.matchAll(/'((?:\\.|[^'\\])*)'|[^,\s]+/g)].map(([whole, quoted]) =>
    quoted === undefined
      ? /^[\d.-]+$/.test(whole)
        ? Number(whole)
        : read(whole, data, context)
      : quoted.replace(/\\(.)/g, '$1'),
  );
  if (name === 'MathAdd') return Number(parts[0]) + Number(parts[1]);
  if (name !== 'Format') throw new Error(`the walker does not know States.${name}`);
  const [format, ...values] = parts;
  const holes = String(format).split('{}').length - 1;
  if (holes !== values.length) throw new Error(`${expression} has ${holes} places for ${values.length} values`);
  return values.reduce<string>((result, value) => result.replace('{}', () => String(value)), String(format));
}

function has(path: string, data: any, context: any): boolean {
  try {
    read(path, data, context);
    return true;
  } catch (error) {
    if (error instanceof MissingPath) return false;
    throw error;
  }
}

/** A reference path: members and numbers of lists. */
function read(path: string, data: any, context: any): any {
  const [root, start] = path.startsWith('$$') ? [context, path.slice(2)] : [data, path.slice(1)];
  if (!path.startsWith('$') || !/^(\.\w+|\[\d+\])*$/.test(start)) throw new Error(`not a path: ${path}`);
  const keys = [...start.matchAll(/\.(\w+)|\[(\d+)\]/g)].map(([, member, index]) => member ?? Number(index));
  let value: any = root;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value as object, key))
      throw new MissingPath(`${path} is not there`);
    value = value[key];
  }
  return value;
}

function place(data: any, path: unknown, result: unknown): any {
  if (typeof path !== 'string' && path !== null && path !== undefined) throw new Error('ResultPath is no text');
  if (path === null) return data;
  if (path === undefined || path === '$') return result;
  const member = /^\$\.(\w+)$/.exec(path)?.[1];
  if (member === undefined) throw new Error(`the walker does not know ResultPath ${path}`);
  return { ...data, [member]: result };
}
