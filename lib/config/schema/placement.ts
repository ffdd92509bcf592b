import { z } from 'zod';
import { NUMBER_RANGES } from '../../facts/limits';
import { list, mapping } from './collections';
import { percentage } from './durations';
import { regionReference } from './names';
import { wholeNumber } from './numbers';
import { pattern, Rejection } from './scalar';

const area = () =>
  pattern(
    { title: 'an area', examples: ['continent:EU'] },
    /^(continent|country):[A-Za-z0-9:/]+$/,
    new Rejection('invalid-value', 'is not an area', 'use continent:EU, country:DE or country:US/state:CA'),
  );

const routingSchema = z
  .discriminatedUnion('policy', [
    z.strictObject({ policy: z.literal('latency').meta({ description: 'The stamp with the lowest latency answers.' }) }),
    z.strictObject({
      policy: z.literal('weighted').meta({ description: 'Stamps answer in proportion to their weights.' }),
      weights: mapping(regionReference(), wholeNumber('a weight', NUMBER_RANGES.weight)).meta({
        description: 'Weight per Region, 0 to 255 (aws-facts 1.8).',
      }),
    }),
    z.strictObject({
      policy: z.literal('geolocation').meta({ description: 'The stamp answers that serves the area of the client.' }),
      areas: mapping(regionReference(), list(area(), { max: 100 })).meta({
        description: 'Areas per Region: `continent:EU`, `country:DE` or `country:US/state:CA`.',
      }),
      default: regionReference().meta({ description: 'Region that answers everybody else.' }),
    }),
  ])
  .meta({ description: 'How Route 53 chooses among the healthy stamps.' });

const activePassive = z
  .strictObject({
    mode: z.literal('active-passive').meta({ description: 'One stamp serves, the other takes over (failover records).' }),
    primary: regionReference().meta({
      description: 'Region that is preferred to serve. Which one serves today is runtime state: a failover changes no file.',
    }),
    standby: regionReference().meta({ description: 'Region that takes over.' }),
    standbyCapacity: percentage({ min: 1, max: 100 }).prefault('100%').meta({
      description:
        'Share of the peak that the standby can serve without scaling out. Below 100 % a failover includes the scale-out.',
    }),
  })
  .meta({ title: 'active-passive' });

const activeActive = z
  .strictObject({
    mode: z.literal('active-active').meta({ description: 'All stamps serve.' }),
    regions: list(regionReference(), { min: 1, max: 20 }).meta({ description: 'Regions with a stamp each, two or more.' }),
    routing: routingSchema.prefault({ policy: 'latency' }),
  })
  .meta({ title: 'active-active' });

const single = z
  .strictObject({
    mode: z
      .literal('single')
      .meta({ description: 'One stamp. The loss of its Region is an outage; Region objectives do not apply.' }),
    region: regionReference().meta({ description: 'Region of the stamp.' }),
  })
  .meta({ title: 'single' });

export const placementSchema = z
  .discriminatedUnion('mode', [activePassive, activeActive, single])
  .meta({ description: 'Where the stamps of the group are and how they share the work.' });
