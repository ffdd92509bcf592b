import type { Duration } from 'aws-cdk-lib';
import { StampError } from '../../errors';
import { NUMBER_RANGES } from '../../facts/limits';

/** What differs between the Aurora engines. */
export interface AuroraTraits {
  readonly dialect: 'postgresql' | 'mysql';
  /** Family of both parameter groups, e.g. `aurora-postgresql16`. */
  readonly family: string;
  readonly port: number;
  /** Cluster parameters every member carries: parameter groups are not inherited inside a global database (aws-facts 4.1). */
  readonly clusterParameters: Record<string, string>;
  /** Cluster parameters of the home member alone. */
  readonly homeParameters: Record<string, string>;
  /** Log types exported to CloudWatch Logs. */
  readonly logExports: readonly string[];
}

const POSTGRESQL_VERSION = /^(\d+)\.\d+$/;
const MYSQL_VERSION = /^(\d+\.\d+)\.mysql_aurora\.\d+\.\d+\.\d+$/;

/** Throws a StampError for a version the engine does not spell like that, and for a lag bound the engine cannot hold. */
export function auroraTraits(engine: string, version: string, maxReplicationLag: Duration | undefined): AuroraTraits {
  return engine === 'aurora-postgresql' ? postgresql(version, maxReplicationLag) : mysql(version, maxReplicationLag);
}

function postgresql(version: string, maxReplicationLag: Duration | undefined): AuroraTraits {
  const major = POSTGRESQL_VERSION.exec(version)?.[1];
  if (major === undefined) {
    throw new StampError(
      'DATABASE_VERSION',
      `Aurora PostgreSQL has no version '${version}'`,
      'Give major and minor version, such as 16.8',
    );
  }
  return {
    dialect: 'postgresql',
    family: `aurora-postgresql${major}`,
    port: 5432,
    clusterParameters: { 'rds.force_ssl': '1' },
    homeParameters: managedRpo(maxReplicationLag),
    logExports: ['postgresql'],
  };
}

/**
 * Of the home member alone, as the Aurora guide recommends for two Regions: commits go on only while some secondary is within the bound. A
 * standby that took over because its peer was lost has no secondary left, and would stop every commit just after the failover.
 */
function managedRpo(maxReplicationLag: Duration | undefined): Record<string, string> {
  if (maxReplicationLag === undefined) return {};
  const seconds = maxReplicationLag.toSeconds();
  const { min, max } = NUMBER_RANGES.maxReplicationLag;
  if (seconds < min || seconds > max) {
    throw new StampError(
      'REPLICATION_LAG',
      `maxReplicationLag of ${seconds} s is outside the range of rds.global_db_rpo`,
      `Choose ${min} to ${max} seconds, or leave it out`,
    );
  }
  return { 'rds.global_db_rpo': String(seconds) };
}

function mysql(version: string, maxReplicationLag: Duration | undefined): AuroraTraits {
  const series = MYSQL_VERSION.exec(version)?.[1];
  if (series === undefined) {
    throw new StampError(
      'DATABASE_VERSION',
      `Aurora MySQL has no version '${version}'`,
      'Give the full version, such as 8.0.mysql_aurora.3.08.2',
    );
  }
  if (maxReplicationLag !== undefined) {
    throw new StampError(
      'REPLICATION_LAG',
      'maxReplicationLag is enforced by rds.global_db_rpo, which only Aurora PostgreSQL has',
      'Leave maxReplicationLag out for Aurora MySQL; the lag alarm stays',
    );
  }
  return {
    dialect: 'mysql',
    family: `aurora-mysql${series}`,
    port: 3306,
    clusterParameters: {
      require_secure_transport: 'ON',
      // The exported audit and slow-query logs stay empty unless the engine writes them.
      server_audit_logging: '1',
      server_audit_events: 'CONNECT,QUERY_DCL,QUERY_DDL',
      slow_query_log: '1',
    },
    homeParameters: {},
    logExports: ['audit', 'error', 'slowquery'],
  };
}
