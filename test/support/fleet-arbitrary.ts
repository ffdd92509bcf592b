import fc from 'fast-check';
import type { DatabaseConfig, GroupConfig, PlacementConfig } from '../../lib/config/types';
import type { Fleet } from '../../lib/topology/types';
import { AURORA, BACKUP, DYNAMODB, WORKER, builtFleet, compute, fleetConfig, group } from '../topology/fixtures';

/** Regions that stamps live in, with two each for failover and three for the rest. */
const CODES = ['use1', 'usw2', 'euw1'] as const;
/** Of the first, second and third stamp; the second one is the default. */
const AREAS = [['continent:EU', 'country:US/state:CA'], [], ['country:JP']];
const ACCOUNTS = ['111111111111', '222222222222', '333333333333'];

const label = fc.stringMatching(/^[a-z][a-z0-9]{1,5}(-[a-z0-9]{1,4})?$/);

const placement: fc.Arbitrary<PlacementConfig> = fc.oneof(
  fc.constantFrom(...CODES).map((region): PlacementConfig => ({ mode: 'single', region })),
  fc.shuffledSubarray([...CODES], { minLength: 2, maxLength: 2 }).map(([primary, standby]): PlacementConfig => ({
    mode: 'active-passive',
    primary: primary!,
    standby: standby!,
    standbyCapacity: 100,
  })),
  fc
    .tuple(
      fc.subarray([...CODES], { minLength: 2 }),
      fc.constantFrom('latency', 'weighted', 'geolocation'),
      fc.integer({ min: 1, max: 255 }),
    )
    .map(([regions, policy, weight]): PlacementConfig => {
      switch (policy) {
        case 'weighted':
          return {
            mode: 'active-active',
            regions,
            routing: { policy, weights: Object.fromEntries(regions.map((code, index) => [code, index === 0 ? weight : 100])) },
          };
        case 'geolocation':
          return {
            mode: 'active-active',
            regions,
            routing: {
              policy,
              areas: Object.fromEntries(
                regions.map((code, index) => [code, AREAS[index]!]).filter(([, areas]) => areas!.length > 0),
              ) as Record<string, string[]>,
              default: regions[1]!,
            },
          };
        default:
          return { mode: 'active-active', regions, routing: { policy: 'latency' } };
      }
    }),
);

/** Engines that can do what the placement asks for. */
function database(of: PlacementConfig): fc.Arbitrary<DatabaseConfig> {
  const external = fc
    .record({ writer: label, port: fc.integer({ min: 1024, max: 65_535 }) })
    .map(({ writer, port }): DatabaseConfig => {
      const endpoint = { writer: `${writer}.db.example.com`, reader: `${writer}-ro.db.example.com`, port };
      return {
        engine: 'external',
        protocol: 'postgresql',
        name: 'app',
        endpoints: Object.fromEntries(CODES.map((code) => [code, endpoint])),
      };
    });
  const dynamodb = fc
    .record({ sorted: fc.boolean(), expiring: fc.boolean(), keys: fc.boolean() })
    .map(({ sorted, expiring, keys }): DatabaseConfig => ({
      ...DYNAMODB,
      ...(sorted && { sortKey: { name: 'sk', type: 'number' as const } }),
      ...(expiring && { timeToLive: 'expiresAt' }),
      ...(keys && {
        keyArns: Object.fromEntries(
          CODES.map((code) => [code, `arn:aws:kms:${code}:111111111111:key/11111111-2222-3333-4444-555555555555`]),
        ),
      }),
    }));
  const aurora = fc
    .record({
      engine: fc.constantFrom('aurora-postgresql' as const, 'aurora-mysql' as const),
      acu: fc.integer({ min: 8, max: 64 }),
      readers: fc.integer({ min: 1, max: 3 }),
      provisioned: fc.boolean(),
    })
    .map(({ engine, acu, readers, provisioned }): DatabaseConfig => {
      const {
        maxReplicationLag: _lag,
        serverless: _serverless,
        ...base
      } = AURORA as Extract<DatabaseConfig, { version: string }>;
      const lag = engine === 'aurora-postgresql' && of.mode === 'active-passive';
      return {
        ...base,
        engine,
        version: engine === 'aurora-mysql' ? '8.0.mysql_aurora.3.10.0' : '16.8',
        ...(provisioned
          ? { provisioned: { instance: 'db.r8g.large', readers } }
          : { serverless: { minAcu: acu, maxAcu: 2 * acu, readers } }),
        ...(lag && { maxReplicationLag: 30 }),
      };
    });
  const none = fc.constant<DatabaseConfig>({ engine: 'none' });
  return of.mode === 'active-active' ? fc.oneof(dynamodb, external, none) : fc.oneof(aurora, dynamodb, external, none);
}

