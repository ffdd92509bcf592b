import { z } from 'zod';
import { list } from '../collections';
import { percentage } from '../durations';
import { labelName, regionReference } from '../names';
import { decimal, option, wholeNumber } from '../numbers';
import { pattern, Rejection } from '../scalar';
import { populationName, span, stampId } from './parts';

const mode = () =>
  option(['kill', 'freeze']).prefault('kill').meta({
    description: '`kill`: it ends at once. `freeze`: it stands still and keeps its connections, which is harder to notice.',
  });
const stamp = (description: string) => stampId().meta({ description });
const region = (description: string) => regionReference().meta({ description });
const kind = <const T extends string>(name: T, description: string) => z.literal(name).meta({ description });
const fault = <const T extends string, S extends z.ZodRawShape>(name: T, description: string, shape: S) =>
  z.strictObject({ kind: kind(name, description), ...shape }).meta({ title: name });

const zone = () =>
  pattern(
    { title: 'a zone letter', examples: ['a'] },
    /^[a-z]$/,
    new Rejection('invalid-value', 'is not a zone letter', 'use the last letter of the Availability Zone: a for us-east-1a'),
  );

/** What can be broken on purpose: the faults of `lib/ports/faults.ts`, as a file says them. */
export const faultSchema = z
  .discriminatedUnion('kind', [
    fault('stamp-loss', 'Everything of a stamp ends at once, its database too.', {
      stamp: stamp('Stamp that is lost.'),
      mode: mode(),
    }),
    fault('region-loss', 'Everything in a Region: stamps, databases, switches, queues.', {
      region: region('Region that is lost.'),
      mode: mode(),
    }),
    fault('az-loss', 'The tasks of one zone of a stamp end, and none starts there.', {
      stamp: stamp('Stamp that loses a zone.'),
      zone: zone().meta({ description: 'Letter of the Availability Zone.' }),
    }),
    fault('writer-loss', 'The instance that writes ends; its storage stays.', {}),
    fault('region-partition', 'Nothing passes between two Regions.', {
      between: list(regionReference(), { min: 2, max: 2 }).meta({ description: 'The two Regions.' }),
    }),
    fault('checker-partition', 'Probes of health checkers do not reach a Region.', {
      region: region('Region that they do not reach.'),
      locations: list(labelName('a checker location', 40, 'us-west-1'), { min: 1, max: 8 })
        .optional()
        .meta({ description: 'Locations of checkers that are cut off. By default all of them.' }),
    }),
    fault('client-partition', 'Clients of one population do not reach a Region.', {
      population: populationName().meta({ description: 'Population of the load.' }),
      region: region('Region that they do not reach.'),
    }),
    fault('slow-replication', 'Replication into a Region is late.', {
      to: region('Region that falls behind.'),
      lag: span('2m', 1).meta({ description: 'How far. No speed divides it: it is held against the RPO.' }),
    }),
    fault('disk-full', 'The database of a stamp may write no more.', { stamp: stamp('Stamp with the database.') }),
    fault('data-damage', 'Rows change or go in the live data; replication copies that. Only a restore mends it.', {
      mode: option(['corrupt', 'delete']).meta({ description: '`corrupt`: rows say something else. `delete`: rows are gone.' }),
      share: percentage({ min: 0.1, max: 100 }).prefault('10%').meta({ description: 'Share of the rows.' }),
    }),
    fault('poison-messages', 'Messages arrive that no worker can process.', {
      stamp: stamp('Stamp whose queue gets them.'),
      count: wholeNumber('messages', { min: 1, max: 10_000 }).meta({ description: 'How many.' }),
    }),
    fault('health-lie', 'The health answer of a stamp says this, whatever is true.', {
      stamp: stamp('Stamp that lies.'),
      says: option(['pass', 'fail']).meta({ description: 'What it says.' }),
    }),
    fault('operator-crash', 'The process that carries out the next operation is killed in the middle of it.', {
      step: pattern(
        { title: 'the beginning of a step id', maxLength: 80, examples: ['promote'] },
        /^[a-z][a-z0-9:-]*$/,
        new Rejection('invalid-name', 'is not the id of a step', 'use the beginning of a step of the plan, such as promote'),
      )
        .optional()
        .meta({ description: 'Step of the plan (or the beginning of its id) whose start kills it. By default the first one.' }),
    }),
    fault('traffic-surge', 'Clients ask more often.', {
      population: populationName().optional().meta({ description: 'Population that does. By default all.' }),
      factor: decimal('a factor', { min: 0, max: 100 }).meta({ description: 'How many times as often.' }),
    }),
    fault('bad-deployment', 'A stamp gets a version that answers every request with an error.', {
      stamp: stamp('Stamp that gets it.'),
    }),
  ])
  .meta({ description: 'Something to break.' });
