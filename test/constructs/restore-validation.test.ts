import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { AuroraEngine } from '../../lib/constructs/aurora-member';
import { ExternalDatabase, ExternalDatabaseProtocol } from '../../lib/constructs/external-database';
import { readSettings } from '../../lib/functions/restore-validation/settings';
import { codeOf, expectRetained, found, KEY_ARN, propertiesOf, withActions } from '../support/database-fixtures';
import { isAllowed, type EvaluatedStatement } from '../support/iam-evaluator';
import { synthesizeChecked } from '../support/nag';
import { once } from '../support/once';
import { synthesizeBothWays } from '../support/synth';
import { type Example, plainText, templateOf, validation } from './restore-validation-example';

const aurora = once(() => templateOf());
const table = once(() => templateOf({ table: true }));

function functionOf(template: Template): Record<string, any> {
  return propertiesOf(template, 'AWS::Lambda::Function')[0]!;
}

describe('when it runs', () => {
  test('after every restore job of this plan, good or bad, with the id of the job', () => {
    const template = aurora();
    const [plan] = Object.keys(template.findResources('AWS::Backup::RestoreTestingPlan'));
    const [machine] = Object.keys(template.findResources('AWS::StepFunctions::StateMachine'));
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.backup'],
        'detail-type': ['Restore Job State Change'],
        detail: {
          status: ['COMPLETED', 'FAILED', 'ABORTED'],
          restoreTestingPlanArn: [{ 'Fn::GetAtt': [plan, 'RestoreTestingPlanArn'] }],
        },
      },
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: { Ref: machine },
          InputTransformer: {
            InputPathsMap: { 'detail-restoreJobId': '$.detail.restoreJobId' },
            InputTemplate: '{"detail":{"restoreJobId":<detail-restoreJobId>}}',
          },
          RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 60 },
        }),
      ],
    });
  });
});

describe('the function', () => {
  test.each([
    ['aurora-postgresql', {}, 5432],
    ['aurora-mysql', { engine: AuroraEngine.AURORA_MYSQL }, 3306],
    // The database's name belongs to the home member, but every member's backups hold it.
    ['aurora-postgresql', { home: false }, 5432],
  ] as [string, Example, number][])('gets settings that it accepts: %s %o', (engine, example, port) => {
    const { Variables: variables } = functionOf(templateOf(example))['Environment'];
    expect(readSettings({ ...variables, AWS_REGION: 'us-east-1' })).toEqual({
      region: 'us-east-1',
      engine,
      login: { database: 'app', port, user: 'stamp_validator_enterprise' },
      checks: { minimumRows: 1, timeLimit: 600 },
    });
    expect(variables['NODE_EXTRA_CA_CERTS']).toBe('/var/runtime/ca-cert.pem');
  });

  test('gets the checks that were asked for', () => {
    const checks = {
      minimumRows: 1000,
      newestTable: 'sales.orders',
      newestColumn: 'created_at',
      newestMaxAge: Duration.hours(30),
      query: 'SELECT count(*) FROM sales.orders WHERE total < 0',
      queryAnswer: '0',
      timeLimit: Duration.minutes(14),
    };
    const handler = functionOf(templateOf({ checks }));
    expect(readSettings({ ...handler['Environment'].Variables, AWS_REGION: 'us-east-1' }).checks).toEqual({
      minimumRows: 1000,
      newest: { table: 'sales.orders', column: 'created_at', maxAge: 108_000 },
      query: { sql: 'SELECT count(*) FROM sales.orders WHERE total < 0', expect: '0' },
      timeLimit: 840,
    });
    expect(handler['Timeout']).toBe(870);
  });

  test('of a table gets no login, and an attribute to look at', () => {
    const checks = { newestColumn: 'createdAt', newestMaxAge: Duration.hours(30) };
    const { Variables: variables } = functionOf(templateOf({ table: true, checks }))['Environment'];
    expect(readSettings({ ...variables, AWS_REGION: 'us-east-1' })).toEqual({
      region: 'us-east-1',
      engine: 'dynamodb',
      checks: { minimumRows: 1, newest: { column: 'createdAt', maxAge: 108_000 }, timeLimit: 600 },
    });
  });

  test('lives in the private subnets, reaches the database and HTTPS, and is reached by nobody', () => {
    const template = aurora();
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SubnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2', 'subnet-0123456789abcdef3'] },
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Restore validation of the stamp',
      SecurityGroupEgress: [Match.objectLike({ FromPort: 443, ToPort: 443 })],
      SecurityGroupIngress: Match.absent(),
    });
    for (const type of ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress']) {
      expect(propertiesOf(template, type).map((rule) => [rule['FromPort'], rule['ToPort']])).toEqual([[5432, 5432]]);
      expect(propertiesOf(table(), type)).toEqual([]);
    }
  });

  test.each([
    ['minimumRows', { minimumRows: -1 }],
    ['minimumRows', { minimumRows: 1.5 }],
    ['too little time', { timeLimit: Duration.seconds(9) }],
    ['too much time', { timeLimit: Duration.minutes(15) }],
    ['no table', { newestColumn: 'at', newestMaxAge: Duration.hours(1) }],
    ['no column', { newestTable: 'orders', newestMaxAge: Duration.hours(1) }],
    ['no age', { newestTable: 'orders', newestColumn: 'at' }],
    ['an answer without a question', { queryAnswer: '1' }],
  ])('fails for checks that cannot be: %s', (_name, checks) => {
    expect(codeOf(() => templateOf({ checks }))).toBe('RESTORE_CHECKS');
  });

  test.each([{ query: 'SELECT 1' }, { newestTable: 'orders', newestColumn: 'at', newestMaxAge: Duration.hours(1) }])(
    'fails for a table with checks of SQL: %o',
    (checks) => {
      expect(codeOf(() => templateOf({ table: true, checks }))).toBe('RESTORE_CHECKS');
    },
  );

  test('fails for a database that nobody restores, and for Aurora without a user', () => {
    const external: Example['props'] = {};
    expect(codeOf(() => templateOf({ props: { validatorUser: undefined } }))).toBe('RESTORE_VALIDATION');
    expect(
      codeOf(() =>
        synthesizeChecked((stack) => {
          const database = new ExternalDatabase(stack, 'External', {
            pointerName: '/stampkit/shop/legacy-use1/database',
            protocol: ExternalDatabaseProtocol.POSTGRESQL,
            writer: 'writer.example.com',
            reader: 'reader.example.com',
            port: 5432,
            databaseName: 'legacy',
          });
          validation(stack, { props: { ...external, database } });
        }),
      ),
    ).toBe('RESTORE_VALIDATION');
  });
});

