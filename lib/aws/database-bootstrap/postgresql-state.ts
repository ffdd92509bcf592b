/**
 * What the catalogs say about rights, before anything is granted. The users exist by then. Grants to PUBLIC do not count as a user's own
 * on database and schemas: they may be revoked any day.
 */

const ROLE_OF = (parameter: string): string => `(SELECT oid FROM pg_roles WHERE rolname = ${parameter}::name)`;

const HELD = (acl: string, role: string, privilege: string): string =>
  `EXISTS (SELECT FROM aclexplode(${acl}) a WHERE a.grantee = ${role} AND a.privilege_type = '${privilege}')`;

/** The grantee of grants to PUBLIC. */
const EVERYBODY = '0';

const DATABASE_ACL = `coalesce(d.datacl, acldefault('d', d.datdba))`;
const SCHEMA_ACL = `coalesce(n.nspacl, acldefault('n', n.nspowner))`;

/** Schemas of the application: not the server's own, and not those that an extension made. */
const OF_THE_APPLICATION = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_namespace'::regclass AND x.objid = n.oid AND x.deptype = 'e')`;

/** `$1`: application user, `$2`: probe, `$3`: validator. One row. `may`: the master user may grant. */
export const DATABASE_QUERY = `
SELECT pg_has_role(d.datdba, 'USAGE') AS may,
  ${HELD(DATABASE_ACL, ROLE_OF('$1'), 'CONNECT')} AS "appConnect", ${HELD(DATABASE_ACL, ROLE_OF('$1'), 'TEMPORARY')} AS "appTemporary",
  ${HELD(DATABASE_ACL, ROLE_OF('$2'), 'CONNECT')} AS "probeConnect", ${HELD(DATABASE_ACL, ROLE_OF('$3'), 'CONNECT')} AS "validatorConnect",
  ${HELD(DATABASE_ACL, EVERYBODY, 'TEMPORARY')} AS "publicTemporary"
FROM pg_database d WHERE d.datname = current_database()`;

export interface DatabaseRights {
  readonly may: boolean;
  readonly appConnect: boolean;
  readonly appTemporary: boolean;
  readonly probeConnect: boolean;
  readonly validatorConnect: boolean;
  readonly publicTemporary: boolean;
}

/** `$1`: application user, `$2`: validator. One row per schema of the application. */
export const SCHEMAS_QUERY = `
SELECT n.nspname::text AS name, pg_has_role(n.nspowner, 'USAGE') AS may,
  ${HELD(SCHEMA_ACL, ROLE_OF('$1'), 'USAGE')} AS "appUsage", ${HELD(SCHEMA_ACL, ROLE_OF('$1'), 'CREATE')} AS "appCreate",
  ${HELD(SCHEMA_ACL, ROLE_OF('$2'), 'USAGE')} AS "validatorUsage",
  ${HELD(SCHEMA_ACL, EVERYBODY, 'USAGE')} AS "publicUsage", ${HELD(SCHEMA_ACL, EVERYBODY, 'CREATE')} AS "publicCreate"
FROM pg_namespace n WHERE ${OF_THE_APPLICATION} ORDER BY 1`;

export interface SchemaRights {
  readonly name: string;
  readonly may: boolean;
  readonly appUsage: boolean;
  readonly appCreate: boolean;
  readonly validatorUsage: boolean;
  readonly publicUsage: boolean;
  readonly publicCreate: boolean;
}

const WRITES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/** `$1`: application user, `$2`: validator. Tables, views and sequences of the application on which a right is missing. Members of extensions are left alone. */
export const RELATIONS_QUERY = `
SELECT * FROM (
  SELECT n.nspname::text AS schema, c.relname::text AS name, c.relkind = 'S' AS sequence, pg_has_role(c.relowner, 'USAGE') AS may,
    CASE WHEN c.relkind = 'S'
      THEN has_sequence_privilege($1::name, c.oid, 'USAGE') AND has_sequence_privilege($1::name, c.oid, 'SELECT') AND has_sequence_privilege($1::name, c.oid, 'UPDATE')
      ELSE ${WRITES.map((right) => `has_table_privilege($1::name, c.oid, '${right}')`).join(' AND ')}
    END AS app,
    CASE WHEN c.relkind = 'S'
      THEN has_sequence_privilege($2::name, c.oid, 'SELECT') ELSE has_table_privilege($2::name, c.oid, 'SELECT')
    END AS validator
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${OF_THE_APPLICATION}
    AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
) relation WHERE NOT (app AND validator) ORDER BY schema, name`;

export interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly sequence: boolean;
  readonly may: boolean;
  /** The application user has all it needs. */
  readonly app: boolean;
  readonly validator: boolean;
}

/** `$1`: creators, `$2`: grantees. What objects get that a creator makes in any schema. */
export const DEFAULTS_QUERY = `
SELECT c.rolname::text AS creator, d.defaclobjtype::text AS type, g.rolname::text AS grantee, a.privilege_type AS privilege
FROM pg_default_acl d JOIN pg_roles c ON c.oid = d.defaclrole, aclexplode(d.defaclacl) a JOIN pg_roles g ON g.oid = a.grantee
WHERE d.defaclnamespace = 0 AND c.rolname = ANY ($1::text[]) AND g.rolname = ANY ($2::text[])`;

export interface DefaultRight {
  readonly creator: string;
  /** `r` tables, `S` sequences, `n` schemas. */
  readonly type: string;
  readonly grantee: string;
  readonly privilege: string;
}

/** Aurora's functions that the health checks ask (lib/aws/health-probes/sql-dialect.ts). `$1`: the probe. */
export const FUNCTIONS_QUERY = `
SELECT p.oid::regprocedure::text AS signature, has_function_privilege($1::name, p.oid, 'EXECUTE') AS probe, pg_has_role(p.proowner, 'USAGE') AS may
FROM pg_proc p
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN ('aurora_global_db_instance_status', 'aurora_global_db_status')
ORDER BY 1`;

export interface StatusFunction {
  /** Already quoted by the server. */
  readonly signature: string;
  readonly probe: boolean;
  readonly may: boolean;
}

/**
 * `$1`: names to leave out. Who else logs in and has been given something in this database, itself or by a group, apart from superusers
 * and RDS's own: they may also live on what PUBLIC may do.
 */
export const OTHERS_QUERY = `
SELECT DISTINCT r.rolname::text AS name FROM pg_roles r
JOIN pg_shdepend s ON s.refclassid = 'pg_authid'::regclass AND pg_has_role(r.oid, s.refobjid, 'MEMBER')
JOIN pg_database d ON d.datname = current_database() AND (s.dbid = d.oid OR (s.classid = 'pg_database'::regclass AND s.objid = d.oid))
WHERE r.rolcanlogin AND NOT r.rolsuper AND r.rolname <> current_user AND r.rolname <> ALL ($1::text[]) AND r.rolname NOT LIKE 'rds%'
ORDER BY 1`;

/** `$1`: application user, `$2`: probe, `$3`: validator. Rows: what a user cannot do, by whatever grant, and cannot work without. */
export const ESSENTIALS_QUERY = `
SELECT what FROM (VALUES
  (format('CONNECT for %s', $1::text), has_database_privilege($1::name, current_database(), 'CONNECT')),
  (format('CONNECT for %s', $2::text), has_database_privilege($2::name, current_database(), 'CONNECT')),
  (format('CONNECT for %s', $3::text), has_database_privilege($3::name, current_database(), 'CONNECT')),
  (format('USAGE on schema public for %s', $1::text), coalesce(has_schema_privilege($1::name, to_regnamespace('public')::oid, 'USAGE'), true)),
  (format('CREATE on schema public for %s', $1::text), coalesce(has_schema_privilege($1::name, to_regnamespace('public')::oid, 'CREATE'), true)),
  (format('USAGE on schema public for %s', $3::text), coalesce(has_schema_privilege($3::name, to_regnamespace('public')::oid, 'USAGE'), true))
) needed (what, there) WHERE NOT there`;

export interface Rights {
  readonly database: DatabaseRights;
  readonly schemas: readonly SchemaRights[];
  readonly relations: readonly Relation[];
  readonly defaults: readonly DefaultRight[];
  readonly functions: readonly StatusFunction[];
  readonly others: readonly string[];
}
