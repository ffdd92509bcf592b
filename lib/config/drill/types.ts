import type { z } from 'zod';
import type { drillSchema } from '../schema/drill/drill';

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** A drill as its file says it; durations are seconds, shares per cent, Regions as they are written. */
export type DrillSpec = Frozen<z.output<typeof drillSchema>>;
export type DrillStep = DrillSpec['method'][number];
export type RollbackStep = DrillSpec['rollbacks'][number];
export type DrillFault = NonNullable<DrillStep['fault']>;
export type DrillOperation = NonNullable<DrillStep['operation']>;
export type DrillCondition = NonNullable<DrillStep['when']>;
export type DrillExpectations = DrillSpec['expect'];
export type DrillTargetName = DrillSpec['targets'][number];
