import { Duration } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { AuroraEngine } from '../../lib/constructs/aurora-member';
import { propertiesOf } from '../support/database-fixtures';
import { once } from '../support/once';
import { type Definition, type TaskScript, TaskError, type Walk, walk } from '../support/state-machine';
import { synthesize } from '../support/synth';
import { longest, pathsFrom, problems, reachable, successors } from '../support/state-machine-graph';
import { definitionOf, templateOf, validation } from './restore-validation-example';

/** Both as CloudFormation hands them to Step Functions. */
const aurora = once(() => definitionOf(templateOf()));
const table = once(() => definitionOf(templateOf({ table: true })));
const BOTH: [string, () => Definition][] = [
  ['Aurora', aurora],
  ['a table', table],
];
const patient = once(() => definitionOf(templateOf({ checks: { timeLimit: Duration.minutes(14) } })));

const JOB = '0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9';
const CLUSTER = 'awsbackup-restore-test-f00';
const INSTANCE = `stampkit-validation-${JOB}`;

/** What AWS would answer when all is well: state -> result. */
function answers(definition: Definition): Record<string, unknown> {
  const ours = JSON.stringify(definition).match(/"StringEquals":"(RestoreTesting\w+\.RestoreTestingPlanArn)"/)?.[1];
  return {
    StartNamedAfterJob: { ExecutionArn: 'arn' },
    ReadJob: {
      RestoreJobId: JOB,
      Status: 'COMPLETED',
      CreationDate: '2026-11-24T10:17:00.000Z',
      CreatedBy: { RestoreTestingPlanArn: ours },
      CreatedResourceArn:
        definition.States['FindCluster'] === undefined
          ? 'arn:aws:dynamodb:us-east-1:111111111111:table/awsbackup-restore-test-f00'
          : `arn:aws:rds:us-east-1:111111111111:cluster:${CLUSTER}`,
    },
    FindCluster: {
      DbClusters: [{ DbClusterIdentifier: CLUSTER, Endpoint: `${CLUSTER}.cluster-c1.us-east-1.rds.amazonaws.com` }],
    },
    PrepareCluster: {},
    CreateInstance: {},
    AwaitDatabase: { Payload: { status: 'READY', message: 'there' } },
    CheckData: { Payload: { status: 'SUCCESSFUL', message: '42 rows in 2 tables' } },
    RemoveInstance: {},
    LookForInstance: new TaskError('Rds.DbInstanceNotFoundException'),
    Report: {},
  };
}

type Answer = unknown;

/** Walks with these answers instead of the good ones. A list is one answer for each attempt, the last one for ever. */
function run(definition: Definition, changes: Record<string, Answer> = {}, options: { name?: string } = {}): Walk {
  const all = { ...answers(definition), ...changes };
  const asked = new Map<string, number>();
  const script: TaskScript = ({ state }) => {
    if (!Object.hasOwn(all, state)) throw new Error(`nobody expected ${state}`);
    const answer = all[state];
    const times = asked.get(state) ?? 0;
    asked.set(state, times + 1);
    const one: unknown = Array.isArray(answer) ? answer[Math.min(times, answer.length - 1)] : answer;
    if (one instanceof TaskError) throw one;
    return one;
  };
  return walk(definition, { input: { detail: { restoreJobId: JOB } }, name: options.name ?? JOB, script });
}

/** What AWS Backup was told. */
function reported(walked: Walk): [string, string][] {
  return walked.calls
    .filter(({ state }) => state === 'Report')
    .map(({ parameters }) => [String(parameters['ValidationStatus']), String(parameters['ValidationStatusMessage'])]);
}

const tasksOf = (definition: Definition): string[] =>
  Object.entries(definition.States)
    .filter(([, { Type }]) => Type === 'Task')
    .map(([name]) => name);

/** Ends before anything is known, or after the report. */
const WITHOUT_REPORT = ['Started', 'AlreadyStarted', 'NotStarted', 'NotOurTest', 'RestoreFailed'];

