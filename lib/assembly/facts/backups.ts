import type { Fact } from './fact';

export interface VaultFact extends Fact {
  readonly name: string;
  readonly arn: string;
  /** A lock that some can lift is `governance`, one that nobody can after a grace time is `compliance`. */
  readonly lock?: {
    readonly mode: 'governance' | 'compliance';
    readonly minRetentionDays?: number;
    readonly maxRetentionDays?: number;
  };
  /** Accounts (or `*`) whose copies its policy admits; empty without such a statement. */
  readonly copiesFrom: readonly string[];
  readonly deletionPolicy: string;
}

export interface BackupPlanFact extends Fact {
  readonly name: string;
  readonly rules: readonly BackupRuleFact[];
  readonly selections: readonly BackupSelectionFact[];
  /** Clusters, instances and tables of the assembly that its selections take, with the Region for a table's replica; sorted. */
  readonly protects: readonly ProtectedResource[];
}

export interface ProtectedResource {
  readonly databaseId: string;
  readonly region: string;
}

export interface BackupRuleFact {
  readonly name: string;
  readonly vaultName: string;
  /** When the assembly makes it, in the plan's account and Region. */
  readonly vaultId?: string;
  /** EventBridge expression; AWS Backup's default is `cron(0 5 ? * * *)`, daily at 5:00 UTC. */
  readonly schedule: string;
  /** Longest time between two backups of the schedule in seconds; absent when the expression is not understood. */
  readonly scheduleInterval?: number;
  readonly continuous: boolean;
  /** Days; absent means for ever. */
  readonly retentionDays?: number;
  /** Minutes in which a backup must start (default 480). */
  readonly startWindowMinutes?: number;
  /** Minutes in which a backup must be complete (default 10,080). */
  readonly completionWindowMinutes?: number;
  readonly copies: readonly BackupCopyFact[];
}

export interface BackupCopyFact {
  readonly destinationArn: string;
  readonly region?: string;
  readonly account?: string;
  /** The vault, when the assembly makes it: in whichever stack, Region or account. */
  readonly vaultId?: string;
  readonly retentionDays?: number;
}

export interface BackupSelectionFact {
  readonly name: string;
  /** ARNs with wildcards. */
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** Tags that a resource must all have. */
  readonly tags: Readonly<Record<string, string>>;
  /** Tags of which one is enough (`ListOfTags`). */
  readonly anyTag: readonly { readonly key: string; readonly value: string }[];
  /** Conditions of another kind than equality, which are not evaluated. */
  readonly otherConditions: number;
}

export interface RestoreTestingFact extends Fact {
  readonly name: string;
  readonly schedule?: string;
  readonly scheduleInterval?: number;
  readonly vaultArns: readonly string[];
  /** Vaults that the assembly makes. */
  readonly vaultIds: readonly string[];
  readonly selections: readonly {
    readonly name: string;
    /** `Aurora`, `DynamoDB`, ... */
    readonly resourceType?: string;
    readonly validationWindowHours?: number;
  }[];
}
