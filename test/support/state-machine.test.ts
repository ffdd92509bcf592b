import { describe, expect, test } from 'vitest';
import { type Definition, type State, TaskError, walk } from './state-machine';
import { longest, problems } from './state-machine-graph';

const RETRY = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 3,
  MaxDelaySeconds: 5,
  JitterStrategy: 'FULL',
};
const CATCH = { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'End' };
const task = (changes: Record<string, unknown> = {}): State => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { 'id.$': "States.Format('{}-{}', $.a, $$.Execution.Name)", list: [1], 'again.$': '$$.State.RetryCount' },
  ResultPath: '$.result',
  TimeoutSeconds: 10,
  Retry: [RETRY],
  Catch: [CATCH],
  Next: 'End',
  ...changes,
});
const machine = (state: State, more: Record<string, State> = {}): Definition => ({
  StartAt: 'First',
  States: { First: state, End: { Type: 'Succeed' }, ...more },
});
const go = (definition: Definition, script: () => unknown, input: unknown = { a: 'x' }) =>
  walk(definition, { input, name: 'run', script });
const fail = (error: string) => (): never => {
  throw new TaskError(error);
};

describe('tasks', () => {
  test('get their payload and put their result', () => {
    const walked = go(machine(task()), () => 7);
    expect(walked.calls[0]!.parameters).toEqual({ id: 'x-run', list: [1], again: 0 });
    expect(walked).toMatchObject({ status: 'SUCCEEDED', data: { a: 'x', result: 7 } });
  });

  test('throw a result away, or take its place', () => {
    expect(go(machine(task({ ResultPath: null })), () => 7).data).toEqual({ a: 'x' });
    expect(go(machine(task({ ResultPath: undefined })), () => 7).data).toBe(7);
  });

  test('are tried again with growing delays, then caught', () => {
    const walked = go(machine(task()), fail('States.Timeout'));
    expect(walked.calls.map(({ parameters }) => parameters['again'] as number)).toEqual([0, 1, 2, 3]);
    expect(walked.waited).toBe(2 + 4 + 5);
    expect(walked.data).toMatchObject({ failure: { Error: 'States.Timeout' } });
  });

  test('answer to the first retrier that names their error: 0 attempts means never', () => {
    const never = { ErrorEquals: ['NotFound'], MaxAttempts: 0 };
    expect(go(machine(task({ Retry: [never, RETRY] })), fail('NotFound')).calls).toHaveLength(1);
    expect(go(machine(task({ Retry: [never, RETRY] })), fail('Other')).calls).toHaveLength(4);
  });

  test('fail the execution when nobody catches, and States.Runtime always', () => {
    expect(go(machine(task({ Catch: [] })), fail('Other'))).toMatchObject({ status: 'FAILED', error: 'Other' });
    const runtime = go(machine(task()), fail('States.Runtime'));
    expect(runtime).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(runtime.calls).toHaveLength(1);
  });

  test('fail the execution for a path that is not there', () => {
    expect(go(machine(task()), () => 7, {})).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('choices', () => {
  const choose = (rule: object, input: unknown) =>
    go(
      machine(
        { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
        { Yes: { Type: 'Succeed' }, No: { Type: 'Succeed' } },
      ),
      () => undefined,
      input,
    ).states.at(-1);

  test.each([
    [{ Variable: '$.a', StringEquals: 'x' }, { a: 'x' }, 'Yes'],
    [{ Variable: '$.a', StringEquals: 'x' }, { a: 1 }, 'No'],
    [{ Variable: '$$.Execution.Name', StringEqualsPath: '$.a' }, { a: 'run' }, 'Yes'],
    [{ Variable: '$.a', StringMatches: 'arn:*:x-*' }, { a: 'arn:aws:x-1' }, 'Yes'],
    [{ Variable: '$.a', StringMatches: 'arn.*' }, { a: 'arnx' }, 'No'],
    [{ Variable: '$.a', NumericLessThan: 2 }, { a: 1 }, 'Yes'],
    [{ Variable: '$.a', NumericLessThan: 2 }, { a: 2 }, 'No'],
    [{ Variable: '$.a[0].b', IsPresent: true }, { a: [{ b: 1 }] }, 'Yes'],
    [{ Variable: '$.a[0].b', IsPresent: true }, { a: [] }, 'No'],
    [
      {
        And: [
          { Variable: '$.a', IsPresent: true },
          { Variable: '$.a', StringEquals: 'x' },
        ],
      },
      {},
      'No',
    ],
  ])('%j of %j: %s', (rule, input, next) => {
    expect(choose(rule, input)).toBe(next);
  });

  test('fail for what the walker does not know', () => {
    expect(() => choose({ Variable: '$.a', TimestampEquals: 'x' }, { a: 'x' })).toThrow(/does not know TimestampEquals/);
  });
});

test('adds, waits, and ends with a cause from the data', () => {
  const definition: Definition = {
    StartAt: 'Add',
    States: {
      Add: { Type: 'Pass', Parameters: { 'n.$': 'States.MathAdd($.n, 1)' }, ResultPath: '$', Next: 'Wait' },
      Wait: { Type: 'Wait', Seconds: 30, Next: 'Enough' },
      Enough: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericLessThan: 3, Next: 'Add' }], Default: 'Stop' },
      Stop: { Type: 'Fail', Error: 'Counted', CausePath: '$.n' },
    },
  };
  expect(go(definition, () => undefined, { n: 0 })).toMatchObject({ status: 'FAILED', error: 'Counted', cause: '3', waited: 90 });
});

test('stops at the time limit of the execution', () => {
  const loop: Definition = { StartAt: 'W', TimeoutSeconds: 100, States: { W: { Type: 'Wait', Seconds: 60, Next: 'W' } } };
  expect(go(loop, () => undefined).status).toBe('TIMED_OUT');
});

describe('structure', () => {
  test('a sound one has no problems', () => {
    expect(problems(machine(task()))).toEqual([]);
  });

  test.each([
    ['First leads to Nowhere, which is not there', machine(task({ Next: 'Nowhere' }))],
    ['Lonely cannot be reached', machine(task(), { Lonely: { Type: 'Succeed' } })],
    ['First has no TimeoutSeconds', machine(task({ TimeoutSeconds: undefined }))],
    ['First has no Retry for everything', machine(task({ Retry: [] }))],
    ['First has no Catch for everything', machine(task({ Catch: [] }))],
    ['First: States.ALL of Retry is not last and alone', machine(task({ Retry: [RETRY, { ...RETRY, ErrorEquals: ['X'] }] }))],
    ['First retries without jitter', machine(task({ Retry: [{ ...RETRY, JitterStrategy: 'NONE' }] }))],
    ['First: BackoffRate is below 1', machine(task({ Retry: [{ ...RETRY, BackoffRate: 0.5 }] }))],
  ])('fails: %s', (problem, definition) => {
    expect(problems(definition)).toContain(problem);
  });

  test('the longest time of a task is every attempt at its end and every delay', () => {
    expect(longest(task())).toBe(4 * 10 + 2 + 4 + 5);
  });
});