describe.each([...BOTH, ['Aurora with the longest checks', patient]] as typeof BOTH)(
  'the definition for %s',
  (_name, definition) => {
    test('is sound: every state is reached, every next is there, every task ends, is retried with jitter and caught', () => {
      expect(problems(definition())).toEqual([]);
    });

    test('every path ends in a report, but for those that know of no test to report on', () => {
      const silent = pathsFrom(definition(), definition().StartAt).filter((path) => !path.includes('Report'));
      expect([...new Set(silent.map((path) => path.at(-1)!))].sort()).toEqual([...WITHOUT_REPORT].sort());
      for (const path of silent) expect(path).not.toContain('CreateInstance');
    });

    test('heartbeats are not asked for: nothing that is called here sends any', () => {
      expect(JSON.stringify(definition())).not.toContain('Heartbeat');
    });

    test('the time for everything is longer than all waits and retries together, and shorter than the validation window', () => {
      const { States: states, TimeoutSeconds: limit } = definition();
      // The one loop: 40 looks of 20 s, 30 s apart.
      const removal = states['LookForInstance'] === undefined ? 0 : 40 * (20 + 30);
      const worst = Math.max(
        ...pathsFrom(definition(), definition().StartAt).map((path) =>
          path.reduce((total, name) => total + longest(states[name]!), removal),
        ),
      );
      expect(worst).toBeLessThan(limit!);
      expect(limit).toBeLessThan(4 * 3600);
    });
  },
);

test.each([
  ['aurora-postgresql', {}, 'db.serverless', { MinCapacity: 0.5, MaxCapacity: 8 }],
  ['aurora-postgresql', { instanceType: 'r7g.large' }, 'db.r7g.large', undefined],
  ['aurora-mysql', { engine: AuroraEngine.AURORA_MYSQL }, 'db.serverless', { MinCapacity: 0.5, MaxCapacity: 8 }],
] as const)('an instance like those of the stamp: %s %o', (engine, example, instanceClass, capacity) => {
  const { calls } = run(definitionOf(templateOf(example)));
  const parametersOf = (state: string) => calls.find((call) => call.state === state)?.parameters;
  expect(parametersOf('CreateInstance')).toEqual({
    DbClusterIdentifier: CLUSTER,
    DbInstanceIdentifier: INSTANCE,
    DbInstanceClass: instanceClass,
    Engine: engine,
    PubliclyAccessible: false,
    AutoMinorVersionUpgrade: false,
    Tags: [{ Key: 'stampkit:restore-validation', Value: JOB }],
  });
  expect(parametersOf('PrepareCluster')).toEqual({
    DbClusterIdentifier: CLUSTER,
    ApplyImmediately: true,
    EnableIAMDatabaseAuthentication: true,
    ...(capacity !== undefined && { ServerlessV2ScalingConfiguration: capacity }),
  });
});

test('in another partition the calls have its ARNs', () => {
  const template = synthesize(
    (stack) => {
      validation(stack, { table: true });
    },
    { region: 'cn-north-1' },
  );
  const text = String(propertiesOf(template, 'AWS::StepFunctions::StateMachine')[0]!['DefinitionString']);
  expect(text).toContain('arn:aws-cn:states:::lambda:invoke');
  expect(text).not.toContain('arn:aws:states');
});

