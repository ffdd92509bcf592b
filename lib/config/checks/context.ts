import { type AssumedValue, assumedValue, type AssumptionName } from '../../facts/assumptions';
import type { Finding, FindingPlace } from '../../findings';
import type { FleetConfig, FleetLock, GroupConfig, PlacementConfig, RegionCode, RegionConfig, Seconds } from '../types';
import { CHECK_FINDING_CODES, type CheckFindingCode } from './finding-codes';

/** What every check reads: the configuration and a few look-ups over it. */
export interface CheckContext {
  readonly config: FleetConfig;
  readonly lock: FleetLock | undefined;
  /** The first Region entry of each code. */
  readonly regions: ReadonlyMap<RegionCode, RegionConfig>;
  /** AWS Region name of a code; undefined for codes that do not exist, which `regions.ts` reports. */
  readonly regionOf: (code: RegionCode) => string | undefined;
  readonly assumed: (name: AssumptionName) => AssumedValue;
}

export function checkContext(config: FleetConfig, lock: FleetLock | undefined): CheckContext {
  const regions = new Map<RegionCode, RegionConfig>();
  for (const region of config.regions) if (!regions.has(region.code)) regions.set(region.code, region);
  return {
    config,
    lock,
    regions,
    regionOf: (code) => regions.get(code)?.region,
    assumed: (name) => assumedValue(name, config.assumptions),
  };
}

/** A finding with the severity of its code. Line and column are filled in by whoever has the source text. */
export function report(code: CheckFindingCode, where: FindingPlace, message: string, fix: string): Finding {
  return { code, severity: CHECK_FINDING_CODES[code].severity, where, message, fix };
}

export function groupPlace(group: GroupConfig, ...path: (string | number)[]): FindingPlace {
  return { file: `groups/${group.group}.yaml`, path };
}

export function fleetPlace(...path: (string | number)[]): FindingPlace {
  return { file: 'fleet.yaml', path };
}

export function lockPlace(...path: (string | number)[]): FindingPlace {
  return { file: 'fleet.lock.yaml', path };
}

/** Codes of the Regions that hold a stamp of the group, without repetition, in the order of the configuration. */
export function memberCodes(placement: PlacementConfig): RegionCode[] {
  switch (placement.mode) {
    case 'active-passive':
      return [...new Set([placement.primary, placement.standby])];
    case 'active-active':
      return [...new Set(placement.regions)];
    case 'single':
      return [placement.region];
  }
}

/** True when the group is meant to live in several Regions, even if it names one of them twice by mistake. */
export function spansRegions(placement: PlacementConfig): boolean {
  return placement.mode !== 'single';
}

/** AWS Region names of the group's stamps; codes that do not exist are left out. */
export function memberRegions(group: GroupConfig, context: CheckContext): string[] {
  return memberCodes(group.placement).flatMap((code) => context.regionOf(code) ?? []);
}

/** `90s`, `5m`, `4h`, `35d`: a duration as fleet.yaml spells it. */
export function durationText(seconds: Seconds): string {
  for (const [unit, size] of [['d', 86_400] as const, ['h', 3_600] as const, ['m', 60] as const]) {
    if (seconds >= size && seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

/** Entries that occur a second time, with their index. */
export function repeated<T>(items: readonly T[]): { readonly item: T; readonly index: number }[] {
  const seen = new Set<T>();
  return items.flatMap((item, index) => {
    if (seen.has(item)) return [{ item, index }];
    seen.add(item);
    return [];
  });
}
