import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { functionFolder } from '../../../lib/constructs/private/function-asset';
import { freePort } from '../../support/postgres';

const load = createRequire(__filename);

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** What Lambda runs: the bundle on disk, as the build leaves it. */
test('the bundled function: the error has the name that the state machine waits for', async () => {
  const settings = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nothing',
    STAMP_DATABASE_ENGINE: 'aurora-postgresql',
    STAMP_DATABASE_NAME: 'app',
    STAMP_DATABASE_PORT: String(await freePort()),
    STAMP_VALIDATOR_USER: 'stamp_validator_web',
    STAMP_RESTORE_CHECKS: '{"minimumRows":1,"timeLimit":60}',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const { handler } = load(join(functionFolder('restore-validation'), 'index.js')) as {
    handler: (event: unknown) => Promise<unknown>;
  };
  const event = { step: 'connect', lostAt: '2026-11-24T10:00:00Z', attempt: 0, lastAttempt: 36 };
  // `.invalid` never resolves (RFC 2606).
  const resource = 'awsbackup-restore-test-f00.invalid';
  await expect(handler({ ...event, resource })).rejects.toMatchObject({ name: 'DatabaseNotReady' });
  await expect(handler({ ...event, resource, attempt: 36 })).resolves.toMatchObject({ status: 'FAILED' });
  await expect(handler({ ...event, resource: 'shop-enterprise-use1' })).rejects.toMatchObject({ code: 'VALIDATION_TARGET' });
});
