import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { BootstrapRequest } from '../../../lib/aws/database-bootstrap/request';
import { functionFolder } from '../../../lib/constructs/private/function-asset';
import { answerEvent } from '../../../lib/functions/database-bootstrap/custom-resource';
import { readSettings } from '../../../lib/functions/database-bootstrap/settings';
import { buildBootstrapper, type Surroundings } from '../../../lib/functions/database-bootstrap/wiring';
import { freshDatabase, HOST, makeRdsLike, MASTER } from '../../aws/database-bootstrap/rds-like';
import { selfSigned } from '../../aws/health-probes/self-signed';
import { freePort, type Postgres, startPostgres } from '../../support/postgres';

const tls = selfSigned(HOST);
const ARN = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:shop-enterprise-use1/database-master-AbCdEf';
let postgres: Postgres;

beforeAll(async () => {
  postgres = await startPostgres({ tls });
  await makeRdsLike(postgres);
});

afterAll(async () => {
  await postgres.stop();
});

interface Change {
  readonly password?: string;
  readonly port?: number;
  readonly writer?: string;
  readonly reader?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly surroundings?: Partial<Surroundings>;
}

function environmentOf(
  { database, users }: BootstrapRequest,
  { port = postgres.port, writer = HOST, reader = HOST }: Change = {},
) {
  return {
    AWS_REGION: 'us-east-1',
    STAMP_DATABASE_ENGINE: 'aurora-postgresql',
    STAMP_DATABASE_WRITER: writer,
    STAMP_DATABASE_READER: reader,
    STAMP_DATABASE_PORT: String(port),
    STAMP_MASTER_SECRET: ARN,
    STAMP_DATABASE_NAME: database,
    STAMP_APP_USER: users.app,
    STAMP_PROBE_USER: users.probe,
    STAMP_VALIDATOR_USER: users.validator,
    STAMP_PROBE_CONNECTIONS: '10',
  };
}

/** The whole function but for AWS: real PostgreSQL, real TLS, a clock that only sleeping moves. */
function invoke(request: BootstrapRequest, change: Change = {}) {
  const log: string[] = [];
  const answers: any[] = [];
  let clock = 0;
  const bootstrapper = buildBootstrapper({
    environment: { ...environmentOf(request, change), ...change.environment },
    remaining: () => 600_000,
    print: (line) => log.push(line),
    now: () => clock,
    sleep: (milliseconds) => {
      clock += milliseconds;
      return Promise.resolve();
    },
    fetchSecret: (id) =>
      id === ARN
        ? Promise.resolve(JSON.stringify({ username: MASTER.user, password: change.password ?? MASTER.password }))
        : Promise.reject(new Error('ResourceNotFoundException')),
    respond: (_url, body) => {
      answers.push(JSON.parse(body));
      return Promise.resolve();
    },
    ca: tls.cert,
    ...change.surroundings,
  });
  const event = {
    RequestType: 'Create',
    ResponseURL: 'https://bucket/answer',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Bootstrap',
    ResourceProperties: {},
  };
  const done = answerEvent(event, bootstrapper).then(
    () => answers[0] as { Status: string; Reason?: string; Data?: { Outcome: string } },
  );
  return { done, log, seconds: () => clock / 1000 };
}

describe('against a real PostgreSQL', () => {
  test('a first deployment, and a second', async () => {
    const request = await freshDatabase(postgres);
    const first = invoke(request);
    await expect(first.done).resolves.toMatchObject({ Status: 'SUCCESS', Data: { Outcome: 'changed' } });
    await expect(invoke(request).done).resolves.toMatchObject({ Status: 'SUCCESS', Data: { Outcome: 'unchanged' } });
    expect(first.log.join()).toContain(`create role ${request.users.app}`);
    expect(first.log.join()).not.toContain(MASTER.password);
  });

  test('two deployments at once', async () => {
    const request = await freshDatabase(postgres);
    const answers = await Promise.all([invoke(request).done, invoke(request).done]);
    expect(answers.map(({ Data }) => Data?.Outcome).sort()).toEqual(['changed', 'unchanged']);
  });

  test('fails at once with a wrong password, and tells nobody which', async () => {
    const { done, log, seconds } = invoke(await freshDatabase(postgres), { password: 'not-the-password' });
    const answer = await done;
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^BOOTSTRAP_LOGIN: .*28P01/) });
    expect(answer.Reason).toContain('ModifyDBCluster');
    expect(JSON.stringify([answer, log])).not.toContain('not-the-password');
    expect(seconds()).toBe(0);
  });

  test('fails at once when nobody vouches for the certificate', async () => {
    const stranger = selfSigned(HOST).cert;
    const { done, seconds } = invoke(await freshDatabase(postgres), { surroundings: { ca: stranger } });
    await expect(done).resolves.toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^BOOTSTRAP_TLS/) });
    expect(seconds()).toBe(0);
  });

  test('fails at once when the certificate is another host’s', async () => {
    const { done } = invoke(await freshDatabase(postgres), { writer: '127.0.0.1', reader: '127.0.0.1' });
    await expect(done).resolves.toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^BOOTSTRAP_TLS/) });
  });

  test('fails at once when the server speaks no TLS', async () => {
    const port = await freePort();
    const plain = await startPostgres({ port });
    try {
      const { done } = invoke(await freshDatabase(postgres), { port });
      await expect(done).resolves.toMatchObject({
        Status: 'FAILED',
        Reason: expect.stringMatching(/^BOOTSTRAP_TLS.*does not support SSL/),
      });
    } finally {
      await plain.stop();
    }
  });

  test('fails at once when there is no such database', async () => {
    const request = await freshDatabase(postgres);
    const { done } = invoke({ ...request, database: 'elsewhere' });
    await expect(done).resolves.toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^BOOTSTRAP_DATABASE/) });
  });

  test('waits for a database that is not ready, and goes on when it is', async () => {
    const request = await freshDatabase(postgres);
    const port = await freePort();
    const pauses: number[] = [];
    let late: Postgres | undefined;
    const { done } = invoke(request, {
      port,
      surroundings: {
        sleep: async (milliseconds) => {
          pauses.push(milliseconds);
          if (pauses.length < 3) return;
          late = await startPostgres({ tls, port });
          await makeRdsLike(late);
          const creator = await late.connect({ ...MASTER });
          await creator.query(`CREATE DATABASE ${request.database}`);
          await creator.end();
        },
      },
    });
    try {
      await expect(done).resolves.toMatchObject({ Status: 'SUCCESS', Data: { Outcome: 'changed' } });
      expect(pauses).toEqual([1000, 2000, 4000]);
    } finally {
      await late?.stop();
    }
  });

  test('fails when it does not get ready in time, and answers before the invocation ends', async () => {
    const { done, log, seconds } = invoke(await freshDatabase(postgres), { port: await freePort() });
    await expect(done).resolves.toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/^BOOTSTRAP_NOT_READY: .*ECONNREFUSED/),
    });
    expect(seconds()).toBeGreaterThan(400);
    expect(seconds()).toBeLessThan(510);
    expect(log.filter((line) => line.includes('waiting')).length).toBeGreaterThan(20);
  });
});

