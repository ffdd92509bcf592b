/** What a backup plan protects. */
export enum BackupResourceType {
  /** Aurora clusters; continuous backup is AWS Backup's. */
  AURORA = 'Aurora',
  /** DynamoDB tables; their point-in-time recovery is the table's own setting (aws-facts 5.4). */
  DYNAMODB = 'DynamoDB',
}

/** How often the scheduled backup runs, and with it every copy (aws-facts 5.3). */
export enum BackupSchedule {
  /** At every full hour, the shortest AWS Backup offers (aws-facts 5.4). */
  HOURLY = 'hourly',
  /** 05:00 UTC. */
  DAILY = 'daily',
  /** Sunday 05:00 UTC. */
  WEEKLY = 'weekly',
}

/** Vault lock (aws-facts 5.2). */
export enum BackupLock {
  /** No lock: whoever may delete recovery points can. */
  NONE = 'none',
  /** Can be removed with sufficient IAM permission. */
  GOVERNANCE = 'governance',
  /** Once the grace time is over nobody can remove it, AWS included, while the vault holds recovery points. */
  COMPLIANCE = 'compliance',
}

/** How often a restore test runs. */
export enum RestoreTestSchedule {
  /** No restore tests. */
  NONE = 'none',
  /** Every day at 10:00 UTC. */
  DAILY = 'daily',
  /** Tuesdays at 10:00 UTC. */
  WEEKLY = 'weekly',
  /** On the first of the month at 10:00 UTC. */
  MONTHLY = 'monthly',
}
