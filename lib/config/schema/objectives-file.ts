import { z } from 'zod';
import { assumptionsSchema } from './assumptions';
import { list } from './collections';
import { duration } from './durations';
import { failure, objectivesSchema } from './objectives';
import { Rejection, pattern } from './scalar';

const text = (title: string, form: RegExp, example: string) =>
  pattern(
    { title, examples: [example] },
    form,
    new Rejection('invalid-value', `is not ${title}`, `write ${title} such as ${example}`),
  );

const requests = (what: string) => z.number().positive().max(1_000_000_000).meta({ description: what });

const stampSchema = z.strictObject({
  id: text('an account and a Region', /^[A-Za-z0-9-]{1,128}(\/[a-z0-9-]{1,64})?$/, '111111111111/us-east-1').meta({
    description: 'ACCOUNT/REGION: all stacks of the assembly in that account and Region.',
  }),
  role: z.enum(['primary', 'standby', 'active', 'single']).optional().meta({
    description: 'By default from the records: the failover record’s role, `active` for other policies, `single` for one stamp.',
  }),
  share: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta({ description: 'Share of the demand in usual times. By default equal shares.' }),
});

const groupSchema = z.strictObject({
  name: text('a name', /^[a-z][a-z0-9-]{0,62}$/, 'shop').meta({ description: 'What to call it in findings.' }),
  record: text('a DNS name', /^[A-Za-z0-9_*][A-Za-z0-9_.*-]{0,252}$/, 'www.example.com').meta({
    description: 'The name that users resolve.',
  }),
  stamps: list(stampSchema, { max: 50 }).prefault([]).meta({
    description: 'Where it runs. By default every account and Region that the records of `record` lead to.',
  }),
  objectives: objectivesSchema,
  tenants: z.int().min(0).max(10_000_000).prefault(1).meta({ description: 'How many, for the blast radius.' }),
  peakRequestsPerSecond: requests('Of the whole group. Without it capacity is not judged.').optional(),
  requestsPerSecondPerTask: requests('What one task takes. Without it capacity is not judged.').optional(),
  writerGrace: duration({ range: { min: 0, max: 3600 }, example: '90s' })
    .prefault('0s')
    .meta({
      description: 'How long a health check forgives a silent database.',
    }),
  accept: list(z.strictObject({ failure: failure(), reason: z.string().min(1).max(500) }), { max: 50 })
    .prefault([])
    .meta({
      description: 'Failures that it knowingly does not survive.',
    }),
});

/** `verify --objectives FILE`: what the templates of an assembly that stampkit did not generate cannot say. */
export const objectivesFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  assumptions: assumptionsSchema.prefault({}),
  groups: list(groupSchema, { min: 1, max: 1000 }),
});
