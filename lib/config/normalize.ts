import type { Finding } from '../findings';
import type { ConfigFindingCode } from './finding-codes';
import type { ParsedFleet, ParsedGroup } from './schema/contract';
import { completeEndpoint } from './schema/database';
import type {
  ActiveActiveRouting,
  BackupConfig,
  DatabaseConfig,
  FleetConfig,
  GroupConfig,
  PlacementConfig,
  RegionCode,
  RegionConfig,
} from './types';

/** The Regions of a fleet, found by code or by name. */
export class RegionIndex {
  private readonly codeByName: ReadonlyMap<string, RegionCode>;
  private readonly nameByCode: ReadonlyMap<RegionCode, string>;

  public constructor(regions: readonly RegionConfig[]) {
    this.nameByCode = new Map(regions.map(({ code, region }) => [code, region]));
    // The first code wins where two stand for one Region, which has a finding of its own.
    this.codeByName = new Map([...regions].reverse().map(({ code, region }) => [region, code]));
  }

  /** The code of a reference. What is neither code nor name of the fleet stays as it is: checks report it. */
  public code(reference: string): RegionCode {
    return this.codeByName.get(reference) ?? reference;
  }

  /** AWS Region name of a code or name. */
  public nameOf(reference: string): string {
    return this.nameByCode.get(reference) ?? reference;
  }

  /** How else the Region of a code or name may be written in a file. */
  public spellings(key: string): readonly string[] {
    const other = this.nameByCode.get(key) ?? this.codeByName.get(key);
    return other === undefined ? [] : [other];
  }
}

/** Reports something at a path of the file that is being normalized. */
export type Notice = (code: ConfigFindingCode, path: Finding['where']['path'], message: string, fix: string) => void;

/** fleet.yaml without its groups, with Region references as codes. */
export function normalizeFleet(
  parsed: ParsedFleet,
  notice: Notice,
): { fleet: Omit<FleetConfig, 'groups'>; regions: RegionIndex } {
  const regions: RegionConfig[] = Object.entries(parsed.regions).map(([code, region]) => ({ code, ...region }));
  const index = new RegionIndex(regions);
  for (const { code, region } of regions) {
    // A code that reads like the name of another Region would make references ambiguous.
    if (regions.some((other) => other.region === code)) {
      notice('duplicate-region', ['regions', code], `${code} is a code and the name of ${region}`, 'choose another code');
    }
  }
  const { control } = parsed;
  const overrides = Object.entries(parsed.assumptions).filter((entry): entry is [string, number] => entry[1] !== undefined);
  const fleet = {
    schemaVersion: parsed.schemaVersion,
    fleet: parsed.fleet,
    account: parsed.account,
    zone: parsed.zone,
    regions,
    network: parsed.network,
    control: {
      regions: control.regions.map((reference) => index.code(reference)),
      ...(control.witness !== undefined && { witness: index.code(control.witness) }),
      joining: control.joining.map((reference) => index.code(reference)),
    },
    routing: { stackRegion: index.nameOf(parsed.routing.stackRegion) },
    assumptions: Object.fromEntries(overrides),
    quotas: parsed.quotas.map(({ region, ...quota }) => ({
      ...quota,
      ...(region !== undefined && { region: index.code(region) }),
    })),
    alarms: parsed.alarms,
    tags: parsed.tags,
  };
  return { fleet, regions: index };
}

