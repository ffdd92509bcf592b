import type { QuotaKey } from '../facts/quotas';
import type { Found, TemplateReader } from './template-reader';
import type { Tally } from './usage';

/** What one resource needs, said to the count of its stack. */
export type Counter = (found: Found, count: StackCount) => void;

/** Counters by CloudFormation type. */
export type Counters = Readonly<Record<string, Counter>>;

/** Counts for one stack, in its account and Region. */
export class StackCount {
  public constructor(
    private readonly template: TemplateReader,
    private readonly tally: Tally,
  ) {}

  /** Something that adds up in a Region. */
  public inRegion(quota: QuotaKey, used = 1, region = this.template.stack.region): void {
    this.tally.add({ quota, account: this.template.stack.account, region, used });
  }

  /** Something that adds up in the account. */
  public inAccount(quota: QuotaKey, used = 1): void {
    this.tally.add({ quota, account: this.template.stack.account, used });
  }

  /** Something that adds up in one resource of a Region. */
  public inResource(quota: QuotaKey, resource: string, used = 1): void {
    const { account, region } = this.template.stack;
    this.tally.add({ quota, account, region, resource, used });
  }

  /** Something that adds up in one global resource: a hosted zone, a DNS name, a global cluster. */
  public inGlobalResource(quota: QuotaKey, resource: string, used = 1): void {
    this.tally.add({ quota, account: this.template.stack.account, resource, used });
  }
}

/** Counters of types that are nothing but one of their kind in a Region. */
export function onePerRegion(types: Readonly<Record<string, QuotaKey>>): Counters {
  return Object.fromEntries(
    Object.entries(types).map(([type, quota]): [string, Counter] => [
      type,
      (_found, count) => {
        count.inRegion(quota);
      },
    ]),
  );
}
