import type { Client } from 'pg';
import type { MasterSession } from '../../../lib/aws/database-bootstrap/master-session';
import { connectPostgresqlMaster } from '../../../lib/aws/database-bootstrap/postgresql-connection';
import type { BootstrapRequest } from '../../../lib/aws/database-bootstrap/request';
import type { Postgres } from '../../support/postgres';

export const HOST = 'localhost';
export const MASTER = { user: 'stampadmin', password: 'master-secret' };
export const USER_PASSWORD = 'only-tests-have-passwords';

/**
 * What RDS makes of a fresh cluster: a master user that is no superuser, but may create roles and databases, and a role for login by IAM
 * that it may hand on, by being a member of rds_superuser, without having it.
 */
export async function makeRdsLike(postgres: Postgres): Promise<void> {
  await postgres.run(
    'postgres',
    'CREATE ROLE rds_superuser',
    'CREATE ROLE rds_iam',
    'GRANT rds_iam TO rds_superuser WITH ADMIN TRUE, INHERIT FALSE, SET FALSE',
    `CREATE ROLE stampadmin LOGIN CREATEROLE CREATEDB PASSWORD '${MASTER.password}' IN ROLE rds_superuser`,
  );
}

let made = 0;

/** A database of its own, and users of its own, so that the tests of one server do not meet. */
export async function freshDatabase(postgres: Postgres): Promise<BootstrapRequest> {
  made += 1;
  const database = `app${made}`;
  const creator = await postgres.connect({ ...MASTER });
  await creator.query(`CREATE DATABASE ${database}`);
  await creator.end();
  const users = { app: `stamp_app_g${made}`, probe: `stamp_probe_g${made}`, validator: `stamp_validator_g${made}` };
  return { database, users, probeConnectionLimit: 3 };
}

/** The code under test logs in as on AWS: by TLS with a verified certificate. */
export async function asMaster<T>(
  { port }: Postgres,
  ca: string,
  database: string,
  work: (session: MasterSession) => Promise<T>,
): Promise<T> {
  const session = await connectPostgresqlMaster({ host: HOST, port, database }, { ...MASTER, ca });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** Passwords for users that have none, and a real login as one of them. */
export async function loginAs(postgres: Postgres, database: string, user: string): Promise<Client> {
  const quoted = `"${user.replaceAll('"', '""')}"`;
  await postgres.run('postgres', `ALTER ROLE ${quoted} PASSWORD '${USER_PASSWORD}'`);
  return postgres.connect({ user, password: USER_PASSWORD, database });
}
