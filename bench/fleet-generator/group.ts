import { type CatalogRegion, PEAKS, STRONG_REGIONS, TASK_SIZES, type Tier } from './catalog';
import type { GeneratedAccount } from './generate';
import type { Random } from './random';

type Data = Readonly<Record<string, unknown>>;

/** One file of `groups/`. */
export interface GeneratedGroup extends Data {
  readonly group: string;
}

export interface GroupOptions {
  readonly name: string;
  readonly regions: readonly CatalogRegion[];
  readonly account: GeneratedAccount;
  readonly tier: Tier;
  /** Draws what the tier leaves open; the same for every group of the tier. */
  readonly ofTier: Random;
  /** Names that no group and no other tenant has. */
  readonly tenants: (count: number) => string[];
}

type Mode = Tier['mode'];

/** A group of a tier: structure from the tier, numbers, places and names of its own. */
export function generateGroup(random: Random, { name, regions, account, tier, ofTier, tenants }: GroupOptions): GeneratedGroup {
  const { mode } = tier;
  const members = random.some(
    regions,
    mode === 'single' ? 1 : mode === 'active-passive' ? 2 : random.whole(2, Math.min(regions.length, 4)),
  );
  const codes = members.map(({ code }) => code);
  const manual = mode === 'active-passive' && ofTier.chance(0.2);
  const worker = ofTier.chance(0.5);
  const edge = ofTier.chance(0.4) && { edge: { rateLimitPer5Min: ofTier.pick([1000, 2000, 5000]), clientKeepAlive: '60s' } };
  const tagged = ofTier.chance(0.4);
  const data = database(ofTier, name, tier, codes);
  const engine = String(data['engine']);
  const routes = mode === 'active-active' ? routing(random, members) : undefined;
  return {
    group: name,
    tenants: tenants(
      random.weighted([
        [50, random.whole(1, 3)],
        [35, random.whole(4, 12)],
        [15, random.whole(13, 40)],
      ]),
    ),
    ...(account.own && { account: account.id, zone: account.zone }),
    objectives: objectives(random, engine, tier, manual),
    placement: placement(random, mode, members, routes),
    compute: compute(random, ofTier, tier, name, account.id),
    ...(worker && { worker: workerOf(random, ofTier, name, account.id) }),
    database: data,
    ...backup(ofTier, engine, mode),
    ...(manual && {
      failover: { traffic: 'manual', promotion: 'manual', standbyServes: ofTier.pick(['reads', 'none']), writerGrace: '120s' },
    }),
    ...(routes?.policy === 'geolocation' && { accept: accepted(name, routes.default, engine) }),
    ...edge,
    drills: { allowed: random.chance(0.7) },
    ...(tagged && { tags: { team: random.pick(['core', 'growth', 'payments', 'platform']) } }),
  };
}

function placement(random: Random, mode: Mode, members: readonly CatalogRegion[], routes: Routing | undefined): Data {
  const codes = members.map(({ code }) => code);
  switch (mode) {
    case 'single':
      return { mode, region: codes[0] };
    case 'active-passive': {
      const [primary, standby] = random.chance(0.5) ? codes : [...codes].reverse();
      return { mode, primary, standby, standbyCapacity: random.pick(['100%', '100%', '100%', '50%']) };
    }
    case 'active-active':
      return { mode, regions: codes, routing: routes };
  }
}

type Routing =
  | { readonly policy: 'latency' }
  | { readonly policy: 'weighted'; readonly weights: Data }
  | { readonly policy: 'geolocation'; readonly areas: Data; readonly default: string };

function routing(random: Random, members: readonly CatalogRegion[]): Routing {
  const [first] = members;
  const policy = random.weighted<Routing['policy']>([
    [60, 'latency'],
    [20, 'weighted'],
    [20, 'geolocation'],
  ]);
  switch (policy) {
    case 'latency':
      return { policy };
    case 'weighted':
      return { policy, weights: Object.fromEntries(members.map(({ code }) => [code, random.pick([50, 100, 150, 200, 255])])) };
    case 'geolocation':
      // The default Region needs no area of its own.
      return {
        policy,
        areas: Object.fromEntries(members.slice(1).map(({ code, area }) => [code, [area]])),
        default: first?.code ?? '',
      };
  }
}

/** Clients of no area have the record of the default Region and no other: no promise of time holds for them when it is lost. */
function accepted(name: string, region: string, engine: string): readonly Data[] {
  const stamp = `${name}-${region}`;
  const failures = [`region:${region}`, `stamp:${stamp}`, ...(engine === 'dynamodb' ? [`database:${stamp}`] : [])];
  return failures.map((failure) => ({
    failure,
    reason: 'clients outside of the named areas wait until the default Region is back',
  }));
}

