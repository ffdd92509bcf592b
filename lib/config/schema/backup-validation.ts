import { z } from 'zod';
import { NUMBER_RANGES } from '../../facts/limits';
import { duration } from './durations';
import { wholeNumber } from './numbers';
import { withRules } from './rules';
import { pattern, Rejection, sentence, text } from './scalar';

/** Characters. The function gets it in an environment of 4 KB (Lambda quotas). */
const LONGEST_QUERY = 2000;

/** One name, or two joined by a dot, as PostgreSQL and MySQL take them; written as they are stored. */
const tableName = () =>
  pattern(
    { title: 'a table', maxLength: 127, examples: ['public.orders'] },
    /^[A-Za-z_][A-Za-z0-9_$-]*(\.[A-Za-z_][A-Za-z0-9_$-]*)?$/,
    new Rejection('invalid-name', 'is not the name of a table', 'write <table> or <schema>.<table>, without quotes'),
  );

const columnName = () =>
  pattern(
    { title: 'a column', maxLength: 64, examples: ['created_at'] },
    /^[A-Za-z_][A-Za-z0-9_$-]*$/,
    new Rejection('invalid-name', 'is not the name of a column', 'write the name of the column, without quotes'),
  );

const attributeName = () =>
  pattern(
    { title: 'an attribute name', maxLength: 255, examples: ['createdAt'] },
    /^[A-Za-z0-9_.-]+$/,
    new Rejection('invalid-name', 'is not an attribute name', 'use letters, digits and _ . -'),
  );

const query = () =>
  text({ title: 'a query', maxLength: LONGEST_QUERY, examples: ['SELECT count(*) = 0 FROM orders WHERE total < 0'] }, (value) => {
    if (!/^\s*(select|with)\b/i.test(value)) {
      return new Rejection('invalid-value', 'is not a query', 'begin it with SELECT or WITH: it runs read-only');
    }
    if (/;\s*\S/.test(value)) return new Rejection('invalid-value', 'holds more than one statement', 'write one');
    if (value.length > LONGEST_QUERY) {
      return new Rejection('invalid-value', `has ${value.length} characters`, `use at most ${LONGEST_QUERY}, or a view`);
    }
    return value;
  });

const newestSchema = withRules(
  z.strictObject({
    table: tableName().optional().meta({
      description: 'Aurora: the table, with its schema unless it is `public` (PostgreSQL) or the own database (MySQL).',
    }),
    column: columnName().optional().meta({
      description:
        'Aurora: a date, a date and time (UTC unless it says otherwise), or seconds or milliseconds since 1970. An index helps.',
    }),
    attribute: attributeName().optional().meta({
      description: 'DynamoDB: an attribute on the top level with the same, as number or ISO 8601 text.',
    }),
  }),
  ({ table, column, attribute }, report) => {
    if (attribute !== undefined && (table !== undefined || column !== undefined)) {
      report(
        'conflicting-keys',
        ['attribute'],
        'attribute is for DynamoDB, table and column are for Aurora',
        'keep what fits the database',
      );
    } else if (attribute === undefined && (table === undefined || column === undefined)) {
      report(
        'conflicting-keys',
        [],
        'newest needs table and column (Aurora), or attribute (DynamoDB)',
        'add what is missing',
        'whole',
      );
    }
  },
);

export const backupValidationSchema = z
  .strictObject({
    minimumRows: wholeNumber('a number of rows', { min: 0, max: 1_000_000_000_000 }).prefault(1).meta({
      description:
        'Rows there have to be at least, in all tables together (items of a DynamoDB table). Tables above 256 MiB count by the engine’s statistics. 0 accepts an empty database.',
    }),
    newest: newestSchema.optional().meta({
      description:
        'Where the newest row is found. It may be as old as `objectives.recovery.rpo` when the restore test begins. Leave it out where nothing may be written for that long.',
    }),
    query: z
      .strictObject({
        sql: query().meta({ description: 'Answers with one row of one value. Runs read-only as the group’s validator.' }),
        expect: sentence('the value', ['0']).optional().meta({
          description: 'The value it has to answer with, as text. By default it has to be true.',
        }),
      })
      .optional()
      .meta({ description: 'A query of your own, Aurora only.' }),
    timeLimit: duration({ range: NUMBER_RANGES.restoreValidationTime, example: '10m' }).prefault('10m').meta({
      description: 'Time for all checks together, 10 s to 14 min.',
    }),
  })
  .meta({
    description:
      'What a restore test checks before it counts as good. Without it: that there is at least one row (docs/restore-testing.md).',
  });
