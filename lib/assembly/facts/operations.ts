import type { Fact } from './fact';

export interface FunctionFact extends Fact {
  readonly name: string;
  readonly arn: string;
  readonly runtime?: string;
  readonly reservedConcurrency?: number;
  /** Seconds (default 3). */
  readonly timeout?: number;
  /** What could be resolved of it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly availabilityZones: readonly string[];
}

export interface AlarmFact extends Fact {
  readonly name: string;
  readonly arn: string;
  readonly kind: 'metric' | 'composite';
  readonly namespace?: string;
  /** Absent for metric math. */
  readonly metric?: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic?: string;
  readonly comparison?: string;
  readonly threshold?: number;
  /** Seconds. */
  readonly period?: number;
  readonly evaluationPeriods?: number;
  readonly datapointsToAlarm?: number;
  /** `missing` when the template does not say. */
  readonly missingData: string;
  /** Targets that are told when it goes off. */
  readonly actions: number;
}

/** The SSM parameter that says where a stamp's database is. */
export interface PointerFact extends Fact {
  readonly name: string;
  /** `aurora-postgresql`, `dynamodb`, ... */
  readonly engine?: string;
  readonly writer?: string;
  readonly reader?: string;
  readonly table?: string;
  readonly port?: number;
  readonly databaseName?: string;
  /** The cluster, instance or table it points at, when the assembly makes it. */
  readonly databaseId?: string;
}
