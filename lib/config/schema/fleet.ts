import { z } from 'zod';
import { NUMBER_RANGES } from '../../facts/limits';
import { AWS_REGION_NAMES } from '../../facts/regions';
import { assumptionsSchema } from './assumptions';
import { list, mapping, tags } from './collections';
import { zoneSchema } from './group';
import { accountId, cidr } from './identifiers';
import { labelName, regionCode, regionName, regionReference } from './names';
import { wholeNumber } from './numbers';
import { quotasSchema } from './quotas';
import { pattern, Rejection, scalar, sentence, text } from './scalar';

const schemaVersion = () =>
  scalar({ title: '1', type: 'integer', minimum: 1, maximum: 1, examples: [1] }, (value): 1 | Rejection =>
    value === 1
      ? 1
      : new Rejection('unsupported-version', 'is not a version that this stampkit reads', 'write 1, or update stampkit'),
  );

const zoneLetter = () =>
  pattern(
    { title: 'a zone letter', examples: ['a'] },
    /^[a-z]$/,
    new Rejection('invalid-value', 'is not a zone letter', 'use the last letter of the Availability Zone: a for us-east-1a'),
  );

const regionSchema = z.strictObject({
  region: regionName(AWS_REGION_NAMES).meta({ description: 'AWS Region.' }),
  azs: list(zoneLetter(), { min: 1, max: 6 }).meta({
    description: 'Letters of its Availability Zones, in the order the subnets take. Explicit, because AWS may reorder them.',
  }),
  singleAzReason: sentence('the reason', ['this Region holds the witness only']).optional().meta({
    description: 'Why one zone is acceptable; required then.',
  }),
});

const networkSchema = z
  .strictObject({
    pool: cidr().prefault('10.0.0.0/8').meta({ description: 'Range that the networks of all stamps come from.' }),
    stampPrefix: wholeNumber('a prefix length', { min: NUMBER_RANGES.vpcPrefix.min, max: 24 }).prefault(20).meta({
      description: 'Size of one stamp’s network. /20 is 4,096 addresses.',
    }),
    reserved: list(cidr(), { max: 1000 }).prefault([]).meta({
      description: 'Ranges that belong to others and are never handed out.',
    }),
  })
  .meta({ description: 'Addresses. What a stamp got stays in fleet.lock.yaml and never moves.' });

const controlSchema = z
  .strictObject({
    regions: list(regionReference(), { min: 1, max: 10 }).meta({
      description:
        'Regions that hold the switches: two or three. The first lock also makes the control table there, so until then they are two and a witness, or three, in one Region set; the table never moves again (aws-facts 4.2).',
    }),
    witness: regionReference()
      .optional()
      .meta({ description: 'Witness Region of the control table, with two control Regions. Read by the first lock only.' }),
    joining: list(regionReference(), { max: 10 }).prefault([]).meta({
      description:
        'Control Regions that are being added, or set aside: their buckets and checks exist, but no verdict counts them.',
    }),
  })
  .meta({ description: 'Where operators switch stamps off and on.' });

const routingSchema = z
  .strictObject({
    stackRegion: regionReference().prefault('us-east-1').meta({
      description: 'Region of the routing stacks. The metrics of health checks exist only there (aws-facts 2.8).',
    }),
  })
  .meta({ description: 'Records and health checks.' });

const subscription = () =>
  text(
    { title: 'an address', maxLength: 2048, examples: ['mailto:oncall@example.com', 'https://events.example.com/stampkit'] },
    (value) => {
      if (/^mailto:[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) || (value.startsWith('https://') && URL.canParse(value))) return value;
      return new Rejection(
        'invalid-value',
        'is no address that alarms can be sent to',
        'write mailto:NAME@DOMAIN or an https:// URL',
      );
    },
  );

const alarmsSchema = z
  .strictObject({
    subscriptions: list(subscription(), { max: 20 }).prefault([]).meta({
      description:
        'Who is told: `mailto:` and `https://` addresses, subscribed to the topic of every stamp and of every routing stack.',
    }),
  })
  .meta({ description: 'Alarms.' });

/** fleet.yaml. Region references are as written: codes or names. */
export const fleetSchema = z
  .strictObject({
    schemaVersion: schemaVersion().meta({ description: 'Version of this format.' }),
    fleet: labelName('a fleet name', 20, 'shop').meta({
      description: 'Name of the fleet. Starts every name: it cannot be changed later.',
    }),
    account: accountId().meta({ description: 'AWS account of the fleet.' }),
    zone: zoneSchema.meta({ description: 'Public zone of the fleet.' }),
    regions: mapping(regionCode(), regionSchema).meta({
      description: 'Regions by code. A code is part of every name and address: the lock keeps it from being pointed elsewhere.',
    }),
    network: networkSchema.prefault({}),
    control: controlSchema,
    routing: routingSchema.prefault({}),
    alarms: alarmsSchema.prefault({}),
    assumptions: assumptionsSchema.prefault({}),
    quotas: quotasSchema.prefault([]).meta({
      description: 'Quotas that AWS raised, for `preflight`; what `--quota` gives and `--live` reads goes before them.',
    }),
    tags: tags().prefault({}).meta({ description: 'Tags of every stack.' }),
    // Judged by the schema of groups, part by part.
    defaults: z.record(z.string(), z.unknown()).prefault({}).meta({
      description: 'Any key of a group but `group` and `tenants`; a group’s own file goes before it.',
    }),
  })
  .meta({ title: 'The fleet', description: 'The file `stamps/fleet.yaml`.' });
