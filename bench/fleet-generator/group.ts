import { type CatalogRegion, PEAKS, STRONG_REGIONS, TASK_SIZES } from './catalog';
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
  /** Names that no group and no other tenant has. */
  readonly tenants: (count: number) => string[];
}

type Mode = 'active-passive' | 'active-active' | 'single';

/** A group of any mode, compute kind and engine that go together. */
export function generateGroup(random: Random, { name, regions, account, tenants }: GroupOptions): GeneratedGroup {
  const mode =
    regions.length < 2
      ? 'single'
      : random.weighted<Mode>([
          [45, 'active-passive'],
          [35, 'active-active'],
          [20, 'single'],
        ]);
  const members = random.some(
    regions,
    mode === 'single' ? 1 : mode === 'active-passive' ? 2 : random.whole(2, Math.min(regions.length, 4)),
  );
  const codes = members.map(({ code }) => code);
  const manual = mode === 'active-passive' && random.chance(0.15);
  const data = database(random, name, mode, codes);
  const worker = random.chance(0.5);
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
    objectives: objectives(random, String(data['engine']), manual),
    placement: placement(random, mode, members),
    compute: compute(random, name, account.id),
    ...(worker && { worker: workerOf(random, name, account.id) }),
    database: data,
    ...backup(random, String(data['engine']), mode),
    ...(manual && {
      failover: { traffic: 'manual', promotion: 'manual', standbyServes: random.pick(['reads', 'none']), writerGrace: '120s' },
    }),
    ...(random.chance(0.3) && { edge: { rateLimitPer5Min: random.pick([1000, 2000, 5000]), clientKeepAlive: '60s' } }),
    drills: { allowed: random.chance(0.7) },
    ...(random.chance(0.3) && { tags: { team: random.pick(['core', 'growth', 'payments', 'platform']) } }),
  };
}

function placement(random: Random, mode: Mode, members: readonly CatalogRegion[]): Data {
  const codes = members.map(({ code }) => code);
  switch (mode) {
    case 'single':
      return { mode, region: codes[0] };
    case 'active-passive': {
      const [primary, standby] = random.chance(0.5) ? codes : [...codes].reverse();
      return { mode, primary, standby, standbyCapacity: random.pick(['100%', '100%', '100%', '50%']) };
    }
    case 'active-active':
      return { mode, regions: codes, routing: routing(random, members) };
  }
}

function routing(random: Random, members: readonly CatalogRegion[]): Data {
  const policy = random.weighted([
    [60, 'latency'],
    [20, 'weighted'],
    [20, 'geolocation'],
  ]);
  if (policy === 'weighted') {
    return { policy, weights: Object.fromEntries(members.map(({ code }) => [code, random.pick([50, 100, 150, 200, 255])])) };
  }
  if (policy === 'geolocation') {
    // The default Region needs no area of its own.
    return {
      policy,
      areas: Object.fromEntries(members.slice(1).map(({ code, area }) => [code, [area]])),
      default: members[0]?.code,
    };
  }
  return { policy };
}

function compute(random: Random, name: string, account: string): Data {
  const peakRequestsPerSecond = random.weighted(PEAKS);
  const shared = {
    image: `${account}.dkr.ecr.{region}.amazonaws.com/load/${name}-web:${version(random)}`,
    port: 8080,
    healthPath: '/healthz',
  };
  const load = { peakRequestsPerSecond, requestsPerSecondPerTask: random.pick([20, 25, 50]) };
  if (random.chance(0.15)) {
    return {
      kind: 'ec2',
      instanceType: 'm7g.large',
      tasksPerInstance: 2,
      architecture: 'arm64',
      ...shared,
      cpu: 512,
      memory: 1024,
      ...load,
    };
  }
  const [cpu, memory] = random.pick(TASK_SIZES);
  return { kind: 'fargate', ...(random.chance(0.3) && { architecture: 'arm64' }), ...shared, cpu, memory, ...load };
}

function workerOf(random: Random, name: string, account: string): Data {
  return {
    image: `${account}.dkr.ecr.{region}.amazonaws.com/load/${name}-worker:${version(random)}`,
    maxLatency: random.pick(['60s', '2m', '5m']),
    averageProcessing: random.pick(['200ms', '500ms', '1s']),
    maxTasks: random.pick([12, 24, 30, 48]),
  };
}

function version(random: Random): string {
  return `${random.whole(1, 4)}.${random.whole(0, 20)}.${random.whole(0, 9)}`;
}

const AURORA = [
  { engine: 'aurora-postgresql', version: '16.8', serverless: { minAcu: 8, maxAcu: 32 }, maxReplicationLag: '30s' },
  { engine: 'aurora-postgresql', version: '16.8', provisioned: { instance: 'db.r8g.large', readers: 1 } },
  { engine: 'aurora-mysql', version: '8.0.mysql_aurora.3.08.2', provisioned: { instance: 'db.r8g.large', readers: 2 } },
] as const;

function database(random: Random, name: string, mode: Mode, codes: readonly string[]): Data {
  const strong = codes.length === 2 && codes.every((code) => STRONG_REGIONS.includes(code));
  const table = (consistency: 'eventual' | 'strong'): Data => ({
    engine: 'dynamodb',
    consistency,
    partitionKey: { name: 'pk', type: 'string' },
    sortKey: { name: 'sk', type: 'string' },
    ...(consistency === 'strong' && { witness: STRONG_REGIONS.find((code) => !codes.includes(code)) }),
    ...(consistency === 'eventual' && random.chance(0.4) && { timeToLive: 'expiresAt' }),
  });
  if (mode === 'active-active') {
    return random.weighted<Data>([
      [65, table('eventual')],
      [strong ? 20 : 0, table('strong')],
      [15, { engine: 'none' }],
    ]);
  }
  const [lagCapped, postgresql, mysql] = AURORA;
  const { maxReplicationLag, ...alone } = lagCapped;
  return random.weighted<Data>([
    [40, mode === 'single' ? alone : { ...alone, maxReplicationLag }],
    [15, postgresql],
    [10, mysql],
    [20, table('eventual')],
    [8, external(name, codes)],
    [mode === 'single' ? 15 : 5, { engine: 'none' }],
  ]);
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

/** What the engine can keep, with room: a generated fleet is there to be synthesized, not to be argued with. */
function objectives(random: Random, engine: string, manual: boolean): Data {
  if (engine.startsWith('aurora')) {
    const rto = manual ? '1h' : random.pick(['20m', '30m', '1h']);
    return { availability: { rto, rpo: random.pick(['1m', '5m']) }, recovery: { rto: '12h', rpo: '30h' } };
  }
  const rto = manual ? '1h' : random.pick(['5m', '10m', '15m']);
  if (engine === 'dynamodb')
    return { availability: { rto, rpo: random.pick(['30s', '1m']) }, recovery: { rto: '8h', rpo: '30h' } };
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
