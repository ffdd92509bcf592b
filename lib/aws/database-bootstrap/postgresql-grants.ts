import type { Relation, Rights, SchemaRights } from './postgresql-state';
import type { BootstrapRequest, Plan, Skip, Step } from './request';
import { postgresqlIdentifier as quoted } from './sql-text';

/** The one schema where the application user may create: nobody else logs in by IAM and could bring its tables into being. */
const HOME_SCHEMA = 'public';

/** Default privileges: object types as the catalog spells them. */
const TYPES = [
  { type: 'r', words: 'TABLES', app: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'], validator: ['SELECT'] },
  { type: 'S', words: 'SEQUENCES', app: ['USAGE', 'SELECT', 'UPDATE'], validator: ['SELECT'] },
  { type: 'n', words: 'SCHEMAS', app: ['USAGE'], validator: ['USAGE'] },
] as const;

/** Every right of the three users on what is there and on what will come; nothing that they have already. */
export function planGrants(request: BootstrapRequest, master: string, rights: Rights): Plan {
  const plans = [
    planDatabase(request, rights),
    ...rights.schemas.map((schema) => planSchema(request, schema, rights.others)),
    planRelations(request, rights.relations),
    planDefaults(request, master, rights),
    planFunctions(request, rights),
  ];
  return merge(...plans);
}

function planDatabase({ database, users }: BootstrapRequest, { database: rights, others }: Rights): Plan {
  const name = quoted(database);
  const grant = (has: boolean, privilege: string, user: string): Step[] =>
    has
      ? []
      : [
          {
            what: `grant ${privilege} on database ${database} to ${user}`,
            sql: `GRANT ${privilege} ON DATABASE ${name} TO ${quoted(user)}`,
          },
        ];
  const steps = [
    ...grant(rights.appConnect, 'CONNECT', users.app),
    ...grant(rights.appTemporary, 'TEMPORARY', users.app),
    ...grant(rights.probeConnect, 'CONNECT', users.probe),
    ...grant(rights.validatorConnect, 'CONNECT', users.validator),
  ];
  const revoke = {
    what: `revoke TEMPORARY on database ${database} from PUBLIC`,
    sql: `REVOKE TEMPORARY ON DATABASE ${name} FROM PUBLIC`,
  };
  return owned(rights.may, `database ${database}`, steps, rights.publicTemporary ? revokeFromAll(revoke, others) : NOTHING);
}

function planSchema({ users }: BootstrapRequest, schema: SchemaRights, others: readonly string[]): Plan {
  const name = quoted(schema.name);
  const home = schema.name === HOME_SCHEMA;
  const grant = (has: boolean, privilege: string, user: string): Step[] =>
    has
      ? []
      : [
          {
            what: `grant ${privilege} on schema ${schema.name} to ${user}`,
            sql: `GRANT ${privilege} ON SCHEMA ${name} TO ${quoted(user)}`,
          },
        ];
  const steps = [
    ...grant(schema.appUsage, 'USAGE', users.app),
    ...grant(!home || schema.appCreate, 'CREATE', users.app),
    ...grant(schema.validatorUsage, 'USAGE', users.validator),
  ];
  if (!home) return owned(schema.may, `schema ${schema.name}`, steps, NOTHING);
  const revoke = (privilege: string): Step => ({
    what: `revoke ${privilege} on schema ${schema.name} from PUBLIC`,
    sql: `REVOKE ${privilege} ON SCHEMA ${name} FROM PUBLIC`,
  });
  // PostgreSQL 15 took CREATE away from everybody: whoever may create in public can put a function in another user's way.
  const create: Plan = schema.publicCreate ? { steps: [revoke('CREATE')], skipped: [] } : NOTHING;
  const usage = schema.publicUsage ? revokeFromAll(revoke('USAGE'), others) : NOTHING;
  return owned(schema.may, `schema ${schema.name}`, steps, merge(create, usage));
}

function planRelations({ users }: BootstrapRequest, relations: readonly Relation[]): Plan {
  const steps: Step[] = [];
  const foreign = relations.filter(({ may }) => !may);
  const groups = new Map<string, Relation[]>();
  for (const relation of relations.filter(({ may }) => may)) {
    const key = JSON.stringify([relation.schema, relation.sequence]);
    groups.set(key, [...(groups.get(key) ?? []), relation]);
  }
  for (const group of groups.values()) {
    const { schema, sequence } = group[0] as Relation;
    const words = sequence ? 'sequences' : 'tables';
    const grant = (user: string, privileges: string, lacking: Relation[]): void => {
      if (lacking.length === 0) return;
      const names = lacking.map((relation) => `${quoted(relation.schema)}.${quoted(relation.name)}`).join(', ');
      steps.push({
        what: `grant ${privileges} on ${lacking.length} ${words} of schema ${schema} to ${user}`,
        sql: `GRANT ${privileges} ON ${sequence ? 'SEQUENCE' : 'TABLE'} ${names} TO ${quoted(user)}`,
      });
    };
    const kind = sequence ? TYPES[1] : TYPES[0];
    grant(
      users.app,
      kind.app.join(', '),
      group.filter(({ app }) => !app),
    );
    grant(
      users.validator,
      kind.validator.join(', '),
      group.filter(({ validator }) => !validator),
    );
  }
  const skipped = foreign.map(({ schema, name }): Skip => ({
    what: `grant rights on ${schema}.${name}`,
    why: 'it belongs to a role that is neither the master user nor the application user',
  }));
  return { steps, skipped };
}

/** What the application creates the validator may read; what the master user creates is for both. */
function planDefaults({ users }: BootstrapRequest, master: string, { defaults }: Rights): Plan {
  const has = new Set(
    defaults.map(({ creator, type, grantee, privilege }) => JSON.stringify([creator, type, grantee, privilege])),
  );
  const wishes = TYPES.flatMap((kind) => [
    { ...kind, creator: master, grantee: users.app, privileges: kind.app },
    { ...kind, creator: master, grantee: users.validator, privileges: kind.validator },
    { ...kind, creator: users.app, grantee: users.validator, privileges: kind.validator },
  ]);
  const steps = wishes.flatMap(({ type, words, creator, grantee, privileges }): Step[] => {
    const missing = privileges.filter((privilege) => !has.has(JSON.stringify([creator, type, grantee, privilege])));
    if (missing.length === 0) return [];
    const list = missing.join(', ');
    return [
      {
        what: `grant ${list} on future ${words.toLowerCase()} of ${creator} to ${grantee}`,
        sql: `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoted(creator)} GRANT ${list} ON ${words} TO ${quoted(grantee)}`,
      },
    ];
  });
  return { steps, skipped: [] };
}

function planFunctions({ users }: BootstrapRequest, { functions }: Rights): Plan {
  const lacking = functions.filter(({ probe }) => !probe);
  return {
    steps: lacking
      .filter(({ may }) => may)
      .map(({ signature }) => ({
        what: `grant EXECUTE on ${signature} to ${users.probe}`,
        sql: `GRANT EXECUTE ON FUNCTION ${signature} TO ${quoted(users.probe)}`,
      })),
    skipped: lacking
      .filter(({ may }) => !may)
      .map(({ signature }) => ({ what: `grant EXECUTE on ${signature} to ${users.probe}`, why: 'it belongs to the server' })),
  };
}

const NOTHING: Plan = { steps: [], skipped: [] };

function merge(...plans: readonly Plan[]): Plan {
  return { steps: plans.flatMap(({ steps }) => steps), skipped: plans.flatMap(({ skipped }) => skipped) };
}

/** Grants on something the master user does not own would only raise warnings. */
function owned(may: boolean, thing: string, steps: readonly Step[], more: Plan): Plan {
  if (may) return merge({ steps, skipped: [] }, more);
  const wanted = [...steps, ...more.steps];
  return { steps: [], skipped: wanted.map(({ what }) => ({ what, why: `${thing} does not belong to the master user` })) };
}

/** Only where nobody else is known to live on it. */
function revokeFromAll(step: Step, others: readonly string[]): Plan {
  if (others.length === 0) return { steps: [step], skipped: [] };
  return { steps: [], skipped: [{ what: step.what, why: `other logins may need it: ${others.join(', ')}` }] };
}
