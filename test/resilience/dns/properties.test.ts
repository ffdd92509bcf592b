import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HealthCheck, ResourceRecordSet } from '../../../lib/assembly/route53-types';
import { type Client, type DnsState, HealthView, type Resolution, answer, indexZone } from '../../../lib/resilience/dns';
import { NAME, check, values } from './zone';

const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-northeast-1', 'sa-east-1'];
const POLICIES = ['simple', 'failover', 'weighted', 'latency', 'geolocation', 'multivalue'] as const;
type PolicyName = (typeof POLICIES)[number];

/** A tree to be written as records: inner nodes are groups of aliases, leaves are records with a check of their own. */
type Tree =
  | { readonly leaf: true }
  | {
      readonly leaf: false;
      readonly policy: PolicyName;
      readonly weights: readonly number[];
      readonly children: readonly Tree[];
    };

interface Zone {
  readonly records: ResourceRecordSet[];
  readonly checks: HealthCheck[];
}

const leaf = fc.constant<Tree>({ leaf: true });
const weights = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 });

function trees(depth: number): fc.Arbitrary<Tree> {
  const child = depth === 0 ? leaf : fc.oneof(leaf, fc.constantFrom(depth - 1).chain(trees));
  return fc
    .record({ policy: fc.constantFrom(...POLICIES), weights, children: fc.array(child, { minLength: 1, maxLength: 4 }) })
    .map(({ policy, children, ...rest }): Tree => {
      // Aliases are never multivalue, and simple and failover groups have their size.
      const some = policy === 'simple' ? children.slice(0, 1) : policy === 'failover' ? children.slice(0, 2) : children;
      return {
        leaf: false,
        policy: policy === 'multivalue' && some.some((one) => !one.leaf) ? 'weighted' : policy,
        children: some,
        ...rest,
      };
    });
}

/** Every area of a geolocation group is around the client, so that walking outward reaches all of them. */
const AREAS = [
  { CountryCode: 'US', SubdivisionCode: 'CA' },
  { CountryCode: 'US' },
  { ContinentCode: 'NA' },
  { CountryCode: '*' },
];
const CLIENTS: readonly Client[] = [
  { country: 'US', subdivision: 'CA', ednsSubnet: true },
  { country: 'US', subdivision: 'CA', region: 'us-east-1', ednsSubnet: true },
];

function routing(policy: PolicyName, index: number, all: readonly number[]): Partial<ResourceRecordSet> {
  switch (policy) {
    case 'simple':
      return {};
    case 'failover':
      return { Failover: index === 0 ? 'PRIMARY' : 'SECONDARY' };
    case 'weighted':
      return { Weight: all[index] ?? 1 };
    case 'latency':
      return { Region: REGIONS[index]! };
    case 'geolocation':
      return { GeoLocation: AREAS[index]! };
    case 'multivalue':
      return { MultiValueAnswer: true };
  }
}

/** Writes a tree as records; every alias evaluates its target. Identifiers and names are made by `label`. */
function write(tree: Tree, label: (path: string) => string): Zone {
  const zone: Zone = { records: [], checks: [] };
  const nameOf = (path: string) => (path === '' ? NAME : `${label(path)}.example.com`);
  const visit = (node: Tree, path: string): void => {
    if (node.leaf) return;
    node.children.forEach((childNode, index) => {
      const childPath = `${path}${index}`;
      const rules = {
        ...(node.policy !== 'simple' && { SetIdentifier: label(childPath) }),
        ...routing(node.policy, index, node.weights),
      };
      if (childNode.leaf) {
        zone.records.push(values(nameOf(path), childPath, { HealthCheckId: childPath, ...rules }));
        zone.checks.push(check(childPath));
        return;
      }
      zone.records.push({
        Name: nameOf(path),
        Type: 'A',
        AliasTarget: { HostedZoneId: 'Z', DNSName: nameOf(childPath), EvaluateTargetHealth: true },
        ...rules,
      });
      visit(childNode, childPath);
    });
  };
  visit(tree, '');
  return zone;
}

const plainLabel = (path: string) => `n${path}`;

function stateOf(zone: Zone, dead: (id: string) => boolean): DnsState {
  return {
    checks: Object.fromEntries(
      zone.checks.filter(({ Id }) => dead(Id)).map(({ Id }) => [Id, { kind: 'status', healthy: false } as const]),
    ),
  };
}

function ask(zone: Zone, state: DnsState, client: Client): Resolution {
  return answer(new HealthView(indexZone(zone), state), { name: NAME, client });
}

