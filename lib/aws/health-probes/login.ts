import { Signer } from '@aws-sdk/rds-signer';
import type { SqlEndpoint } from './sql-session';

/** Who the probe is to a database. */
export interface Login {
  readonly user: string;
  /** Asked for every new connection. */
  password(endpoint: SqlEndpoint): Promise<string>;
  /** PEM roots to trust. @default - the runtime's, which NODE_EXTRA_CA_CERTS extends with the RDS roots */
  readonly ca?: string;
}

/** Login by IAM: the token is signed locally from the function's credentials, no API is called. */
export function iamLogin(user: string, region: string): Login {
  return {
    user,
    password: ({ host, port }) => new Signer({ hostname: host, port, username: user, region }).getAuthToken(),
  };
}