describe('rights', () => {
  /** Statements of one role, with references as text. Conditions only narrow. */
  function statementsOf(template: Template, role: string): EvaluatedStatement[] {
    return propertiesOf(template, 'AWS::IAM::Policy')
      .filter(({ Roles: roles }) => (roles as { Ref: string }[]).some(({ Ref }) => Ref.startsWith(role)))
      .flatMap(({ PolicyDocument: { Statement } }) => Statement as any[])
      .map(({ Effect, Action, Resource }) => ({
        effect: Effect as 'Allow' | 'Deny',
        actions: [Action].flat() as string[],
        resources: [Resource].flat().map(plainText),
      }));
  }
  const rds = (kind: string, name: string): string =>
    `arn:AWS::Partition:rds:us-east-1:111111111111:${kind}:${name}`.replace('AWS::Partition', 'aws');
  const MACHINE = 'RestoreValidationRole';
  const FUNCTION = 'RestoreValidationFunctionRole';

  test.each(['rds:ModifyDBCluster', 'rds:CreateDBInstance', 'rds:DeleteDBInstance', 'rds:DescribeDBClusters'])(
    '%s: what a restore test made, and nothing that lives',
    (action) => {
      const statements = statementsOf(aurora(), MACHINE);
      expect(isAllowed(statements, action, rds('cluster', 'awsbackup-restore-test-a1b2c3'))).toBe(true);
      for (const live of ['shop-enterprise-use1', 'shop-awsbackup-restore-test']) {
        expect([live, isAllowed(statements, action, rds('cluster', live))]).toEqual([live, false]);
      }
    },
  );

  test.each(['rds:CreateDBInstance', 'rds:DeleteDBInstance', 'rds:DescribeDBInstances', 'rds:AddTagsToResource'])(
    '%s: instances of validation only',
    (action) => {
      const statements = statementsOf(aurora(), MACHINE);
      expect(isAllowed(statements, action, rds('db', 'stampkit-validation-a1b2c3'))).toBe(true);
      for (const live of ['shop-enterprise-use1-instance-1', 'awsbackup-restore-test-a1b2c3']) {
        expect([live, isAllowed(statements, action, rds('db', live))]).toEqual([live, false]);
      }
    },
  );

  test.each([aurora, table])('no cluster, table or backup can be deleted by it', (template) => {
    for (const role of [MACHINE, FUNCTION]) {
      const statements = statementsOf(template(), role);
      for (const action of ['rds:DeleteDBCluster', 'dynamodb:DeleteTable', 'backup:DeleteRecoveryPoint', 'dynamodb:PutItem']) {
        expect([role, action, isAllowed(statements, action, rds('cluster', 'awsbackup-restore-test-a1b2c3'))]).toEqual([
          role,
          action,
          false,
        ]);
      }
    }
  });

  test('the function reads tables of restore tests, and not the live one', () => {
    const statements = statementsOf(table(), FUNCTION);
    const arn = (name: string): string => `arn:aws:dynamodb:us-east-1:111111111111:table/${name}`;
    expect(isAllowed(statements, 'dynamodb:Scan', arn('awsbackup-restore-test-a1b2c3'))).toBe(true);
    for (const live of ['shop-enterprise.table', 'shop-enterprise.table-restored'])
      expect(isAllowed(statements, 'dynamodb:Scan', arn(live))).toBe(false);
  });

  test('operators’ restores are read too when their names are given, and the live table is not', () => {
    const statements = statementsOf(templateOf({ table: true, props: { restoredTables: 'shop-pool.table-*' } }), FUNCTION);
    const arn = (name: string): string => `arn:aws:dynamodb:us-east-1:111111111111:table/${name}`;
    expect(isAllowed(statements, 'dynamodb:Scan', arn('shop-pool.table-r20261121t080000'))).toBe(true);
    expect(isAllowed(statements, 'dynamodb:Scan', arn('awsbackup-restore-test-a1b2c3'))).toBe(true);
    expect(isAllowed(statements, 'dynamodb:Scan', arn('shop-pool.table'))).toBe(false);
  });

  test('the function logs in as the validator, and as nobody else', () => {
    const actions = statementsOf(aurora(), FUNCTION).filter(({ actions: [action] }) => action === 'rds-db:connect');
    expect(actions.map(({ resources }) => resources)).toEqual([
      ['arn:aws:rds-db:us-east-1:111111111111:dbuser:*/stamp_validator_enterprise'],
    ]);
  });

  test('the key of the database is used by way of RDS, for AWS resources', () => {
    aurora().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: 'kms:CreateGrant',
            Resource: KEY_ARN,
            Condition: { StringEquals: { 'kms:ViaService': Match.anyValue() }, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
          },
        ]),
      },
    });
  });
});