describe('one execution for each job', () => {
  test.each(BOTH)('the event’s execution starts the one named after the job, and does no more: %s', (_name, definition) => {
    const walked = run(definition(), {}, { name: 'a-name-of-eventbridge' });
    expect(walked).toMatchObject({ status: 'SUCCEEDED', states: ['NamedAfterJob', 'StartNamedAfterJob', 'Started'] });
    expect(walked.calls).toEqual([
      {
        state: 'StartNamedAfterJob',
        resource: 'arn:aws:states:::states:startExecution',
        parameters: {
          StateMachineArn: 'arn:aws:states:us-east-1:111111111111:stateMachine:validation',
          Name: JOB,
          Input: { detail: { restoreJobId: JOB } },
        },
      },
    ]);
  });

  test('an event that comes twice is no failure', () => {
    const twice = { StartNamedAfterJob: new TaskError('StepFunctions.ExecutionAlreadyExistsException') };
    const walked = run(aurora(), twice, { name: 'again' });
    expect(walked).toMatchObject({ status: 'SUCCEEDED', states: ['NamedAfterJob', 'StartNamedAfterJob', 'AlreadyStarted'] });
    expect(walked.calls).toHaveLength(1);
  });

  test('fails when it cannot be started', () => {
    const walked = run(aurora(), { StartNamedAfterJob: new TaskError('States.TaskFailed') }, { name: 'first' });
    expect(walked).toMatchObject({ status: 'FAILED', error: 'NotStarted' });
    expect(walked.calls).toHaveLength(5);
  });
});

describe('a good restore', () => {
  test('of a cluster: instance made, data checked, instance gone, then reported', () => {
    const walked = run(aurora());
    expect(walked.status).toBe('SUCCEEDED');
    expect(walked.calls.map(({ state }) => state)).toEqual([
      'ReadJob',
      'FindCluster',
      'PrepareCluster',
      'CreateInstance',
      'AwaitDatabase',
      'CheckData',
      'RemoveInstance',
      'LookForInstance',
      'Report',
    ]);
    expect(walked.calls.at(-1)!.parameters).toEqual({
      RestoreJobId: JOB,
      ValidationStatus: 'SUCCESSFUL',
      ValidationStatusMessage: '42 rows in 2 tables',
    });
    const payload = walked.calls.find(({ state }) => state === 'CheckData')!.parameters['Payload'] as unknown;
    expect(payload).toEqual({
      step: 'check',
      resource: `${CLUSTER}.cluster-c1.us-east-1.rds.amazonaws.com`,
      lostAt: '2026-11-24T10:17:00.000Z',
      attempt: 0,
      lastAttempt: 1,
    });
  });

  test('of a table: checked and reported; there is nothing to make and nothing to remove', () => {
    const walked = run(table());
    expect(walked.status).toBe('SUCCEEDED');
    expect(walked.calls.map(({ state }) => state)).toEqual(['ReadJob', 'CheckData', 'Report']);
    expect(reported(walked)).toEqual([['SUCCESSFUL', '42 rows in 2 tables']]);
  });
});

describe('guards', () => {
  const job = (change: Record<string, unknown>) => {
    const { ReadJob: good } = answers(aurora());
    return { ReadJob: { ...(good as object), ...change } };
  };

  test.each([
    [
      'of another plan',
      { CreatedBy: { RestoreTestingPlanArn: 'arn:aws:backup:us-east-1:111111111111:restore-testing-plan:other' } },
    ],
    ['of an operator', { CreatedBy: undefined }],
  ])('a job %s is not touched and not reported', (_name, change) => {
    const walked = run(aurora(), JSON.parse(JSON.stringify(job(change))) as Record<string, unknown>);
    expect(walked).toMatchObject({ status: 'FAILED', error: 'NotOurTest' });
    expect(walked.calls.map(({ state }) => state)).toEqual(['ReadJob']);
  });

  test.each(['FAILED', 'ABORTED', 'RUNNING'])('a restore that is %s raises the alarm and is left alone', (Status) => {
    const walked = run(aurora(), job({ Status }));
    expect(walked).toMatchObject({ status: 'FAILED', error: 'RestoreFailed' });
    expect(walked.calls).toHaveLength(1);
  });

  test.each([
    'arn:aws:rds:us-east-1:111111111111:cluster:shop-enterprise-use1',
    'arn:aws:rds:us-west-2:111111111111:cluster:awsbackup-restore-test-f00',
    'arn:aws:rds:us-east-1:222222222222:cluster:awsbackup-restore-test-f00',
    'arn:aws:rds:us-east-1:111111111111:db:awsbackup-restore-test-f00',
  ])('%s is not touched, and the test has failed', (CreatedResourceArn) => {
    const walked = run(aurora(), job({ CreatedResourceArn }));
    expect(walked.calls.map(({ state }) => state)).toEqual(['ReadJob', 'Report']);
    expect(reported(walked)).toEqual([['FAILED', expect.stringContaining('may be live data')]]);
    expect(walked).toMatchObject({ status: 'FAILED', error: 'RestoreTestFailed' });
  });

  test.each([
    ['a live cluster', { DbClusters: [{ DbClusterIdentifier: 'shop-enterprise-use1', Endpoint: 'e' }] }],
    ['no cluster', { DbClusters: [] }],
  ])('RDS names %s: nothing is changed', (_name, FindCluster) => {
    const walked = run(aurora(), { FindCluster });
    expect(walked.calls.map(({ state }) => state)).toEqual(['ReadJob', 'FindCluster', 'Report']);
    expect(reported(walked)).toEqual([['FAILED', expect.stringContaining('may be live data')]]);
  });

  test('an instance that another attempt made is used, and removed', () => {
    const walked = run(aurora(), { CreateInstance: new TaskError('Rds.DbInstanceAlreadyExistsException') });
    expect(walked.status).toBe('SUCCEEDED');
    expect(walked.calls.filter(({ state }) => state === 'CreateInstance')).toHaveLength(1);
    expect(walked.states).toContain('RemoveInstance');
  });
});

