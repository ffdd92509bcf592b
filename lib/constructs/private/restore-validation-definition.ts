import {
  apiCall,
  type AslChoice,
  type AslDefinition,
  type AslPass,
  type AslState,
  failedVerdict,
  functionCall,
} from './restore-validation-states';

/** Every name that restore testing gives starts like this (AWS Backup developer guide, "Restore testing inferred metadata"). */
export const RESTORE_TEST_PREFIX = 'awsbackup-restore-test';
/** Start of the names of the instances that validation makes: 20 characters before the 36 of a job's id, of the 63 that RDS allows. */
export const INSTANCE_PREFIX = 'stampkit-validation-';

export interface ValidationDefinitionProps {
  /** Present for Aurora: the instance to look at the data with. */
  readonly aurora?: {
    readonly engine: string;
    /** `db.serverless` or a class such as `db.r7g.large`. */
    readonly instanceClass: string;
    /** Capacity for `db.serverless`, in ACU. */
    readonly serverless?: { readonly min: number; readonly max: number };
  };
  /** Seconds that one run of the checks may take, start and answer included. */
  readonly checkTimeout: number;
  /** Seconds for the whole execution. */
  readonly timeout: number;
}

/**
 * The state machine. `${...}` are substitutions that CloudFormation makes.
 *
 * It goes: one execution for each restore job; read the job and refuse what is not a copy made by this stamp's plan; for Aurora make an
 * instance, wait until it answers, check, remove the instance and see it gone; report. Whatever fails on the way leads to the removal
 * (once an instance may exist) and to the report. Waiting for something to come up is a retry with an end; waiting for something to go is a
 * counted loop.
 */
export function validationDefinition(props: ValidationDefinitionProps): AslDefinition {
  return {
    Comment: 'Checks what a restore test brought back, and reports to AWS Backup',
    StartAt: 'NamedAfterJob',
    TimeoutSeconds: props.timeout,
    States: {
      ...oncePerJob(),
      ...knowTheJob(props.aurora === undefined ? 'CheckData' : 'FindCluster'),
      ...(props.aurora === undefined ? {} : reachCluster(props.aurora)),
      CheckData: functionCall({
        comment: 'Rows, age of the newest, the configured query',
        payload: {
          step: 'check',
          'resource.$': props.aurora === undefined ? '$.job.CreatedResourceArn' : '$.cluster.DbClusters[0].Endpoint',
          'lostAt.$': '$.job.CreationDate',
        },
        timeout: props.checkTimeout,
        // A run may take long, so few of them.
        poll: { seconds: 60, times: 1 },
        attempts: 3,
        onFailure: 'NotChecked',
        next: props.aurora === undefined ? 'Report' : 'RemoveInstance',
      }),
      NotChecked: failedVerdict(
        'the restored data could not be checked',
        props.aurora === undefined ? 'Report' : 'RemoveInstance',
      ),
      ...(props.aurora === undefined ? {} : removeInstance()),
      ...report(props.aurora !== undefined),
    },
  };
}

/**
 * EventBridge may deliver an event twice and cannot name executions. So the execution that it starts only starts another one, named after the
 * restore job: Step Functions takes a name once in 90 days (API reference, StartExecution).
 */
function oncePerJob(): Record<string, AslState> {
  return {
    NamedAfterJob: {
      Type: 'Choice',
      Comment: 'The execution that works is named after the job, so that there is one',
      Choices: [{ Variable: '$$.Execution.Name', StringEqualsPath: '$.detail.restoreJobId', Next: 'ReadJob' }],
      Default: 'StartNamedAfterJob',
    },
    StartNamedAfterJob: apiCall({
      call: 'states:startExecution',
      parameters: {
        'StateMachineArn.$': '$$.StateMachine.Id',
        'Name.$': '$.detail.restoreJobId',
        Input: { detail: { 'restoreJobId.$': '$.detail.restoreJobId' } },
      },
      answers: {
        'StepFunctions.ExecutionAlreadyExistsException': 'AlreadyStarted',
        'Sfn.ExecutionAlreadyExistsException': 'AlreadyStarted',
      },
      onFailure: 'NotStarted',
      next: 'Started',
    }),
    Started: { Type: 'Succeed' },
    AlreadyStarted: { Type: 'Succeed', Comment: 'The event came twice' },
    NotStarted: { Type: 'Fail', Error: 'NotStarted', Cause: 'The execution named after the restore job could not be started' },
  };
}

