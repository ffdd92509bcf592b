import { promises as nodeDns, getServers } from 'node:dns';
import type { Clock, Dns, DnsAnswer } from '../../ports';
import { compareText } from '../../order';
import { Wake } from '../call/wake';

/** Resolvers of three operators that have no cache in common. */
export const PUBLIC_RESOLVERS: readonly string[] = ['1.1.1.1', '8.8.8.8', '9.9.9.9'];
/** Stands for the resolvers that this machine is set up with. */
const SYSTEM = 'system';

/** One question to one server, and how often it is asked. Milliseconds. */
const TIMEOUT_MS = 1_000;
const TRIES = 2;
/** Everything about one server, looking for it included, in milliseconds. */
const PATIENCE_MS = 4_000;
/** How long the name servers of a zone are remembered, in milliseconds: they change once in years. */
const REMEMBERED_MS = 300_000;

export interface DnsOptions {
  readonly clock: Clock;
  /** `address`, `address:port`, `[v6]:port`, or `system`. @default - 1.1.1.1, 8.8.8.8 and 9.9.9.9 */
  readonly resolvers?: readonly string[];
  /** Authoritative servers, instead of those that the NS records name. @default - looked up */
  readonly nameServers?: readonly string[];
  /** Port of the name servers that were looked up. @default 53 */
  readonly nameServerPort?: number;
}

interface NameServer {
  readonly name: string;
  readonly address: string;
}

/** Asks public resolvers, and the zone's own servers past every cache. */
export function createDns(options: DnsOptions): Dns {
  const { clock, nameServerPort = 53 } = options;
  const resolvers = (options.resolvers ?? PUBLIC_RESOLVERS).map((given) => ({ name: given, servers: serversOf(given) }));
  const finders = resolvers.flatMap((each) => each.servers);
  // A network that lets nobody ask outside still finds the zone's servers, if only to say that they do not answer.
  if (options.resolvers === undefined) finders.push(...getServers());
  const known = new Map<string, { readonly until: number; readonly servers: Promise<readonly NameServer[]> }>();

  const authoritative = async (name: string): Promise<readonly { name: string; servers: readonly string[] }[]> => {
    if (options.nameServers !== undefined)
      return options.nameServers.map((given) => ({ name: given, servers: serversOf(given) }));
    const zone = name.split('.').slice(1).join('.');
    let entry = known.get(zone);
    if (entry === undefined || clock.monotonic() >= entry.until) {
      const servers = findNameServers(clock, finders, name);
      entry = { until: clock.monotonic() + REMEMBERED_MS, servers };
      known.set(zone, entry);
      // Not found is not remembered.
      servers.catch(() => known.delete(zone));
    }
    return (await entry.servers).map((server) => ({
      name: server.name,
      servers: [`${bracketed(server.address)}:${nameServerPort}`],
    }));
  };

  return {
    answers: async (name) => {
      const [cached, own] = await Promise.all([
        Promise.all(resolvers.map((each) => ask(clock, each.name, each.servers, name, false))),
        authoritative(name).then(
          (servers) => Promise.all(servers.map((each) => ask(clock, each.name, each.servers, name, true))),
          (error: unknown): DnsAnswer[] => [
            { vantage: 'name servers of the zone', authoritative: true, addresses: [], error: reasonOf(error) },
          ],
        ),
      ]);
      return [...own, ...cached];
    },
  };
}

async function ask(
  clock: Clock,
  vantage: string,
  servers: readonly string[],
  name: string,
  isAuthoritative: boolean,
): Promise<DnsAnswer> {
  const base = { vantage, authoritative: isAuthoritative };
  try {
    const addresses = await patiently(clock, servers, (resolver) => resolver.resolve4(name));
    return { ...base, addresses: [...new Set(addresses)].sort(compareText) };
  } catch (error) {
    // The server answered: there is no such name, or it has no address.
    if (['ENOTFOUND', 'ENODATA'].includes(codeOf(error))) return { ...base, addresses: [] };
    return { ...base, addresses: [], error: reasonOf(error) };
  }
}

/** The servers of the closest zone above a name, with their addresses. */
async function findNameServers(clock: Clock, servers: readonly string[], name: string): Promise<readonly NameServer[]> {
  const labels = name.replace(/\.$/, '').split('.');
  // A name of one label is a top-level domain: its servers know nothing of ours.
  for (let skip = 0; labels.length - skip >= 2; skip += 1) {
    const zone = labels.slice(skip).join('.');
    let names: string[];
    try {
      names = await patiently(clock, servers, (resolver) => resolver.resolveNs(zone));
    } catch (error) {
      if (['ENOTFOUND', 'ENODATA'].includes(codeOf(error))) continue;
      throw error;
    }
    const found = await Promise.all(
      [...names].sort(compareText).map(async (server) => {
        try {
          const [address] = await patiently(clock, servers, (resolver) => resolver.resolve4(server));
          return address === undefined ? [] : [{ name: server, address }];
        } catch {
          return [];
        }
      }),
    );
    if (found.flat().length > 0) return found.flat();
    throw new Error(`the name servers of ${zone} have no address`);
  }
  throw new Error(`no zone above ${name} has name servers`);
}

/** @throws whatever the resolver throws, and Error when it takes too long */
async function patiently<T>(
  clock: Clock,
  servers: readonly string[],
  question: (resolver: nodeDns.Resolver) => Promise<T>,
): Promise<T> {
  const resolver = new nodeDns.Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  resolver.setServers([...servers]);
  const wake = new Wake();
  const late = clock.sleep(PATIENCE_MS, wake).then((): never => {
    throw new Error(`no answer within ${PATIENCE_MS / 1000} s`);
  });
  // Nobody waits for it when the answer was faster.
  late.catch(() => undefined);
  try {
    return await Promise.race([question(resolver), late]);
  } finally {
    wake.up();
    resolver.cancel();
  }
}

function serversOf(given: string): string[] {
  return given === SYSTEM ? getServers() : [given];
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

const REASONS: Readonly<Record<string, string>> = {
  ETIMEOUT: 'no answer in time',
  ECONNREFUSED: 'nobody listens there',
  ESERVFAIL: 'the server failed (SERVFAIL)',
  EREFUSED: 'the server refuses to answer',
  ECANCELLED: 'no answer in time',
};

function reasonOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}