describe('waiting', () => {
  test('for a cluster that is still busy, and an instance that is not there yet', () => {
    const busy = new TaskError('Rds.InvalidDbClusterStateException');
    const walked = run(aurora(), {
      PrepareCluster: [busy, busy, {}],
      CreateInstance: [busy, {}],
      AwaitDatabase: [...Array<TaskError>(20).fill(new TaskError('DatabaseNotReady')), answers(aurora())['AwaitDatabase']],
    });
    expect(walked.status).toBe('SUCCEEDED');
    expect(
      walked.calls.filter(({ state }) => state === 'AwaitDatabase').map(({ parameters }) => parameters['Payload'].attempt),
    ).toEqual(Array.from({ length: 21 }, (_, attempt) => attempt));
  });

  test('ends: the last question gets a verdict, and the instance goes', () => {
    const verdict = { Payload: { status: 'FAILED', message: 'cannot be read: connect ETIMEDOUT' } };
    const walked = run(aurora(), { AwaitDatabase: [...Array<TaskError>(36).fill(new TaskError('DatabaseNotReady')), verdict] });
    const last = walked.calls.filter(({ state }) => state === 'AwaitDatabase').at(-1)!.parameters['Payload'] as Record<
      string,
      number
    >;
    expect(last['attempt']).toBe(last['lastAttempt']);
    expect(walked.states).not.toContain('CheckData');
    expect(walked.states).toContain('RemoveInstance');
    expect(reported(walked)).toEqual([['FAILED', 'cannot be read: connect ETIMEDOUT']]);
  });

  test('for an instance to go: as often as it takes', () => {
    const there = { DbInstances: [{ DbInstanceStatus: 'deleting' }] };
    const walked = run(aurora(), { LookForInstance: [there, there, there, new TaskError('Rds.DbInstanceNotFoundException')] });
    expect(walked.status).toBe('SUCCEEDED');
    expect(walked.states.filter((state) => state === 'WaitForRemoval')).toHaveLength(3);
  });
});