function knowTheJob(next: string): Record<string, AslState> {
  return {
    ReadJob: apiCall({
      comment: 'The event says which job; what the job did is asked of AWS Backup',
      call: 'aws-sdk:backup:describeRestoreJob',
      parameters: { 'RestoreJobId.$': '$.detail.restoreJobId' },
      resultPath: '$.job',
      onFailure: 'JobNotRead',
      next: 'IsOurTest',
    }),
    JobNotRead: failedVerdict('the restore job could not be read', 'Report'),
    IsOurTest: {
      Type: 'Choice',
      Choices: [
        {
          And: [
            { Variable: '$.job.CreatedBy.RestoreTestingPlanArn', IsPresent: true },
            { Variable: '$.job.CreatedBy.RestoreTestingPlanArn', StringEquals: '${RestoreTestingPlanArn}' },
          ],
          Next: 'IsRestored',
        },
      ],
      Default: 'NotOurTest',
    },
    NotOurTest: {
      Type: 'Fail',
      Error: 'NotOurTest',
      Cause: 'The restore job was not started by the restore testing plan of this stamp: nothing is touched and nothing reported',
    },
    IsRestored: {
      Type: 'Choice',
      Choices: [
        {
          And: [
            { Variable: '$.job.Status', StringEquals: 'COMPLETED' },
            { Variable: '$.job.CreatedResourceArn', IsPresent: true },
          ],
          Next: 'IsTestCopy',
        },
      ],
      Default: 'RestoreFailed',
    },
    RestoreFailed: {
      Type: 'Fail',
      Error: 'RestoreFailed',
      Cause: 'The restore itself failed: AWS Backup shows why, and there is nothing to check',
    },
    IsTestCopy: matches('$.job.CreatedResourceArn', '${RestoredResources}', next),
    NotATestCopy: {
      Type: 'Pass',
      Parameters: {
        status: 'FAILED',
        message: `what was restored is not called ${RESTORE_TEST_PREFIX}...: it may be live data, so it was not touched`,
      },
      ResultPath: '$.verdict',
      Next: 'Report',
    },
  };
}

/** The second look at the name, at what RDS says; the first was at what AWS Backup says. */
function matches(variable: string, pattern: string, next: string): AslChoice {
  return {
    Type: 'Choice',
    Choices: [
      {
        And: [
          { Variable: variable, IsPresent: true },
          { Variable: variable, StringMatches: pattern },
        ],
        Next: next,
      },
    ],
    Default: 'NotATestCopy',
  };
}

function reachCluster(aurora: NonNullable<ValidationDefinitionProps['aurora']>): Record<string, AslState> {
  const cluster = { 'DbClusterIdentifier.$': '$.cluster.DbClusters[0].DbClusterIdentifier' };
  // Just restored or just modified: not available yet.
  const busy = { errors: ['Rds.InvalidDbClusterStateException'], seconds: 60 };
  return {
    FindCluster: apiCall({
      call: 'aws-sdk:rds:describeDBClusters',
      parameters: { 'DbClusterIdentifier.$': '$.job.CreatedResourceArn' },
      resultPath: '$.cluster',
      onFailure: 'ClusterNotFound',
      next: 'IsTestCluster',
    }),
    ClusterNotFound: failedVerdict('the restored cluster could not be found', 'Report'),
    IsTestCluster: matches('$.cluster.DbClusters[0].DbClusterIdentifier', `${RESTORE_TEST_PREFIX}*`, 'NameInstance'),
    NameInstance: {
      Type: 'Pass',
      Comment: 'One name for each job: whoever repeats a step meets the same instance',
      Parameters: { 'id.$': `States.Format('${INSTANCE_PREFIX}{}', $.job.RestoreJobId)`, looks: 0 },
      ResultPath: '$.instance',
      Next: 'PrepareCluster',
    },
    PrepareCluster: apiCall({
      comment: 'A restore brings neither login by IAM nor a capacity for serverless instances',
      call: 'aws-sdk:rds:modifyDBCluster',
      parameters: {
        ...cluster,
        ApplyImmediately: true,
        EnableIAMDatabaseAuthentication: true,
        ...(aurora.serverless !== undefined && {
          ServerlessV2ScalingConfiguration: { MinCapacity: aurora.serverless.min, MaxCapacity: aurora.serverless.max },
        }),
      },
      poll: { ...busy, times: 8 },
      onFailure: 'ClusterNotPrepared',
      next: 'CreateInstance',
    }),
    ClusterNotPrepared: failedVerdict('the restored cluster could not be prepared', 'Report'),
    CreateInstance: apiCall({
      comment: 'AWS Backup restores a cluster without instances',
      call: 'aws-sdk:rds:createDBInstance',
      parameters: {
        ...cluster,
        'DbInstanceIdentifier.$': '$.instance.id',
        DbInstanceClass: aurora.instanceClass,
        Engine: aurora.engine,
        PubliclyAccessible: false,
        AutoMinorVersionUpgrade: false,
        Tags: [{ Key: 'stampkit:restore-validation', 'Value.$': '$.job.RestoreJobId' }],
      },
      poll: { ...busy, times: 10 },
      answers: { 'Rds.DbInstanceAlreadyExistsException': 'AwaitDatabase' },
      onFailure: 'InstanceNotCreated',
      next: 'AwaitDatabase',
    }),
    InstanceNotCreated: failedVerdict('no instance could be created in the restored cluster', 'RemoveInstance'),
    AwaitDatabase: functionCall({
      comment: 'Asked until the instance accepts the validator, or for the last time',
      payload: {
        step: 'connect',
        'resource.$': '$.cluster.DbClusters[0].Endpoint',
        'lostAt.$': '$.job.CreationDate',
      },
      timeout: 30,
      poll: { seconds: 90, times: 36 },
      attempts: 5,
      onFailure: 'DatabaseNotReached',
      next: 'DatabaseAnswers',
    }),
    DatabaseNotReached: failedVerdict('the restored database could not be reached', 'RemoveInstance'),
    DatabaseAnswers: {
      Type: 'Choice',
      Choices: [{ Variable: '$.verdict.status', StringEquals: 'READY', Next: 'CheckData' }],
      Default: 'RemoveInstance',
    },
  };
}

