import { STSClient } from '@aws-sdk/client-sts';
import type { Clock } from '../../ports';
import type { Fleet } from '../../topology/types';
import { AccountCredentials } from './account-credentials';
import { Caller } from './caller';
import { Clients, type CredentialProvider } from './clients';
import { type Owners, ownersOf } from './owners';

/** What every adapter of the operations engine is made with. */
export interface AwsAccess {
  readonly caller: Caller;
  /** `clients.of(RDSClient, region, owners.resource(name))` */
  readonly clients: Clients;
  readonly owners: Owners;
  readonly clock: Clock;
}

/** Credentials for a Region and an account; undefined where the operator's own are to be used. */
export type ReadWith = (region: string, account: string) => Promise<CredentialProvider | undefined>;

export interface AwsAccessOptions {
  readonly fleet: Pick<Fleet, 'name' | 'account' | 'groups' | 'regions'>;
  readonly clock: Clock;
  /** From 0 to just below 1. */
  readonly random: () => number;
  /** AWS Regions that nothing is sent to. @default - none */
  readonly deadRegions?: ReadonlySet<string>;
  /** Name of the role that is assumed in accounts that are not the caller's. @default - none */
  readonly operatorRole?: string;
  /** Credentials to use where there are some. @default - the operator's own everywhere */
  readonly readWith?: ReadWith;
  /** Seen in CloudTrail of other accounts. @default stampkit */
  readonly sessionName?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function awsAccess(options: AwsAccessOptions): AwsAccess {
  const { fleet, clock, random, deadRegions, operatorRole, sessionName, environment, readWith } = options;
  const owners = ownersOf(fleet);
  const caller = new Caller({ clock, random, ...(deadRegions && { deadRegions }) });
  const clients: Clients = new Clients({
    environment,
    credentials: (region, account) => {
      if (account === undefined) return undefined;
      const own = credentials.provider(region, account);
      return readWith === undefined ? own : async () => ((await readWith(region, account)) ?? own)();
    },
  });
  const credentials: AccountCredentials = new AccountCredentials({
    caller,
    sts: (region) => {
      // Without an account: signed with the SDK's own chain.
      const client = clients.of(STSClient, region);
      return { client, chain: () => client.config.credentials() };
    },
    regions: fleet.regions.map(({ region }) => region),
    home: fleet.account,
    ...(operatorRole !== undefined && { operatorRole }),
    ...(sessionName !== undefined && { sessionName }),
    // An emulator of some services has no opinion on whose credentials these are, unless somebody else's account is needed.
    identify: owners.accounts.length > 1 || operatorRole !== undefined || !hasEndpoint(environment),
  });
  return { caller, clients, owners, clock };
}

function hasEndpoint(environment: AwsAccessOptions['environment']): boolean {
  return Object.entries(environment).some(([name, value]) => /^AWS_ENDPOINT_URL(_|$)/.test(name) && (value ?? '') !== '');
}