/** Share of the answers that are healthy. Of a multivalue answer clients take any. */
function healthyShare({ answers }: Resolution): number {
  const total = answers.reduce((sum, one) => sum + one.probability, 0);
  return total === 0 ? 0 : answers.reduce((sum, one) => sum + (one.healthy ? one.probability : 0), 0) / total;
}

const worlds = fc.record({
  tree: trees(2),
  dead: fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }),
  client: fc.constantFrom(...CLIENTS),
});

/** A world as records and a state, leaves dead by the order they were written in. */
function build(
  { tree, dead }: { readonly tree: Tree; readonly dead: readonly boolean[] },
  label = plainLabel,
): { zone: Zone; state: DnsState; deadIds: Set<string> } {
  const zone = write(tree, label);
  const deadIds = new Set(zone.checks.filter((_check, index) => dead[index] === true).map(({ Id }) => Id));
  return { zone, state: stateOf(zone, (id) => deadIds.has(id)), deadIds };
}

describe('trees whose aliases evaluate their targets', () => {
  test('an answer is unhealthy only if every candidate reachable by backtracking is, and only then it fell open', () => {
    fc.assert(
      fc.property(worlds, ({ client, ...world }) => {
        const { zone, state, deadIds } = build(world);
        const resolution = ask(zone, state, client);
        const anyAlive = zone.checks.some(({ Id }) => !deadIds.has(Id));
        expect(resolution.answers.length).toBeGreaterThan(0);
        expect(resolution.answers.every(({ healthy }) => healthy)).toBe(anyAlive);
        expect(resolution.failOpen).toBe(!anyAlive);
      }),
      { numRuns: 200 },
    );
  });

  test('what is answered is told truly: healthy answers come from healthy checks', () => {
    fc.assert(
      fc.property(worlds, ({ client, ...world }) => {
        const { zone, state, deadIds } = build(world);
        for (const { values: [id] = [], healthy } of ask(zone, state, client).answers) expect(healthy).toBe(!deadIds.has(id!));
      }),
      { numRuns: 200 },
    );
  });

  test('making one more target healthy never makes an answer worse', () => {
    fc.assert(
      fc.property(worlds, fc.nat(), ({ client, ...world }, which) => {
        const { zone, state, deadIds } = build(world);
        fc.pre(deadIds.size > 0);
        const saved = [...deadIds][which % deadIds.size]!;
        const better = ask(
          zone,
          stateOf(zone, (id) => deadIds.has(id) && id !== saved),
          client,
        );
        expect(healthyShare(better)).toBeGreaterThanOrEqual(healthyShare(ask(zone, state, client)) - 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  test('shares add up to one, except where several records come together', () => {
    fc.assert(
      fc.property(worlds, ({ client, ...world }) => {
        const { zone, state } = build(world);
        fc.pre(!zone.records.some(({ MultiValueAnswer }) => MultiValueAnswer === true));
        const total = ask(zone, state, client).answers.reduce((sum, { probability }) => sum + probability, 0);
        expect(total).toBeCloseTo(1, 9);
      }),
      { numRuns: 100 },
    );
  });
});

describe('names and order', () => {
  /** What does not depend on names: who answers, how often, how healthy. */
  const essence = ({ answers, ...rest }: Resolution) => ({
    status: rest.status,
    failOpen: rest.failOpen,
    ttl: rest.ttl,
    assumptions: rest.assumptions,
    answers: answers
      .map(({ values: found, probability, healthy }) => `${found?.join('+') ?? ''} ${probability.toFixed(9)} ${String(healthy)}`)
      .sort(),
  });

  test('renaming records changes nothing', () => {
    fc.assert(
      fc.property(worlds, ({ client, ...world }) => {
        const [plain, renamed] = [
          build(world),
          build(world, (path) => `x${Array.from(path, (digit) => 9 - Number(digit)).join('')}z`),
        ];
        expect(essence(ask(renamed.zone, renamed.state, client))).toEqual(essence(ask(plain.zone, plain.state, client)));
      }),
      { numRuns: 200 },
    );
  });

  test('reordering records and checks changes nothing at all', () => {
    const shuffled = worlds.chain((world) => {
      const { zone } = build(world);
      return fc.record({
        world: fc.constant(world),
        records: fc.shuffledSubarray(zone.records, { minLength: zone.records.length }),
        checks: fc.shuffledSubarray(zone.checks, { minLength: zone.checks.length }),
      });
    });
    fc.assert(
      fc.property(shuffled, ({ world: { client, ...world }, records, checks }) => {
        const { zone, state } = build(world);
        expect(ask({ records, checks }, state, client)).toEqual(ask(zone, state, client));
      }),
      { numRuns: 100 },
    );
  });
});