function groupNamed(name: string): fc.Arbitrary<GroupConfig> {
  return placement.chain((place) =>
    fc
      .record({
        account: fc.constantFrom(...ACCOUNTS),
        database: database(place),
        tenants: fc.uniqueArray(label, { maxLength: 3 }),
        ec2: fc.boolean(),
        worker: fc.boolean(),
        hub: fc.boolean(),
        egress: fc.constantFrom('nat' as const, 'endpoints-only' as const),
        peak: fc.integer({ min: 1, max: 5000 }),
        publicImage: fc.boolean(),
        tag: fc.string({ maxLength: 20 }),
        guarded: fc.boolean(),
        traffic: fc.constantFrom('automatic' as const, 'manual' as const),
        schedule: fc.constantFrom('hourly' as const, 'daily' as const, 'weekly' as const),
        lock: fc.constantFrom('none' as const, 'governance' as const, 'compliance' as const),
        restoreTest: fc.constantFrom('none' as const, 'daily' as const, 'weekly' as const),
        copies: fc.boolean(),
        oidc: fc.boolean(),
        tenantLimit: fc.boolean(),
        dependencies: fc.boolean(),
        environment: fc.dictionary(fc.stringMatching(/^[A-Z][A-Z_]{0,8}$/), fc.stringMatching(/^[ -~]{0,12}$/), { maxKeys: 2 }),
      })
      .map((of): GroupConfig => {
        const { worker: _worker, backup: _backup, ...base } = group(name);
        const image = of.publicImage ? 'public.example.com/shop/web:1' : '111111111111.dkr.ecr.{region}.amazonaws.com/shop/web:1';
        const guard = of.guarded ? { enabled: true } : { enabled: false, reason: 'a group for tests' };
        const stateful = of.database.engine !== 'none' && of.database.engine !== 'external';
        return {
          ...base,
          account: of.account,
          ...(of.account !== ACCOUNTS[0] && { zone: { name: `${name}.example.org`, hostedZoneId: 'Z9876543210JIHGFEDCBA' } }),
          tenants: of.tenants.map((tenant) => `${name}-${tenant}`),
          placement: place,
          network: {
            egress: of.egress,
            transitGateways: of.hub ? Object.fromEntries(CODES.map((code) => [code, 'tgw-0123456789abcdef0'])) : {},
            transitCidrs: of.hub ? ['192.168.0.0/16'] : [],
          },
          compute: compute({
            image,
            peakRequestsPerSecond: of.peak,
            environment: of.environment,
            ...(of.ec2 && { kind: 'ec2' as const, instanceType: 'm7i.large', tasksPerInstance: 2 }),
          }),
          ...(of.worker && { worker: { ...WORKER, image } }),
          database: of.database,
          ...(stateful && {
            backup: {
              ...BACKUP,
              schedule: of.schedule,
              lock: of.lock,
              restoreTest: of.restoreTest,
              copyTo: of.copies && place.mode !== 'single' ? ('peers' as const) : [],
            },
          }),
          failover: { ...base.failover, traffic: of.traffic },
          health: { dependencies: of.dependencies ? base.health.dependencies : [] },
          edge: {
            ...base.edge,
            ...(of.tenantLimit && { tenantRateLimitPer5Min: 500 }),
            ...(of.oidc && {
              oidc: {
                issuer: 'https://login.example.com',
                authorizationEndpoint: 'https://login.example.com/authorize',
                tokenEndpoint: 'https://login.example.com/token',
                userInfoEndpoint: 'https://login.example.com/userinfo',
                clientId: 'shop',
                clientSecretName: 'shop/oidc',
              },
            }),
          },
          guards: { deletionProtection: guard, terminationProtection: guard },
          tags: { Team: of.tag },
        };
      }),
  );
}

/** Fleets of one to three groups that differ in everything a configuration can say about them. */
export const anyFleet: fc.Arbitrary<Fleet> = fc
  .uniqueArray(label, { minLength: 1, maxLength: 3 })
  .chain((names) => fc.tuple(...[...names].sort().map(groupNamed)))
  .map((groups) => builtFleet(fleetConfig({ groups })));