describe('after a failover to another Region', () => {
  /** Aurora's own functions, as a secondary cluster answers them. */
  const AURORA = [
    'SET allow_system_table_mods = on',
    `CREATE FUNCTION pg_catalog.aurora_global_db_instance_status() RETURNS TABLE (aws_region text, session_id text) LANGUAGE sql
     AS $$ SELECT 'us-west-2', 'MASTER_SESSION_ID' $$`,
    `CREATE FUNCTION pg_catalog.aurora_global_db_status() RETURNS TABLE (aws_region text, durability_lag_in_msec int) LANGUAGE sql
     AS $$ SELECT 'us-west-2', -1 $$`,
  ];

  test('the home member takes no writes, and the deployment goes on', async () => {
    const request = await freshDatabase(postgres);
    await postgres.run(request.database, ...AURORA, `ALTER DATABASE ${request.database} SET default_transaction_read_only = on`);
    const { done, log, seconds } = invoke(request);
    await expect(done).resolves.toMatchObject({ Status: 'SUCCESS', Data: { Outcome: 'not-the-writer' } });
    expect(log.join()).toContain('in another Region');
    expect(seconds()).toBe(0);
  });

  test('also when its writer endpoint leads nowhere: a reader tells', async () => {
    const request = await freshDatabase(postgres);
    await postgres.run(request.database, ...AURORA, `ALTER DATABASE ${request.database} SET default_transaction_read_only = on`);
    const { done, seconds } = invoke(request, { writer: 'writer.invalid' });
    await expect(done).resolves.toMatchObject({ Status: 'SUCCESS', Data: { Outcome: 'not-the-writer' } });
    expect(seconds()).toBe(0);
  });

  test('fails when the writer is here and takes no writes for too long', async () => {
    const request = await freshDatabase(postgres);
    await postgres.run(request.database, `ALTER DATABASE ${request.database} SET default_transaction_read_only = on`);
    const { done } = invoke(request, { surroundings: { remaining: () => 120_000 } });
    await expect(done).resolves.toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/^BOOTSTRAP_NOT_READY: .*takes no writes/),
    });
  });
});

describe('settings', () => {
  const complete = environmentOf(
    {
      database: 'app',
      users: { app: 'a', probe: 'p', validator: 'v' },
      probeConnectionLimit: 10,
    },
    { port: 5432 },
  );

  test.each(Object.keys(complete))('fails without %s', (name) => {
    expect(() => readSettings({ ...complete, [name]: undefined })).toThrow(`environment variable ${name} is missing`);
  });

  test.each([
    ['STAMP_DATABASE_ENGINE', 'oracle'],
    ['STAMP_DATABASE_PORT', 'http'],
    ['STAMP_PROBE_CONNECTIONS', '0'],
  ])('fails for %s %s', (name, value) => {
    expect(() => readSettings({ ...complete, [name]: value })).toThrow(`environment variable ${name} is ${value}`);
  });

  test('a deletion is answered without any', async () => {
    const respond = vi.fn(() => Promise.resolve());
    await answerEvent(
      { RequestType: 'Delete', ResponseURL: 'https://bucket/answer', PhysicalResourceId: 'Bootstrap' },
      buildBootstrapper({ environment: {}, remaining: () => 0, print: () => undefined, respond }),
    );
    expect(respond).toHaveBeenCalledWith('https://bucket/answer', expect.stringContaining('"Status":"SUCCESS"'));
  });
});

test('the bundle is what Lambda runs', async () => {
  const load = createRequire(__filename);
  const { handler } = load(join(functionFolder('database-bootstrap'), 'index.js')) as {
    handler: (event: unknown, context: object) => Promise<unknown>;
  };
  await expect(handler({}, { getRemainingTimeInMillis: () => 0 })).rejects.toThrow('BOOTSTRAP_EVENT');
});