/** Only what carries the name of this job's instance; AWS Backup removes the cluster itself, once it is empty. */
function removeInstance(): Record<string, AslState> {
  const instance = { 'DbInstanceIdentifier.$': '$.instance.id' };
  const gone = { 'Rds.DbInstanceNotFoundException': 'Report' };
  const countLook: AslPass = {
    Type: 'Pass',
    Parameters: { 'id.$': '$.instance.id', 'looks.$': 'States.MathAdd($.instance.looks, 1)' },
    ResultPath: '$.instance',
    Next: 'LooksLeft',
  };
  return {
    RemoveInstance: apiCall({
      call: 'aws-sdk:rds:deleteDBInstance',
      parameters: instance,
      poll: { errors: ['Rds.InvalidDbInstanceStateException', 'Rds.InvalidDbClusterStateException'], seconds: 60, times: 10 },
      answers: gone,
      // It may be on its way out already: looking tells.
      onFailure: 'LookForInstance',
      next: 'LookForInstance',
    }),
    LookForInstance: apiCall({
      call: 'aws-sdk:rds:describeDBInstances',
      parameters: instance,
      answers: gone,
      onFailure: 'NotRemoved',
      next: 'CountLook',
    }),
    CountLook: countLook,
    LooksLeft: {
      Type: 'Choice',
      Choices: [{ Variable: '$.instance.looks', NumericLessThan: 40, Next: 'WaitForRemoval' }],
      Default: 'NotRemoved',
    },
    WaitForRemoval: { Type: 'Wait', Seconds: 30, Next: 'LookForInstance' },
    NotRemoved: {
      Type: 'Pass',
      Parameters: {
        'message.$':
          "States.Format('the instance {} is still there: delete it, and AWS Backup can remove the restored cluster', $.instance.id)",
      },
      ResultPath: '$.leftover',
      Next: 'Report',
    },
  };
}

function report(mayLeaveSomething: boolean): Record<string, AslState> {
  return {
    Report: apiCall({
      comment: 'A final status: AWS Backup begins to delete what it restored',
      call: 'aws-sdk:backup:putRestoreValidationResult',
      parameters: {
        'RestoreJobId.$': '$.detail.restoreJobId',
        'ValidationStatus.$': '$.verdict.status',
        'ValidationStatusMessage.$': '$.verdict.message',
      },
      onFailure: 'NotReported',
      next: 'HowItEnds',
    }),
    NotReported: {
      Type: 'Fail',
      Error: 'NotReported',
      Cause: 'AWS Backup did not take the result; it is in $.verdict of the execution',
    },
    HowItEnds: {
      Type: 'Choice',
      Choices: [
        ...(mayLeaveSomething ? [{ Variable: '$.leftover.message', IsPresent: true, Next: 'LeftBehind' }] : []),
        { Variable: '$.verdict.status', StringEquals: 'SUCCESSFUL', Next: 'Valid' },
      ],
      Default: 'Invalid',
    },
    ...(mayLeaveSomething && { LeftBehind: { Type: 'Fail', Error: 'LeftBehind', CausePath: '$.leftover.message' } }),
    Valid: { Type: 'Succeed' },
    Invalid: { Type: 'Fail', Error: 'RestoreTestFailed', CausePath: '$.verdict.message' },
  };
}
