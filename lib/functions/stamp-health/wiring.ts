import { ComputeLoop } from '../../aws/health-probes/compute-loop';
import { DatabaseEndpoint } from '../../aws/health-probes/database-endpoint';
import { PointerReader, parameterFetcher } from '../../aws/health-probes/database-pointer';
import { Dependency } from '../../aws/health-probes/dependency';
import { httpGet } from '../../aws/health-probes/http-get';
import { iamLogin } from '../../aws/health-probes/login';
import { connectMysql } from '../../aws/health-probes/mysql';
import { connectPostgresql } from '../../aws/health-probes/postgresql';
import type { Clock, Probe } from '../../aws/health-probes/probe';
import { loadBalancingClient, parameterClient, tableClient } from '../../aws/health-probes/clients';
import { MYSQL, POSTGRESQL } from '../../aws/health-probes/sql-dialect';
import { KeptSession } from '../../aws/health-probes/sql-session';
import { Table } from '../../aws/health-probes/table';
import { TargetHealth } from '../../aws/health-probes/target-health';
import type { DatabaseSettings } from '../../health/database';
import { Monitor } from './monitor';
import type { HealthSettings } from './settings';

/** From settings to a monitor with real probes. */
export function buildMonitor(settings: HealthSettings, now: Clock, log: (line: string) => void): Monitor {
  return new Monitor({
    stampId: settings.stampId,
    database: databaseSettings(settings),
    compute:
      settings.compute.kind === 'loop'
        ? new ComputeLoop(settings.compute, httpGet)
        : new TargetHealth(settings.compute.targetGroupArn, loadBalancingClient(settings.region)),
    ...databaseProbes(settings, now),
    dependencies: settings.dependencies.map(({ name, url, shared }) => ({ name, shared, probe: new Dependency(url, httpGet) })),
    now,
    log,
  });
}

function databaseSettings(settings: HealthSettings): DatabaseSettings {
  const { kind } = settings.database;
  return {
    topology: kind === 'none' ? 'none' : kind === 'dynamodb' ? 'multi-active' : 'single-writer',
    writerGraceSeconds: settings.writerGraceSeconds,
    replicaGraceSeconds: settings.replicaGraceSeconds,
    ...(settings.warnLagSeconds !== undefined && { warnLagSeconds: settings.warnLagSeconds }),
    shared: settings.database.kind !== 'none' && settings.database.shared,
    standbyServes: settings.standbyServes,
  };
}

function databaseProbes({ database, region }: HealthSettings, now: Clock): { writer?: Probe; reader?: Probe } {
  if (database.kind === 'none') return {};
  const pointer = new PointerReader(parameterFetcher(parameterClient(region), database.parameter), now);
  if (database.kind === 'dynamodb') return { writer: new Table(pointer, tableClient(region)) };
  if (database.kind === 'connection') {
    return { writer: new DatabaseEndpoint('writer', pointer, undefined) };
  }
  const login = iamLogin(database.user ?? '', region);
  const [dialect, connect] =
    database.kind === 'postgresql' ? [POSTGRESQL, connectPostgresql(login)] : [MYSQL, connectMysql(login)];
  const endpoint = (which: 'writer' | 'reader'): Probe =>
    new DatabaseEndpoint(which, pointer, { dialect, region, session: new KeptSession(connect, now) });
  return { writer: endpoint('writer'), reader: endpoint('reader') };
}
