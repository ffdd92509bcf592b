import { type QuotaKey, quotaOf } from '../../facts/quotas';
import { compareText } from '../../order';
import type { AccountPlace, Quotas, Reading } from '../../ports';
import type { KnownQuota } from '../../preflight/known-quotas';
import type { LiveReadings, TotalInUse, Unread } from '../../preflight/live';

/** What to ask for. */
export interface LiveQuestions {
  /** Accounts and Regions of the stacks, each once. */
  readonly places: readonly AccountPlace[];
  /** Quotas that the templates need something of. */
  readonly quotas: readonly QuotaKey[];
  /** Zones that records are written to. */
  readonly zones: readonly { readonly account: string; readonly hostedZoneId: string }[];
  /** Names of the fleet's stacks. */
  readonly stackNames: ReadonlySet<string>;
}

/** Service Quotas and Route 53 answer for global services here (aws-facts 8.3). */
const GLOBAL_REGION = 'us-east-1';
/** Places that are asked at the same time: Service Quotas throttles at a few calls a second. */
const AT_ONCE = 4;

/** Asks AWS; what it does not tell is said in `unread`. */
export async function readLive(quotas: Quotas, questions: LiveQuestions): Promise<LiveReadings> {
  const collected = new Collected();
  const [first] = questions.places;
  if (first === undefined) return collected.readings();
  // One question first: without credentials every other one would fail the same way, and slowly.
  const ranges = await quotas.checkerRanges({ ...first, region: GLOBAL_REGION });
  if (ranges.read) collected.checkerRanges = ranges.value;
  else collected.note(first, 'ranges of the health checkers', ranges.reason);
  if (!ranges.read && /Credentials/i.test(ranges.reason)) return collected.readings();

  await inTurns(accountsOf(questions.places), AT_ONCE, (place) => readAccount(quotas, place, questions, collected));
  await inTurns(questions.places, AT_ONCE, (place) => readPlace(quotas, place, questions, collected));
  return collected.readings();
}

async function readAccount(quotas: Quotas, place: AccountPlace, questions: LiveQuestions, collected: Collected): Promise<void> {
  if (!(await isOwn(quotas, place, collected))) return;
  await readValues(
    quotas,
    place,
    questions.quotas.filter((key) => quotaOf(key).scope === 'account'),
    collected,
  );
  const { account } = place;
  const checks = await quotas.healthChecks(place);
  collected.take(checks, place, 'health checks in use', ({ limit, used }) => {
    collected.known.push({ quota: 'healthChecks', value: limit, account, from: 'live' });
    collected.inUse.push({ quota: 'healthChecks', account, used });
  });
  for (const { hostedZoneId } of questions.zones.filter((zone) => zone.account === account)) {
    const records = await quotas.records(place, hostedZoneId);
    collected.take(records, place, `records of ${hostedZoneId}`, (value) => {
      if (value === undefined) collected.missingZones.push({ account, hostedZoneId });
      else collected.inUse.push({ quota: 'recordsPerZone', account, resource: hostedZoneId, used: value.used });
    });
  }
}

async function readPlace(quotas: Quotas, place: AccountPlace, questions: LiveQuestions, collected: Collected): Promise<void> {
  if (!(await isOwn(quotas, place, collected))) return;
  const { account, region } = place;
  await readValues(
    quotas,
    place,
    questions.quotas.filter((key) => quotaOf(key).scope !== 'account'),
    collected,
  );
  collected.take(await quotas.stacks(place), place, 'stacks', (names) => {
    collected.inUse.push({ quota: 'stacks', account, region, used: names.size });
    for (const name of names) if (questions.stackNames.has(name)) collected.deployed.add(`${account}/${region}/${name}`);
  });
  collected.take(await quotas.bootstrapVersion(place), place, 'bootstrap version', (version) => {
    if (version === undefined) collected.notBootstrapped.push({ account, region });
  });
}

/** Credentials of another account would answer for the wrong one. */
async function isOwn(quotas: Quotas, place: AccountPlace, collected: Collected): Promise<boolean> {
  const account = await quotas.account(place);
  if (account.read && account.value === place.account) return true;
  collected.note(place, 'anything', account.read ? `the credentials are those of account ${account.value}` : account.reason);
  return false;
}

async function readValues(quotas: Quotas, place: AccountPlace, keys: readonly QuotaKey[], collected: Collected): Promise<void> {
  const services = new Map<string, Map<string, QuotaKey>>();
  for (const key of keys) {
    const { adjustable, serviceCode, quotaCode, scope } = quotaOf(key);
    if (!adjustable || quotaCode === undefined) continue;
    // Quotas of zones are global, like those of the account.
    if (scope === 'zone' && place.region !== GLOBAL_REGION) continue;
    services.set(serviceCode, (services.get(serviceCode) ?? new Map<string, QuotaKey>()).set(quotaCode, key));
  }
  for (const [service, codes] of [...services].sort(([a], [b]) => compareText(a, b))) {
    const values = await quotas.values(place, service, [...codes.keys()]);
    collected.take(values, place, `quotas of ${service}`, (found) => {
      for (const [code, value] of found) {
        const quota = codes.get(code);
        if (quota === undefined) continue;
        const { scope } = quotaOf(quota);
        const global = scope === 'account' || scope === 'zone' || scope === 'name';
        collected.known.push({ quota, value, account: place.account, ...(!global && { region: place.region }), from: 'live' });
      }
    });
  }
}

/** One place for each account, in the Region of global services. */
function accountsOf(places: readonly AccountPlace[]): AccountPlace[] {
  const accounts = new Map<string, AccountPlace>();
  for (const place of places) if (!accounts.has(place.account)) accounts.set(place.account, { ...place, region: GLOBAL_REGION });
  return [...accounts.values()];
}

class Collected {
  public readonly known: KnownQuota[] = [];
  public readonly inUse: TotalInUse[] = [];
  public readonly deployed = new Set<string>();
  public readonly notBootstrapped: { account: string; region: string }[] = [];
  public readonly missingZones: { account: string; hostedZoneId: string }[] = [];
  public checkerRanges: readonly string[] | undefined;
  private readonly unread: Unread[] = [];

  public note({ account, region }: AccountPlace, what: string, reason: string): void {
    this.unread.push({ account, region, what, reason });
  }

  public take<T>(answer: Reading<T>, place: AccountPlace, what: string, use: (value: T) => void): void {
    if (answer.read) use(answer.value);
    else this.note(place, what, answer.reason);
  }

  public readings(): LiveReadings {
    const { known, inUse, deployed, notBootstrapped, missingZones, unread, checkerRanges } = this;
    return {
      known,
      inUse,
      deployed,
      notBootstrapped,
      missingZones,
      unread,
      ...(checkerRanges !== undefined && { checkerRanges }),
    };
  }
}

/** Runs a task for every item, a few at a time. */
async function inTurns<T>(items: readonly T[], atOnce: number, task: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
