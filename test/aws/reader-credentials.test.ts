import { expect, test } from 'vitest';
import { type AssumedCredentials, readerCredentials } from '../../lib/aws/deployment/reader-credentials';

const ROLE = 'arn:aws:iam::111111111111:role/cdk-lookup';

test('a session that expires is renewed with the same role', async () => {
  const assumed: string[] = [];
  const assume = (region: string, role: string): Promise<AssumedCredentials> => {
    assumed.push(`${region} ${role}`);
    return Promise.resolve({ accessKeyId: String(assumed.length), secretAccessKey: 's', sessionToken: 't' });
  };
  const credentials = await readerCredentials(() => undefined, assume)('us-west-2', ROLE);
  expect((await credentials!()).accessKeyId).toBe('1');
  expect((await credentials!()).accessKeyId).toBe('2');
  expect(assumed).toEqual([`us-west-2 ${ROLE}`, `us-west-2 ${ROLE}`]);
});

test('a role that may not be assumed: the credentials of the environment, and why', async () => {
  let heard = '';
  const credentials = readerCredentials(
    (text) => (heard += text),
    () => Promise.reject(new Error('not authorized')),
  );
  expect(await credentials('us-west-2', ROLE)).toBeUndefined();
  expect(heard).toContain(`could not assume ${ROLE}`);
  expect(heard).toContain('not authorized');
});

test('without a role: the credentials of the environment', async () => {
  expect(await readerCredentials(() => undefined)('us-west-2', undefined)).toBeUndefined();
});