describe('traces of it', () => {
  test('logs are encrypted and kept; those of the state machine do not fill up the account’s log resource policy', () => {
    const template = aurora();
    const groups = propertiesOf(template, 'AWS::Logs::LogGroup').filter(
      ({ LogGroupName: name }) =>
        name === undefined || plainLogName(name).startsWith('/aws/vendedlogs/states/shop-enterprise-use1'),
    );
    expect(groups).toHaveLength(2);
    for (const group of groups) expect(group).toMatchObject({ KmsKeyId: KEY_ARN, RetentionInDays: 365 });
    expectRetained(template, ['AWS::Logs::LogGroup']);
    const removable = templateOf({ table: true, props: { removalPolicy: RemovalPolicy.DESTROY } });
    for (const group of Object.values(removable.findResources('AWS::Logs::LogGroup'))) {
      expect(group['DeletionPolicy']).toBe('Delete');
    }
  });

  function plainLogName(name: unknown): string {
    return typeof name === 'string' ? name : String((name as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1][0]);
  }

  test('every step is logged without its data, and traced', () => {
    aurora().hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: Match.objectLike({ Level: 'ALL', IncludeExecutionData: false }),
      TracingConfiguration: { Enabled: true },
    });
  });

  test.each(['ExecutionsFailed', 'FailedInvocations'])('%s raises an alarm', (MetricName) => {
    aurora().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, Threshold: 0, TreatMissingData: 'notBreaching' });
  });

  test('executions that were stopped raise an alarm', () => {
    const metrics = propertiesOf(aurora(), 'AWS::CloudWatch::Alarm')
      .flatMap(({ Metrics }) => (Metrics ?? []) as any[])
      .map(({ MetricStat }) => MetricStat?.Metric.MetricName as string | undefined);
    expect(metrics).toEqual(expect.arrayContaining(['ExecutionsTimedOut', 'ExecutionsAborted']));
  });
});

test.each([
  ['PostgreSQL', {}],
  ['MySQL', { engine: AuroraEngine.AURORA_MYSQL }],
  ['provisioned', { instanceType: 'r7g.large' }],
  ['a secondary', { home: false }],
  ['a table', { table: true }],
] as [string, Example][])('is the same with plain values and with tokens: %s', (_name, example) => {
  synthesizeBothWays((stack, values) => {
    validation(stack, example, values);
  });
});

test.each([{}, { table: true as const }])('has no unacknowledged finding: %o', (example) => {
  const { violations } = synthesizeChecked((stack) => {
    const { database, restoreValidation } = validation(stack, example);
    withActions(stack, [...database.alarms, ...restoreValidation.alarms]);
  });
  expect(found(violations)).toEqual([]);
});