describe.each([['States.TaskFailed'], ['States.Timeout'], ['Rds.RdsException'], ['Lambda.Unknown']])('%s for good', (error) => {
  /** State -> what AWS Backup is told. Tasks before the report that are not about cleaning up. */
  const AURORA: [string, RegExp][] = [
    ['ReadJob', /the restore job could not be read/],
    ['FindCluster', /the restored cluster could not be found/],
    ['PrepareCluster', /the restored cluster could not be prepared/],
    ['CreateInstance', /no instance could be created/],
    ['AwaitDatabase', /the restored database could not be reached/],
    ['CheckData', /the restored data could not be checked/],
  ];

  test.each(AURORA)('in %s: retried, cleaned up, reported', (state, says) => {
    const walked = run(aurora(), { [state]: new TaskError(error) });
    expect(walked.calls.filter((call) => call.state === state).length).toBeGreaterThan(1);
    expect(reported(walked)).toEqual([['FAILED', expect.stringMatching(says)]]);
    expect(reported(walked)[0]![1]).toContain(error);
    expect(reported(walked)[0]![1]).toContain(`:execution:validation:${JOB}`);
    expect(walked).toMatchObject({ status: 'FAILED', error: 'RestoreTestFailed' });
    // Even a creation that failed may have made something.
    const made = ['CreateInstance', 'AwaitDatabase', 'CheckData'].includes(state);
    expect(walked.states.includes('RemoveInstance')).toBe(made);
    if (made) expect(walked.calls.at(-2)).toMatchObject({ state: 'LookForInstance' });
  });

  test.each([
    ['ReadJob', /the restore job could not be read/],
    ['CheckData', /the restored data could not be checked/],
  ])('in %s of a table: retried and reported', (state, says) => {
    const walked = run(table(), { [state]: new TaskError(error) });
    expect(reported(walked)).toEqual([['FAILED', expect.stringMatching(says)]]);
    expect(walked).toMatchObject({ status: 'FAILED', error: 'RestoreTestFailed' });
  });

  test.each(BOTH)('in the report of %s: retried, then the alarm', (_name, definition) => {
    const walked = run(definition(), { Report: new TaskError(error) });
    expect(walked).toMatchObject({ status: 'FAILED', error: 'NotReported' });
    expect(reported(walked)).toHaveLength(5);
  });

  test.each(BOTH)('once only, in any task of %s: nobody notices', (_name, definition) => {
    for (const state of tasksOf(definition()).filter((name) => name !== 'StartNamedAfterJob')) {
      const walked = run(definition(), { [state]: [new TaskError(error), answers(definition())[state]] });
      expect([state, walked.status]).toEqual([state, 'SUCCEEDED']);
    }
  });

  test('in the removal, though the instance goes: the verdict stands', () => {
    const walked = run(aurora(), { RemoveInstance: new TaskError(error) });
    expect(walked.status).toBe('SUCCEEDED');
    expect(walked.calls.filter(({ state }) => state === 'RemoveInstance').length).toBeGreaterThan(1);
  });

  test('in looking for the instance: the verdict is reported, and the alarm says what is left', () => {
    const walked = run(aurora(), { LookForInstance: new TaskError(error) });
    expect(reported(walked)).toEqual([['SUCCESSFUL', '42 rows in 2 tables']]);
    expect(walked).toMatchObject({ status: 'FAILED', error: 'LeftBehind', cause: expect.stringContaining(INSTANCE) as string });
  });

  test('everywhere after the instance was made: failed, left behind, and still reported', () => {
    const walked = run(aurora(), {
      CheckData: new TaskError(error),
      RemoveInstance: new TaskError(error),
      LookForInstance: new TaskError(error),
    });
    expect(reported(walked)).toEqual([['FAILED', expect.stringContaining('could not be checked')]]);
    expect(walked).toMatchObject({ status: 'FAILED', error: 'LeftBehind' });
  });
});

