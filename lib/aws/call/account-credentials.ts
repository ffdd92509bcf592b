import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { isPortError, isTransient, PortError } from '../../ports';
import type { Caller } from './caller';
import { partitionOf } from './arn';
import type { CredentialProvider, Credentials } from './clients';

/** STS in one Region, with the credentials of the SDK's own chain. */
export interface RegionalSts {
  readonly client: Pick<STSClient, 'send'>;
  readonly chain: CredentialProvider;
}

export interface AccountCredentialsOptions {
  readonly caller: Caller;
  /** Always a Regional endpoint: the global one is in us-east-1. */
  readonly sts: (region: string) => RegionalSts;
  /** Regions whose STS may be asked when that of the call's own Region is silent, in this order. */
  readonly regions: readonly string[];
  /** Account that the credentials of the chain are expected to be of. */
  readonly home: string;
  /** Role to assume in accounts that are not the caller's. @default - none: such accounts are refused */
  readonly operatorRole?: string;
  /** Seen in CloudTrail of the other account. @default stampkit */
  readonly sessionName?: string;
  /** False: ask nobody whose credentials these are, and use them everywhere. @default true */
  readonly identify?: boolean;
}

/** One attempt at one Region's STS, in milliseconds. */
const STS_TIMEOUT_MS = 3_000;
/** A session is renewed this long before it ends, in milliseconds; the SDK asks when five minutes are left. */
const RENEW_BEFORE_MS = 360_000;

/**
 * Credentials for each account of a fleet: those of the SDK's chain for the account they are of, a role for every other one. Asked for when a
 * call is signed, so that a Region that is alive answers for one that is not.
 */
export class AccountCredentials {
  private own: Promise<string | undefined> | undefined;
  private readonly sessions = new Map<string, Promise<Credentials>>();

  public constructor(private readonly options: AccountCredentialsOptions) {}

  /** What a client for a Region and an account signs with. */
  public provider(region: string, account: string): CredentialProvider {
    return async () => {
      const { identify = true, operatorRole, home, sts } = this.options;
      if (!identify) return sts(region).chain();
      const own = await this.ownAccount(region);
      // Nobody says whose credentials these are: the account they should be of is tried with them, every other one with the role.
      if (own === account || (own === undefined && (operatorRole === undefined || account === home))) return sts(region).chain();
      if (operatorRole !== undefined) return this.session(account, operatorRole, region);
      throw new PortError(
        'denied',
        { service: 'sts', region, call: 'AssumeRole' },
        `the credentials are of account ${own ?? 'unknown'}, and this is in account ${account}. ` +
          'Use credentials of that account, or name a role that operators assume there in STAMPKIT_OPERATOR_ROLE (docs/iam/README.md)',
      );
    };
  }

  /** Asked once. Undefined when no STS answers. */
  private async ownAccount(region: string): Promise<string | undefined> {
    this.own ??= this.identity(region).catch((error: unknown) => {
      this.own = undefined;
      if (isTransient(error)) return undefined;
      throw error;
    });
    return this.own;
  }

  private async identity(region: string): Promise<string | undefined> {
    return this.somewhere(region, 'GetCallerIdentity', async ({ client }, signal) => {
      const { Account } = await client.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
      return Account;
    });
  }

  private async session(account: string, role: string, region: string): Promise<Credentials> {
    const known = this.sessions.get(account);
    if (known !== undefined) {
      const credentials = await known;
      if (this.options.caller.now() < (credentials.expiration?.getTime() ?? 0) - RENEW_BEFORE_MS) return credentials;
      // Somebody else may have renewed it meanwhile.
      if (this.sessions.get(account) === known) this.sessions.delete(account);
    }
    const session = this.sessions.get(account) ?? this.assume(account, role, region);
    this.sessions.set(account, session);
    session.catch(() => {
      if (this.sessions.get(account) === session) this.sessions.delete(account);
    });
    return session;
  }

  private async assume(account: string, role: string, region: string): Promise<Credentials> {
    const RoleArn = `arn:${partitionOf(region)}:iam::${account}:role/${role}`;
    const RoleSessionName = (this.options.sessionName ?? 'stampkit').replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
    try {
      return await this.somewhere(region, 'AssumeRole', async ({ client }, signal) => {
        const { Credentials: given } = await client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }), {
          abortSignal: signal,
        });
        if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined)
          throw new PortError('invalid', { service: 'sts', region, call: 'AssumeRole' }, 'the answer has no credentials');
        return {
          accessKeyId: given.AccessKeyId,
          secretAccessKey: given.SecretAccessKey,
          sessionToken: given.SessionToken ?? '',
          ...(given.Expiration !== undefined && { expiration: given.Expiration }),
        };
      });
    } catch (error) {
      if (!isPortError(error) || error.kind !== 'denied') throw error;
      throw new PortError(
        'denied',
        error.place,
        `${RoleArn} cannot be assumed: it has to exist, and trust these credentials: see docs/iam/README.md (${error.message})`,
      );
    }
  }

  /** The call's own Region first: it has to be alive for the call anyway. */
  private async somewhere<T>(
    region: string,
    call: string,
    ask: (sts: RegionalSts, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { caller, sts } = this.options;
    const regions = [region, ...this.options.regions.filter((other) => other !== region)];
    let last: unknown = new PortError('unreachable', { service: 'sts', region, call }, 'every Region is called dead');
    for (const candidate of regions.filter((each) => caller.isWorthACall(each))) {
      try {
        const place = { service: 'sts', region: candidate, call };
        return await caller.read(place, (signal) => ask(sts(candidate), signal), { attempts: 1, timeoutMs: STS_TIMEOUT_MS });
      } catch (error) {
        if (!isTransient(error)) throw error;
        last = error;
      }
    }
    throw last;
  }
}