function compute(random: Random, ofTier: Random, tier: Tier, name: string, account: string): Data {
  const image = `${account}.dkr.ecr.{region}.amazonaws.com/load/${name}-web:${version(random)}`;
  const shared = { image, port: 8080, healthPath: '/healthz' };
  const load = { peakRequestsPerSecond: random.weighted(PEAKS), requestsPerSecondPerTask: random.pick([20, 25, 50]) };
  if (tier.kind === 'ec2') {
    const instances = { kind: 'ec2', instanceType: 'm7g.large', tasksPerInstance: 2, architecture: 'arm64' };
    return { ...instances, ...shared, cpu: 512, memory: 1024, ...load };
  }
  const [cpu, memory] = ofTier.pick(TASK_SIZES);
  return { kind: 'fargate', ...(ofTier.chance(0.3) && { architecture: 'arm64' }), ...shared, cpu, memory, ...load };
}

function workerOf(random: Random, ofTier: Random, name: string, account: string): Data {
  return {
    image: `${account}.dkr.ecr.{region}.amazonaws.com/load/${name}-worker:${version(random)}`,
    maxLatency: ofTier.pick(['60s', '2m', '5m']),
    averageProcessing: random.pick(['200ms', '500ms', '1s']),
    maxTasks: random.pick([12, 24, 30, 48]),
  };
}

function version(random: Random): string {
  return `${random.whole(1, 4)}.${random.whole(0, 20)}.${random.whole(0, 9)}`;
}

function database(ofTier: Random, name: string, { mode, engine }: Tier, codes: readonly string[]): Data {
  // Drawn in any case, so that it is one decision of the tier.
  const [strongly, expires] = [ofTier.chance(0.5), ofTier.chance(0.4)];
  switch (engine) {
    case 'serverless':
      return {
        ...{ engine: 'aurora-postgresql', version: '16.8', serverless: { minAcu: 8, maxAcu: 32 } },
        ...(mode !== 'single' && { maxReplicationLag: '30s' }),
      };
    case 'provisioned':
      return { engine: 'aurora-postgresql', version: '16.8', provisioned: { instance: 'db.r8g.large', readers: 1 } };
    case 'mysql':
      return {
        engine: 'aurora-mysql',
        version: '8.0.mysql_aurora.3.08.2',
        provisioned: { instance: 'db.r8g.large', readers: 2 },
      };
    case 'table': {
      const keys = { partitionKey: { name: 'pk', type: 'string' }, sortKey: { name: 'sk', type: 'string' } };
      const strong =
        strongly && mode === 'active-active' && codes.length === 2 && codes.every((code) => STRONG_REGIONS.includes(code));
      if (strong) {
        return {
          engine: 'dynamodb',
          consistency: 'strong',
          ...keys,
          witness: STRONG_REGIONS.find((code) => !codes.includes(code)),
        };
      }
      return { engine: 'dynamodb', consistency: 'eventual', ...keys, ...(expires && { timeToLive: 'expiresAt' }) };
    }
    case 'external':
      return external(name, codes);
    case 'none':
      return { engine };
  }
}

function external(name: string, codes: readonly string[]): Data {
  return {
    engine: 'external',
    protocol: 'postgresql',
    name: 'app',
    endpoints: Object.fromEntries(
      codes.map((code) => [
        code,
        { writer: `writer.${code}.${name}.db.example.net`, reader: `reader.${code}.${name}.db.example.net` },
      ]),
    ),
  };
}

/** What engine and compute can keep, so that the proof of a generated fleet holds (`stampkit verify`). */
function objectives(random: Random, engine: string, { kind, mode }: Tier, manual: boolean): Data {
  if (engine.startsWith('aurora')) {
    const rto = manual ? '1h' : random.pick(['20m', '30m', '1h']);
    return { availability: { rto, rpo: random.pick(['1m', '5m']) }, recovery: { rto: '12h', rpo: '30h' } };
  }
  if (engine === 'dynamodb') {
    // A bad deployment is rolled back within 10 minutes on Fargate and 15 on instances, which have to start first; a small standby that has
    // taken over grows for about 11 minutes when it loses a zone as well.
    const rto = manual
      ? '1h'
      : random.pick(kind === 'ec2' || mode === 'active-passive' ? ['15m', '20m', '30m'] : ['10m', '15m', '20m']);
    return { availability: { rto, rpo: random.pick(['30s', '1m']) }, recovery: { rto: '8h', rpo: '30h' } };
  }
  return { availability: { rto: '1h', rpo: engine === 'none' ? '0s' : '1h' }, recovery: { rto: '24h', rpo: '48h' } };
}

function backup(random: Random, engine: string, mode: Mode): Data {
  if (engine === 'none' || engine === 'external') return {};
  const copies = mode === 'single' ? { copyTo: [], copyReason: 'one Region by design' } : { copyTo: 'peers' };
  return {
    backup: {
      schedule: 'daily',
      continuous: true,
      retain: random.pick(['14d', '35d']),
      ...copies,
      lock: 'governance',
      restoreTest: random.pick(['weekly', 'monthly']),
    },
  };
}