describe('cleaning up', () => {
  test('an instance that does not go is looked at 40 times, then it is left behind', () => {
    const walked = run(aurora(), { LookForInstance: { DbInstances: [{ DbInstanceStatus: 'deleting' }] } });
    expect(walked.calls.filter(({ state }) => state === 'LookForInstance')).toHaveLength(40);
    expect(reported(walked)).toEqual([['SUCCESSFUL', '42 rows in 2 tables']]);
    expect(walked).toMatchObject({ status: 'FAILED', error: 'LeftBehind' });
  });

  test('an instance that was never made is nothing to wait for', () => {
    const walked = run(aurora(), {
      CreateInstance: new TaskError('Rds.RdsException'),
      RemoveInstance: new TaskError('Rds.DbInstanceNotFoundException'),
    });
    expect(walked.states).not.toContain('LookForInstance');
    expect(walked.calls.filter(({ state }) => state === 'RemoveInstance')).toHaveLength(1);
    expect(walked).toMatchObject({ status: 'FAILED', error: 'RestoreTestFailed' });
  });

  test('an instance that is still being made is removed when it can be', () => {
    const creating = new TaskError('Rds.InvalidDbInstanceStateException');
    const walked = run(aurora(), { RemoveInstance: [creating, creating, creating, {}] });
    expect(walked.status).toBe('SUCCEEDED');
    expect(walked.calls.filter(({ state }) => state === 'RemoveInstance')).toHaveLength(4);
  });

  test('only the instance of this job is ever removed', () => {
    const { calls } = run(aurora());
    const removed = calls.filter(({ resource }) => /delete/i.test(resource));
    expect(removed.map(({ resource, parameters }) => [resource, parameters])).toEqual([
      ['arn:aws:states:::aws-sdk:rds:deleteDBInstance', { DbInstanceIdentifier: INSTANCE }],
    ]);
    expect(INSTANCE.length).toBeLessThanOrEqual(63);
  });

  test('comes before the report, on every path on which an instance may exist', () => {
    for (const path of pathsFrom(aurora(), 'CreateInstance')) {
      expect(path.indexOf('RemoveInstance')).toBeGreaterThan(0);
      expect(path.indexOf('RemoveInstance')).toBeLessThan(path.indexOf('Report'));
    }
  });
});

test.each(BOTH)('bad data of %s: reported as it is, and the alarm', (_name, definition) => {
  const walked = run(definition(), { CheckData: { Payload: { status: 'FAILED', message: '0 rows in 0 tables' } } });
  expect(reported(walked)).toEqual([['FAILED', '0 rows in 0 tables']]);
  expect(walked).toMatchObject({ status: 'FAILED', error: 'RestoreTestFailed', cause: '0 rows in 0 tables' });
});

test.each(BOTH)('every state and every edge of %s is walked by the scenarios above', (_name, definition) => {
  const states = definition().States;
  const failing = new TaskError('States.TaskFailed');
  const names = tasksOf(definition());
  const scenarios: Record<string, Answer>[] = [
    {},
    ...names.map((name) => ({ [name]: failing })),
    { AwaitDatabase: { Payload: { status: 'FAILED', message: 'no' } } },
    { CheckData: { Payload: { status: 'FAILED', message: 'no' } } },
    { CreateInstance: new TaskError('Rds.DbInstanceAlreadyExistsException') },
    { RemoveInstance: new TaskError('Rds.DbInstanceNotFoundException') },
    { LookForInstance: {} },
    { FindCluster: { DbClusters: [] } },
    { ReadJob: { RestoreJobId: JOB, Status: 'COMPLETED' } },
    { ReadJob: { ...(answers(definition())['ReadJob'] as object), Status: 'FAILED' } },
    { ReadJob: { ...(answers(definition())['ReadJob'] as object), CreatedResourceArn: 'arn:aws:rds:::cluster:live' } },
  ];
  const starts: Record<string, Answer>[] = [
    {},
    { StartNamedAfterJob: failing },
    { StartNamedAfterJob: new TaskError('StepFunctions.ExecutionAlreadyExistsException') },
  ];
  const walks = [
    ...scenarios.map((changes) => run(definition(), changes)),
    ...starts.map((changes) => run(definition(), changes, { name: 'by-eventbridge' })),
  ];
  const walked = new Set(walks.flatMap(({ states: path }) => path.slice(1).map((state, index) => `${path[index]!} -> ${state}`)));
  const edges = Object.keys(states).flatMap((name) =>
    [...new Set(successors(states[name]!))].map((next) => `${name} -> ${next}`),
  );
  expect(edges.filter((edge) => !walked.has(edge))).toEqual([]);
  expect([...reachable(definition(), definition().StartAt)].sort()).toEqual(Object.keys(states).sort());
});
