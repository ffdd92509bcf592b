/**
 * Compile-time proof that the schemas and the types in `types.ts` say the same. Only types: nothing of this file runs.
 * What differs on purpose is named here and is what `normalize.ts` does.
 */
import type { z } from 'zod';
import type { BackupConfig, DatabaseConfig, ExternalDatabaseConfig, FleetConfig, GroupConfig, RegionConfig } from '../types';
import type { fleetSchema } from './fleet';
import type { groupSchema } from './group';

/** A group file as the schema leaves it. */
export type ParsedGroup = z.output<typeof groupSchema>;
/** fleet.yaml as the schema leaves it. */
export type ParsedFleet = z.output<typeof fleetSchema>;

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;
// Two generic functions are only assignable when their conditions are identical: it tells optional keys and unions apart.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the parameter is what makes the comparison
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Same<A, B> = Equal<Frozen<A>, Frozen<B>>;
type Holds<T extends true> = T;

type ParsedExternal = Extract<ParsedGroup['database'], { engine: 'external' }>;
type ExternalEndpoint = ExternalDatabaseConfig['endpoints'][string];
/** Filled in by `normalize.ts`: a group's account and zone, its backup, and the reader and port of an external database. */
type GroupGaps = 'account' | 'zone' | 'backup' | 'database';
/** Regions become a list, defaults are merged away, and groups come from files of their own. */
type FleetGaps = 'regions' | 'defaults' | 'groups' | 'assumptions';

export type SchemaMatchesTypes = [
  Holds<Same<Omit<ParsedGroup, GroupGaps>, Omit<GroupConfig, GroupGaps>>>,
  Holds<Same<ParsedGroup['account'], GroupConfig['account'] | undefined>>,
  Holds<Same<ParsedGroup['zone'], GroupConfig['zone'] | undefined>>,
  Holds<Same<Omit<ParsedGroup['backup'], 'copyRetain'>, Omit<BackupConfig, 'copyRetain'>>>,
  Holds<Same<ParsedGroup['backup']['copyRetain'], BackupConfig['copyRetain'] | undefined>>,
  Holds<Same<Exclude<ParsedGroup['database'], ParsedExternal>, Exclude<DatabaseConfig, ExternalDatabaseConfig>>>,
  Holds<Same<Omit<ParsedExternal, 'endpoints'>, Omit<ExternalDatabaseConfig, 'endpoints'>>>,
  Holds<
    Same<
      ParsedExternal['endpoints'][string],
      Pick<ExternalEndpoint, 'writer'> & Partial<Pick<ExternalEndpoint, 'reader' | 'port'>> extends infer E
        ? { [K in keyof E]: E[K] }
        : never
    >
  >,
  Holds<Same<Omit<ParsedFleet, FleetGaps>, Omit<FleetConfig, FleetGaps>>>,
  Holds<Same<ParsedFleet['regions'][string], Omit<RegionConfig, 'code'>>>,
];
