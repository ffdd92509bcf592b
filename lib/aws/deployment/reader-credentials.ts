import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

/** Credentials of an assumed role, until they expire. */
export interface AssumedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration?: Date;
}

/** What the SDK's clients take: called again when the credentials are about to expire. */
export type RenewingCredentials = () => Promise<AssumedCredentials>;

/** Assumes a role once. */
export type AssumeRole = (region: string, roleArn: string) => Promise<AssumedCredentials>;

/**
 * Credentials to read a stack's account with. Like the CDK CLI, first the look-up role that the bootstrap made: a pipeline is often allowed to
 * assume the bootstrap's roles and nothing else, and they reach other accounts. When that fails, the credentials of the environment.
 *
 * A session lasts an hour, which is AWS's default, and a first deployment with Aurora may take longer: it is renewed.
 *
 * @param warn hears why a role could not be assumed
 * @returns `undefined` stands for the credentials of the environment
 */
export function readerCredentials(
  warn: (text: string) => void,
  assume: AssumeRole = assumeRole,
): (region: string, roleArn: string | undefined) => Promise<RenewingCredentials | undefined> {
  return async (region, roleArn) => {
    if (roleArn === undefined) return undefined;
    try {
      let first: AssumedCredentials | undefined = await assume(region, roleArn);
      return () => {
        const known = first;
        first = undefined;
        return known === undefined ? assume(region, roleArn) : Promise.resolve(known);
      };
    } catch (error) {
      warn(
        `could not assume ${roleArn}, reading with the credentials of the environment instead (${error instanceof Error ? error.message : String(error)})\n`,
      );
      return undefined;
    }
  };
}

async function assumeRole(region: string, roleArn: string): Promise<AssumedCredentials> {
  const { Credentials } = await new STSClient({ region }).send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'stampkit-deploy' }),
  );
  if (Credentials?.AccessKeyId === undefined || Credentials.SecretAccessKey === undefined)
    throw new Error('STS answered without credentials');
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken ?? '',
    ...(Credentials.Expiration !== undefined && { expiration: Credentials.Expiration }),
  };
}
