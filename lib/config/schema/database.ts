import { z } from 'zod';
import { NUMBER_RANGES } from '../../facts/limits';
import { list, mapping } from './collections';
import { duration } from './durations';
import { engineVersion } from './identifiers';
import { dnsName, regionReference } from './names';
import { decimal, option, wholeNumber } from './numbers';
import { withRules } from './rules';
import { pattern, Rejection } from './scalar';

const readers = () =>
  wholeNumber('a number of readers', NUMBER_RANGES.readers).prefault(1).meta({
    description: 'Readers beside the writer. Without one a lost writer is created again, which takes minutes (aws-facts 10.3).',
  });

const databaseName = () =>
  pattern(
    { title: 'a database name', maxLength: 63, examples: ['app'] },
    /^[a-z][a-z0-9_]*$/,
    new Rejection('invalid-name', 'is not a database name', 'use lower-case letters, digits and _, the first a letter'),
  );

const auroraSchema = withRules(
  z
    .strictObject({
      engine: z
        .enum(['aurora-postgresql', 'aurora-mysql'])
        .meta({ description: 'Aurora; with several Regions a global database with one writer.' }),
      version: engineVersion().meta({ description: 'Engine version in quotes, the same in all Regions.' }),
      name: databaseName().prefault('app').meta({ description: 'Name of the database inside the cluster.' }),
      serverless: z
        .strictObject({
          minAcu: decimal('ACU', NUMBER_RANGES.minAcu, 0.5).meta({
            description: 'Least capacity; members of a global database need 8 (aws-facts 16).',
          }),
          maxAcu: decimal('ACU', NUMBER_RANGES.maxAcu, 0.5).meta({ description: 'Most capacity.' }),
          readers: readers(),
        })
        .optional()
        .meta({ description: 'Serverless v2 instances. Exactly one of `serverless` and `provisioned` is given.' }),
      provisioned: z
        .strictObject({
          instance: pattern(
            { title: 'an instance class', examples: ['db.r8g.large'] },
            /^db\.[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
            (value) =>
              new Rejection(
                'invalid-value',
                'is not an instance class',
                /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(value)
                  ? `did you mean "db.${value}"?`
                  : 'use a DB instance class such as db.r8g.large',
              ),
          ).meta({ description: 'DB instance class of the writer and the readers.' }),
          readers: readers(),
        })
        .optional()
        .meta({ description: 'Instances of a fixed size.' }),
      maxReplicationLag: duration({ range: NUMBER_RANGES.maxReplicationLag, example: '30s' }).optional().meta({
        description:
          'PostgreSQL only: commits wait when every other Region lags behind further (`rds.global_db_rpo`, 20 s or more, aws-facts 4.1).',
      }),
    })
    .meta({ title: 'aurora-postgresql, aurora-mysql' }),
  ({ serverless, provisioned }, report) => {
    if (serverless !== undefined && provisioned !== undefined) {
      report('conflicting-keys', ['provisioned'], 'serverless and provisioned exclude each other', 'keep one of them');
    }
    if (serverless === undefined && provisioned === undefined) {
      report('conflicting-keys', [], 'neither serverless nor provisioned is given', 'add one of them', 'whole');
    }
  },
);

const attributeName = () =>
  pattern(
    { title: 'an attribute name', maxLength: 255, examples: ['pk'] },
    /^[A-Za-z0-9_.-]+$/,
    new Rejection('invalid-name', 'is not an attribute name', 'use letters, digits and _ . -'),
  );

const keyAttribute = () =>
  z.strictObject({
    name: attributeName().meta({ description: 'Name of the attribute.' }),
    type: option(['string', 'number', 'binary']).prefault('string').meta({ description: 'Type of the attribute.' }),
  });

const dynamoDbSchema = z
  .strictObject({
    engine: z.literal('dynamodb').meta({ description: 'A DynamoDB global table; every stamp reads and writes its own replica.' }),
    consistency: option(['eventual', 'strong']).meta({
      description:
        '`eventual`: any Regions, seconds of loss. `strong`: three Regions of one set, no loss. Cannot be changed later (aws-facts 4.2).',
    }),
    witness: regionReference().optional().meta({ description: 'Witness Region of a `strong` table with two replicas.' }),
    partitionKey: keyAttribute().prefault({ name: 'pk', type: 'string' }).meta({ description: 'Partition key of the table.' }),
    sortKey: keyAttribute().optional().meta({ description: 'Sort key of the table.' }),
    indexes: list(
      z.strictObject({
        name: pattern(
          { title: 'an index name', maxLength: 255, examples: ['by-email'] },
          /^[A-Za-z0-9_.-]{3,255}$/,
          new Rejection('invalid-name', 'is not an index name', 'use 3 to 255 letters, digits and _ . -'),
        ).meta({ description: 'Name of the index.' }),
        partitionKey: keyAttribute().meta({ description: 'Partition key of the index.' }),
        sortKey: keyAttribute().optional().meta({ description: 'Sort key of the index.' }),
      }),
      { max: 20 },
    )
      .prefault([])
      .meta({ description: 'Global secondary indexes.' }),
    timeToLive: attributeName()
      .optional()
      .meta({ description: 'Attribute with the time of expiry; not with `strong` (aws-facts 4.2).' }),
    keyArns: mapping(
      regionReference(),
      pattern(
        { title: 'a key ARN', examples: ['arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555'] },
        /^arn:[a-zA-Z0-9:/_-]+$/,
        new Rejection('invalid-value', 'is not the ARN of a KMS key', 'use arn:aws:kms:<region>:<account>:key/<id>'),
      ),
    )
      .prefault({})
      .meta({ description: 'Customer-managed key per Region, for all Regions or none; otherwise AWS-managed keys.' }),
  })
  .meta({ title: 'dynamodb' });

const PORTS: Readonly<Record<string, number>> = { postgresql: 5432, mysql: 3306 };
const port = () => wholeNumber('a port', { min: 1, max: 65_535 });

/** Endpoints as they are written: reader and port may be left out. */
const writtenExternalSchema = withRules(
  z
    .strictObject({
      engine: z.literal('external').meta({ description: 'A database that somebody else runs and replicates.' }),
      protocol: option(['postgresql', 'mysql', 'other']).meta({ description: 'What the health function speaks to it.' }),
      name: databaseName().prefault('app').meta({ description: 'Name of the database.' }),
      endpoints: mapping(
        regionReference(),
        z.strictObject({
          writer: dnsName('a host name', 'writer.db.example.com').meta({ description: 'Host that takes writes.' }),
          reader: dnsName('a host name', 'reader.db.example.com').optional().meta({
            description: 'Host that takes reads. By default the writer.',
          }),
          port: port().optional().meta({ description: 'Port of both. By default 5432 or 3306; `other` needs one.' }),
        }),
      ).meta({ description: 'Per Region where the stamp writes and reads.' }),
    })
    .meta({ title: 'external' }),
  ({ protocol, endpoints }, report) => {
    if (protocol !== 'other' || typeof endpoints !== 'object') return;
    for (const [region, endpoint] of Object.entries(endpoints)) {
      if (endpoint.port !== undefined) continue;
      report('missing-key', ['endpoints', region, 'port'], 'port is missing: protocol other has no usual one', 'add it', 'whole');
    }
  },
);

const noDatabaseSchema = z
  .strictObject({ engine: z.literal('none').meta({ description: 'The group keeps no data.' }) })
  .meta({ title: 'none' });

export const databaseSchema = z
  .discriminatedUnion('engine', [auroraSchema, dynamoDbSchema, writtenExternalSchema, noDatabaseSchema])
  .meta({ description: 'Where the group keeps its data.' });

/** Reader and port of endpoints that leave them out. */
export function completeEndpoint(
  protocol: string,
  {
    writer,
    reader = writer,
    port: given = PORTS[protocol] ?? 0,
  }: { writer: string; reader?: string | undefined; port?: number | undefined },
): { writer: string; reader: string; port: number } {
  return { writer, reader, port: given };
}
