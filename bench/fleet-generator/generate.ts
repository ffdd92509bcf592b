import { CONTROL, GROUP_FIRST, GROUP_SECOND, REGIONS, TENANT_FIRST, TENANT_SECOND, TIERS } from './catalog';
import { generateGroup, type GeneratedGroup } from './group';
import { Random } from './random';

export interface FleetSize {
  readonly groups: number;
  readonly regions: number;
  readonly accounts: number;
  /** A whole number from 0 to 4294967295. */
  readonly seed: number;
}

/** A fleet as the data of its files, before it is locked. */
export interface GeneratedFleet {
  readonly fleet: Readonly<Record<string, unknown>>;
  readonly groups: readonly GeneratedGroup[];
}

/** Bounds of {@link FleetSize}: what one address pool and the catalogue of names hold. */
export const LARGEST: Readonly<Record<'groups' | 'regions' | 'accounts', number>> = {
  groups: 2000,
  regions: REGIONS.length,
  accounts: 50,
};

/** A made-up fleet. The same size and seed give the same data. */
export function generateFleet(size: FleetSize): GeneratedFleet {
  const random = new Random(size.seed);
  const regions = REGIONS.slice(0, size.regions);
  const accounts = Array.from({ length: size.accounts }, (_, index) => account(index));
  const groupNames = names(random, size.groups, GROUP_FIRST, GROUP_SECOND, new Set(['control']));
  const taken = new Set(groupNames);
  // One Region holds single stamps only.
  const tiers = TIERS.filter(({ mode }) => regions.length > 1 || mode === 'single').map((tier) => ({
    tier,
    seed: random.whole(0, 4_294_967_295),
  }));
  const choices = tiers.map((choice): [number, typeof choice] => [choice.tier.weight, choice]);
  const groups = groupNames.map((name) => {
    // Every group has a stream of its own: what one of them draws does not move the others.
    const own = new Random(random.whole(0, 4_294_967_295));
    const { tier, seed } = own.weighted(choices);
    return generateGroup(own, {
      name,
      tier,
      ofTier: new Random(seed),
      regions,
      account: own.pick(accounts),
      tenants: (count) => names(own, count, TENANT_FIRST, TENANT_SECOND, taken),
    });
  });
  const needed = new Set<string>([...regions.map(({ code }) => code), ...CONTROL.regions, CONTROL.witness]);
  return {
    fleet: {
      schemaVersion: 1,
      fleet: 'load',
      account: account(0).id,
      zone: account(0).zone,
      regions: Object.fromEntries(
        REGIONS.filter(({ code }) => needed.has(code)).map(({ code, region, azs }) => [code, { region, azs }]),
      ),
      // Small enough for every group in every Region it may have, and for growth.
      network: { pool: '10.0.0.0/8', stampPrefix: size.groups > 900 ? 21 : 20, reserved: ['10.255.0.0/16'] },
      control: CONTROL,
      alarms: { subscriptions: ['mailto:oncall@example.com'] },
      tags: { 'cost-center': 'load-test' },
    },
    groups,
  };
}

export interface GeneratedAccount {
  readonly id: string;
  readonly zone: { readonly name: string; readonly hostedZoneId: string };
  /** False for the fleet's own account, which groups need not name. */
  readonly own: boolean;
}

/** The first account is the fleet's; each further one has a delegated zone of its own. */
function account(index: number): GeneratedAccount {
  const number = String(index + 1).padStart(2, '0');
  return {
    id: index < 9 ? String(index + 1).repeat(12) : `9000000000${number}`,
    zone: {
      name: index === 0 ? 'load.example.com' : `zone${number}.load.example.com`,
      hostedZoneId: `Z0123456789LOADTEST${number}`,
    },
    own: index > 0,
  };
}

/** Names of two words that nothing else has; a number makes further ones. `taken` grows. */
function names(random: Random, count: number, first: readonly string[], second: readonly string[], taken: Set<string>): string[] {
  return Array.from({ length: count }, () => {
    const name = `${random.pick(first)}-${random.pick(second)}`;
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
    taken.add(free);
    return free;
  });
}
