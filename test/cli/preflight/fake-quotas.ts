import type { AccountPlace, LimitInUse, Quotas, Reading } from '../../../lib/ports';

const denied = { read: false, reason: 'AccessDenied: not in this fake' } as const;

/**
 * Stands in for AWS. Spec, the same as the adapter's: nothing throws; what is not set is refused; an account answers for its own places only;
 * quota values hold for every Region of the account; a zone that is not set does not exist.
 */
export class FakeQuotas implements Quotas {
  public readonly asked: string[] = [];
  /** Account whose credentials answer, by account asked for. */
  public credentials: (account: string) => string = (account) => account;
  /** By quota code; undefined refuses. */
  public quotaValues: ReadonlyMap<string, number> | undefined = new Map();
  public checks: LimitInUse | undefined;
  public zones: Readonly<Record<string, number>> | undefined;
  public stackNames: ReadonlySet<string> | undefined = new Set();
  public bootstrapped = true;
  public ranges: Reading<readonly string[]> = denied;

  public account({ account }: AccountPlace): Promise<Reading<string>> {
    return this.answer('account', account, this.credentials(account));
  }

  public values(
    { region }: AccountPlace,
    serviceCode: string,
    quotaCodes: readonly string[],
  ): Promise<Reading<ReadonlyMap<string, number>>> {
    const found = this.quotaValues && new Map([...this.quotaValues].filter(([code]) => quotaCodes.includes(code)));
    return this.answer('values', `${region} ${serviceCode}`, found);
  }

  public healthChecks({ account }: AccountPlace): Promise<Reading<LimitInUse>> {
    return this.answer('healthChecks', account, this.checks);
  }

  public records(_place: AccountPlace, hostedZoneId: string): Promise<Reading<LimitInUse | undefined>> {
    this.asked.push(`records ${hostedZoneId}`);
    if (this.zones === undefined) return Promise.resolve(denied);
    const used = this.zones[hostedZoneId];
    return Promise.resolve({ read: true, value: used === undefined ? undefined : { limit: 10_000, used } });
  }

  public stacks({ account, region }: AccountPlace): Promise<Reading<ReadonlySet<string>>> {
    return this.answer('stacks', `${account} ${region}`, this.stackNames);
  }

  public bootstrapVersion({ account, region }: AccountPlace): Promise<Reading<number | undefined>> {
    this.asked.push(`bootstrapVersion ${account} ${region}`);
    return Promise.resolve({ read: true, value: this.bootstrapped ? 31 : undefined });
  }

  public checkerRanges(): Promise<Reading<readonly string[]>> {
    this.asked.push('checkerRanges');
    return Promise.resolve(this.ranges);
  }

  private answer<T>(what: string, of: string, value: T | undefined): Promise<Reading<T>> {
    this.asked.push(`${what} ${of}`);
    return Promise.resolve(value === undefined ? denied : { read: true, value });
  }
}
