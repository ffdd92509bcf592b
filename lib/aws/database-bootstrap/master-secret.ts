import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { StampError } from '../../errors';
import { messageOf } from '../health-probes/probe';
import type { MasterLogin } from './master-session';

/** Reads one secret. Throws whatever the service throws. */
export function secretFetcher(region: string): (secretId: string) => Promise<string> {
  // Milliseconds. Without them a network without a way out would wait for the operating system.
  const client = new SecretsManagerClient({ region, requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000 } });
  return async (secretId) => (await client.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString ?? '';
}

/** The master user's login. Throws StampError BOOTSTRAP_SECRET, never with anything of the value. */
export async function readMasterLogin(fetch: (secretId: string) => Promise<string>, secretId: string): Promise<MasterLogin> {
  let text: string;
  try {
    text = await fetch(secretId);
  } catch (error) {
    throw new StampError(
      'BOOTSTRAP_SECRET',
      `the master user's secret ${secretId} cannot be read: ${messageOf(error)}`,
      'The secret must exist in this Region, its key must be usable by the function, and the subnets need a way to Secrets Manager (NAT or an interface endpoint).',
    );
  }
  const { username, password } = fieldsOf(text);
  if (typeof username !== 'string' || username === '' || typeof password !== 'string' || password === '') {
    throw new StampError(
      'BOOTSTRAP_SECRET',
      `the secret ${secretId} is no JSON object with username and password`,
      'Put back the value that the database stack wrote.',
    );
  }
  return { user: username, password };
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
