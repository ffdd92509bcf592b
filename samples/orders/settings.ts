/** What a stamp gives its containers (docs/application-contract.md). Read once, at start; nothing about a Region is in the image. */
export interface Settings {
  readonly stamp: string;
  readonly group: string;
  readonly region: string;
  /** What users get while this stamp's database is not the writer. */
  readonly standbyServes: 'reads' | 'none';
  readonly host: string;
  readonly port: number;
  readonly queueUrl: string | undefined;
  readonly database: DatabaseSettings | undefined;
}

/** The document in `STAMP_DATABASE`. Keys that are not known are left alone: it may grow. */
export type DatabaseSettings =
  | {
      readonly engine: 'aurora-postgresql';
      readonly writer: string;
      readonly reader: string;
      readonly port: number;
      readonly name: string;
    }
  | { readonly engine: 'dynamodb'; readonly table: string };

export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const required = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Error(`the environment variable ${name} is not set`);
    return value;
  };
  const database = environment['STAMP_DATABASE'];
  return {
    stamp: required('STAMP_ID'),
    group: required('STAMP_GROUP'),
    region: required('STAMP_REGION'),
    standbyServes: environment['STAMP_STANDBY_SERVES'] === 'none' ? 'none' : 'reads',
    host: environment['HOST'] ?? '0.0.0.0',
    port: Number(environment['PORT'] ?? 8080),
    queueUrl: environment['STAMP_QUEUE_URL'],
    database: database === undefined ? undefined : (JSON.parse(database) as DatabaseSettings),
  };
}