/** A group with the fleet's account and zone where it has none, and Region references as codes. */
export function normalizeGroup(
  parsed: ParsedGroup,
  fleet: Omit<FleetConfig, 'groups'>,
  regions: RegionIndex,
  notice: Notice,
): GroupConfig {
  const { database } = parsed;
  const keysAt = <T>(path: readonly string[], record: Record<string, T>) => codeKeys(record, path, regions, notice);
  const ownData = database.engine !== 'none' && database.engine !== 'external';
  const { backup, ...rest } = parsed;
  return {
    ...rest,
    account: parsed.account ?? fleet.account,
    zone: parsed.zone ?? fleet.zone,
    placement: normalizePlacement(parsed.placement, regions, keysAt),
    network: { ...parsed.network, transitGateways: keysAt(['network', 'transitGateways'], parsed.network.transitGateways) },
    database: normalizeDatabase(database, regions, keysAt),
    ...(ownData && { backup: normalizeBackup(backup, regions) }),
    accept: parsed.accept.map(({ failure, reason }) => ({ failure: codeFailure(failure, regions), reason })),
    objectives: { ...parsed.objectives, survive: parsed.objectives.survive.map((failure) => codeFailure(failure, regions)) },
  };
}

type KeysAt = <T>(path: readonly string[], record: Record<string, T>) => Record<RegionCode, T>;

function normalizePlacement(placement: ParsedGroup['placement'], regions: RegionIndex, keysAt: KeysAt): PlacementConfig {
  switch (placement.mode) {
    case 'active-passive':
      return { ...placement, primary: regions.code(placement.primary), standby: regions.code(placement.standby) };
    case 'single':
      return { ...placement, region: regions.code(placement.region) };
    case 'active-active': {
      const members = placement.regions.map((reference) => regions.code(reference));
      return { ...placement, regions: members, routing: normalizeRouting(placement.routing, regions, keysAt) };
    }
  }
}

type ParsedRouting = Extract<ParsedGroup['placement'], { mode: 'active-active' }>['routing'];

function normalizeRouting(routing: ParsedRouting, regions: RegionIndex, keysAt: KeysAt): ActiveActiveRouting {
  switch (routing.policy) {
    case 'latency':
      return routing;
    case 'weighted':
      return { ...routing, weights: keysAt(['placement', 'routing', 'weights'], routing.weights) };
    case 'geolocation': {
      const areas = keysAt(['placement', 'routing', 'areas'], routing.areas);
      return { ...routing, areas, default: regions.code(routing.default) };
    }
  }
}

function normalizeDatabase(database: ParsedGroup['database'], regions: RegionIndex, keysAt: KeysAt): DatabaseConfig {
  switch (database.engine) {
    case 'dynamodb':
      return {
        ...database,
        ...(database.witness !== undefined && { witness: regions.code(database.witness) }),
        keyArns: keysAt(['database', 'keyArns'], database.keyArns),
      };
    case 'external': {
      const complete = Object.entries(database.endpoints).map(
        ([region, endpoint]) => [region, completeEndpoint(database.protocol, endpoint)] as const,
      );
      return { ...database, endpoints: keysAt(['database', 'endpoints'], Object.fromEntries(complete)) };
    }
    default:
      return database;
  }
}

function normalizeBackup(backup: ParsedGroup['backup'], regions: RegionIndex): BackupConfig {
  const { copyTo, copyRetain = backup.retain } = backup;
  return { ...backup, copyRetain, copyTo: copyTo === 'peers' ? copyTo : copyTo.map((target) => regions.code(target)) };
}

/** A mapping by Region with codes as keys. Two spellings of one Region are a finding; the first one counts. */
function codeKeys<T>(
  record: Record<string, T>,
  path: readonly string[],
  regions: RegionIndex,
  notice: Notice,
): Record<RegionCode, T> {
  const byCode: Record<RegionCode, T> = {};
  for (const [reference, value] of Object.entries(record)) {
    const code = regions.code(reference);
    if (Object.hasOwn(byCode, code)) {
      const message = `${path.join('.')} has ${code} twice, as code and as name`;
      notice('duplicate-region', [...path, reference], message, 'keep one of them');
      continue;
    }
    byCode[code] = value;
  }
  return byCode;
}

/** `region:us-east-1` and `control:us-east-1` with the code instead of the name. */
function codeFailure(failure: string, regions: RegionIndex): string {
  return failure.replace(
    /\b(region|control):([a-z0-9-]+)/g,
    (_whole, kind: string, reference: string) => `${kind}:${regions.code(reference)}`,
  );
}
