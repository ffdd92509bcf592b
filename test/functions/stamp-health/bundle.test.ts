import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { functionFolder } from '../../../lib/constructs/private/function-asset';

const load = createRequire(__filename);

/** What Lambda runs: the bundle on disk, as `npm run build` leaves it. */
function bundledHandler(): (event: unknown) => Promise<unknown> {
  const file = join(functionFolder('stamp-health'), 'index.js');
  Reflect.deleteProperty(load.cache, load.resolve(file));
  return (load(file) as { handler: (event: unknown) => Promise<unknown> }).handler;
}

const request = (path: string): unknown => ({ requestContext: { elb: { targetGroupArn: 'arn' } }, httpMethod: 'GET', path });

describe('the bundled function', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('answers that it lives, without any settings', async () => {
    await expect(bundledHandler()(request('/.stamp/live'))).resolves.toMatchObject({
      statusCode: 200,
      body: '{"status":"pass"}',
    });
  });

  test('probes for real: compute that refuses the connection fails the stamp', async () => {
    const settings = {
      AWS_REGION: 'us-east-1',
      STAMP_ID: 'internal-euw1',
      STAMP_STANDBY_SERVES: 'reads',
      STAMP_WRITER_GRACE_SECONDS: '90',
      STAMP_REPLICA_GRACE_SECONDS: '0',
      STAMP_LOAD_BALANCER: '127.0.0.1',
      // Port 1 of this machine: nobody listens there.
      STAMP_RECORD_NAME: 'localhost:1',
      STAMP_HEALTH_PATH: '/healthz',
      STAMP_DATABASE_PROBE: 'none',
    };
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      const handler = bundledHandler();
      await expect(handler(request('/.stamp/health'))).resolves.toMatchObject({ statusCode: 503, body: '{"status":"fail"}' });
      await expect(handler({ door: 'operator' })).resolves.toMatchObject({
        status: 'fail',
        stampId: 'internal-euw1',
        role: 'none',
        reasons: ['compute-down'],
        checks: { compute: { message: expect.stringContaining('ECONNREFUSED') } },
      });
    } finally {
      write.mockRestore();
    }
  });
});
