import { z } from 'zod';
import { list } from '../collections';
import { option } from '../numbers';
import { populationName, span, stampId } from './parts';

const condition = <const T extends string, S extends z.ZodRawShape>(name: T, description: string, shape: S) =>
  z
    .strictObject({
      is: z.literal(name).meta({ description }),
      ...shape,
      within: span('5m', 1).prefault('5m').meta({ description: 'The drill fails when it is not so by then.' }),
    })
    .meta({ title: name });
const population = (otherwise: string) =>
  populationName()
    .optional()
    .meta({ description: `One population. By default ${otherwise}.` });
const stamp = (description: string) => stampId().meta({ description });

/** What a step may wait for: seen from outside, as an operator would. */
export const conditionSchema = z
  .discriminatedUnion('is', [
    condition('failing', 'Clients notice: writes of the population fail one after another.', {
      population: population('any of them'),
    }),
    condition('serving', 'Writes of the population succeed one after another.', {
      population: population('all of them'),
    }),
    condition('answered', 'DNS leads to these stamps and no other.', {
      stamps: list(stampId(), { min: 1, max: 20 }).meta({ description: 'The stamps.' }),
    }),
    condition('health', 'The health of a stamp, as an operator asks it.', {
      stamp: stamp('Stamp that is asked.'),
      says: option(['pass', 'fail', 'silent']).meta({ description: '`pass` includes a warning; `silent`: no answer.' }),
    }),
    condition('writer', 'The stamp’s own database accepts writes.', { stamp: stamp('Stamp that is asked.') }),
    condition('lag', 'Replication into a stamp is late by at least or at most so much.', {
      stamp: stamp('Stamp that follows.'),
      atLeast: span('60s').optional().meta({ description: 'Late by this or more.' }),
      atMost: span('5s').optional().meta({ description: 'Late by this or less.' }),
    }),
  ])
  .meta({ description: 'What has to be so before the step begins.' });
