/** One account and Region, and the role that may read there. */
export interface AccountPlace {
  readonly account: string;
  readonly region: string;
  /** @default - the credentials of the environment */
  readonly lookupRoleArn?: string;
}

/** What was read, or why it could not be: being refused is an answer, not a failure. */
export type Reading<T> = { readonly read: true; readonly value: T } | { readonly read: false; readonly reason: string };

/** A limit that the service itself reports, with what is used of it. */
export interface LimitInUse {
  readonly limit: number;
  readonly used: number;
}

/** Limits of an account, read live. Changes nothing, and throws nothing: what cannot be read is a {@link Reading} with a reason. */
export interface Quotas {
  /** Account of the credentials that answer for a place. They may be those of another one, when a role could not be assumed. */
  account(place: AccountPlace): Promise<Reading<string>>;
  /**
   * Values in force of some quotas of one service, by quota code. What the account never changed has AWS's default. Codes that the service
   * does not know are left out.
   *
   * @param serviceCode such as `vpc`
   * @param quotaCodes such as `L-F678F1CE`
   */
  values(place: AccountPlace, serviceCode: string, quotaCodes: readonly string[]): Promise<Reading<ReadonlyMap<string, number>>>;
  /** Route 53 health checks of the account, calculated ones included. */
  healthChecks(place: AccountPlace): Promise<Reading<LimitInUse>>;
  /** Records of a hosted zone; `undefined` when the account has no such zone. */
  records(place: AccountPlace, hostedZoneId: string): Promise<Reading<LimitInUse | undefined>>;
  /** Names of the stacks that exist in a Region, whatever their state. */
  stacks(place: AccountPlace): Promise<Reading<ReadonlySet<string>>>;
  /** Version of the CDK's bootstrap stack; `undefined` when there is none. */
  bootstrapVersion(place: AccountPlace): Promise<Reading<number | undefined>>;
  /** Source ranges of the Route 53 health checkers, as CIDRs. The same for every account. */
  checkerRanges(place: AccountPlace): Promise<Reading<readonly string[]>>;
}
