import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

/** Credentials of an assumed role; `undefined` stands for those of the environment. */
export interface AssumedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Credentials to read a stack's account with. Like the CDK CLI, first the look-up role that the bootstrap made: a pipeline is often allowed to
 * assume the bootstrap's roles and nothing else, and they reach other accounts. When that fails, the credentials of the environment.
 *
 * A session lasts an hour, which is AWS's default; a deployment that takes longer falls back on nothing and says so.
 */
export function readerCredentials(
  warn: (text: string) => void,
): (region: string, roleArn: string | undefined) => Promise<AssumedCredentials | undefined> {
  return async (region, roleArn) => {
    if (roleArn === undefined) return undefined;
    try {
      const { Credentials } = await new STSClient({ region }).send(
        new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'stampkit-deploy' }),
      );
      if (Credentials?.AccessKeyId === undefined || Credentials.SecretAccessKey === undefined) return undefined;
      return {
        accessKeyId: Credentials.AccessKeyId,
        secretAccessKey: Credentials.SecretAccessKey,
        sessionToken: Credentials.SessionToken ?? '',
      };
    } catch (error) {
      warn(
        `could not assume ${roleArn}, reading with the credentials of the environment instead (${error instanceof Error ? error.message : String(error)})\n`,
      );
      return undefined;
    }
  };
}
