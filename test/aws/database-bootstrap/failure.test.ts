import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { putResponse } from '../../../lib/aws/database-bootstrap/cloudformation-response';
import { failureOf } from '../../../lib/aws/database-bootstrap/failure';
import { readMasterLogin } from '../../../lib/aws/database-bootstrap/master-secret';
import { StampError } from '../../../lib/errors';
import { selfSigned } from '../health-probes/self-signed';

const ENDPOINT = { host: 'db.example.com', port: 5432 };
const thrown = (code: string | undefined, message: string): Error => Object.assign(new Error(message), { code });

describe('what went wrong with a database', () => {
  test.each([
    ['ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:5432'],
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND db.example.com'],
    ['57P03', 'the database system is starting up'],
    ['57P01', 'terminating connection due to administrator command'],
    ['53300', 'sorry, too many clients already'],
    ['08006', 'connection failure'],
    [undefined, 'timeout expired'],
    [undefined, 'Connection terminated unexpectedly'],
    ['ETIMEDOUT', 'connect ETIMEDOUT'],
    ['PROTOCOL_CONNECTION_LOST', 'Connection lost: The server closed the connection.'],
  ])('is worth another try: %s %s', (code, message) => {
    const { error, again } = failureOf(thrown(code, message), ENDPOINT);
    expect([error.code, again]).toEqual(['BOOTSTRAP_NOT_READY', true]);
    expect(error.message).toContain(message);
  });

  test.each([
    ['28P01', 'password authentication failed for user "stampadmin"', 'BOOTSTRAP_LOGIN'],
    ['28000', 'PAM authentication failed for user "stampadmin"', 'BOOTSTRAP_LOGIN'],
    ['ER_ACCESS_DENIED_ERROR', "Access denied for user 'stampadmin'", 'BOOTSTRAP_LOGIN'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain', 'BOOTSTRAP_TLS'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames", 'BOOTSTRAP_TLS'],
    [undefined, 'The server does not support SSL connections', 'BOOTSTRAP_TLS'],
    ['3D000', 'database "app" does not exist', 'BOOTSTRAP_DATABASE'],
    ['ER_BAD_DB_ERROR', "Unknown database 'app'", 'BOOTSTRAP_DATABASE'],
    ['42501', 'permission denied to create role', 'BOOTSTRAP_PRIVILEGE'],
    ['55P03', 'canceling statement due to lock timeout', 'BOOTSTRAP_BUSY'],
    ['ER_PLUGIN_IS_NOT_LOADED', "Plugin 'AWSAuthenticationPlugin' is not loaded", 'BOOTSTRAP_IAM_LOGIN'],
    ['42601', 'syntax error at or near "x"', 'BOOTSTRAP_FAILED'],
  ])('is final: %s %s', (code, message, expected) => {
    const { error, again } = failureOf(thrown(code, message), ENDPOINT);
    expect([error.code, again]).toEqual([expected, false]);
    expect(error.message).toContain(message);
    expect(error.fix).not.toBe('');
  });

  test('already said is said as it is', () => {
    const error = new StampError('BOOTSTRAP_ROLE', 'a role exists', 'Drop it.');
    expect(failureOf(error, ENDPOINT)).toEqual({ error, again: false });
  });
});

describe('the master user’s secret', () => {
  test('is a JSON object with username and password', async () => {
    const fetch = () => Promise.resolve('{"username":"stampadmin","password":"geheim","engine":"aurora-postgresql"}');
    await expect(readMasterLogin(fetch, 'arn')).resolves.toEqual({ user: 'stampadmin', password: 'geheim' });
  });

  test.each([
    '',
    'geheim',
    '"geheim"',
    'null',
    '{"password":"geheim"}',
    '{"username":"","password":"geheim"}',
    '{"username":"a"}',
  ])('fails for %s without quoting it', async (text) => {
    const error = await readMasterLogin(() => Promise.resolve(text), 'arn').catch((cause: unknown) => cause as StampError);
    expect(error).toMatchObject({ code: 'BOOTSTRAP_SECRET' });
    expect((error as StampError).message).not.toContain('geheim');
  });

  test('fails with the cause when it cannot be read', async () => {
    const fetch = () => Promise.reject(thrown('AccessDeniedException', 'not authorized to perform: kms:Decrypt'));
    await expect(readMasterLogin(fetch, 'arn')).rejects.toMatchObject({
      code: 'BOOTSTRAP_SECRET',
      message: expect.stringContaining('kms:Decrypt'),
    });
  });
});

describe('the answer to CloudFormation', () => {
  /** A bucket that answers with a status; what it got. */
  async function bucket(status: number, work: (url: string, ca: string) => Promise<void>): Promise<Record<string, unknown>> {
    const tls = selfSigned('localhost');
    const got: Record<string, unknown> = {};
    const server = createServer(tls, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        Object.assign(got, {
          method: request.method,
          url: request.url,
          type: request.headers['content-type'],
          body: Buffer.concat(chunks).toString(),
        });
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    try {
      await work(`https://localhost:${(server.address() as AddressInfo).port}/answer?Signature=abc`, tls.cert);
    } finally {
      server.close();
    }
    return got;
  }

  test('is put as it is, without a content type', async () => {
    const got = await bucket(200, (url, ca) => putResponse(url, '{"Status":"SUCCESS","Reason":"ü"}', { ca }));
    expect(got).toEqual({ method: 'PUT', url: '/answer?Signature=abc', type: '', body: '{"Status":"SUCCESS","Reason":"ü"}' });
  });

  test('fails when the bucket refuses it, without telling the URL', async () => {
    await bucket(403, async (url, ca) => {
      const error = await putResponse(url, '{}', { ca }).catch((cause: unknown) => cause as Error);
      expect((error as Error).message).toBe('CloudFormation’s bucket answered 403'.replace('’', "'"));
    });
  });

  test('fails without a way to the bucket, and with a certificate that nobody signed', async () => {
    await expect(putResponse('https://localhost:1/answer', '{}')).rejects.toThrow();
    await bucket(200, (url) => expect(putResponse(url, '{}')).rejects.toThrow('self-signed certificate'));
  });
});
