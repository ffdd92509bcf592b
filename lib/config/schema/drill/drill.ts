import { z } from 'zod';
import { list } from '../collections';
import { percentage } from '../durations';
import { groupName, labelName, regionReference } from '../names';
import { decimal, flag, option, wholeNumber } from '../numbers';
import { failure } from '../objectives';
import { Rejection, scalar, sentence } from '../scalar';
import { expectationsSchema } from './expectations';
import { populationName, span } from './parts';
import { methodStepSchema, rollbackStepSchema } from './steps';

const schemaVersion = () =>
  scalar({ title: '1', type: 'integer', minimum: 1, maximum: 1, examples: [1] }, (value): 1 | Rejection =>
    value === 1
      ? 1
      : new Rejection('unsupported-version', 'is not a version that this stampkit reads', 'write 1, or update stampkit'),
  );

const populationSchema = z.strictObject({
  name: populationName().meta({ description: 'Name of the population.' }),
  near: regionReference().meta({ description: 'Region in or near which the clients and their resolver are.' }),
  clients: wholeNumber('clients', { min: 1, max: 1000 }).prefault(4).meta({ description: 'How many.' }),
  rate: decimal('attempts per second', { min: 0.1, max: 10_000 }).meta({
    description: 'Attempts per second of all of them together. Not divided by `--speed`.',
  }),
});

const loadSchema = z
  .strictObject({
    populations: list(populationSchema, { min: 1, max: 20 }).meta({ description: 'Clients of one place that ask alike.' }),
    reads: percentage({ min: 0, max: 100 }).prefault('30%').meta({ description: 'Share of attempts that read.' }),
    messages: percentage({ min: 0, max: 100 }).prefault('10%').meta({
      description: 'Share of attempts that send a message to the worker. The rest are writes.',
    }),
    keepConnections: flag().prefault(true).meta({ description: 'Whether clients keep their connections, as browsers do.' }),
    seed: wholeNumber('a seed', { min: 1, max: 2_147_483_647 }).prefault(1).meta({
      description: 'Seed of what each client does when. `--repeat` adds one every time.',
    }),
  })
  .meta({ description: 'Load on the group’s public name while the drill runs. On AWS it is read-only probes.' });

const steadyStateSchema = z
  .strictObject({
    success: percentage({ min: 1, max: 100 }).prefault('99%').meta({ description: 'Share of attempts that succeed.' }),
    hold: span('10s', 1).prefault('10s').meta({ description: 'For how long without a break.' }),
    within: span('2m', 1).prefault('2m').meta({
      description: 'Before the method: the drill is aborted when it is not so by then. After the rollbacks: it has deviated.',
    }),
  })
  .meta({ description: 'The hypothesis: what is true before, and again in the end.' });

/** `stamps/drills/<drill>.yaml`. */
export const drillSchema = z
  .strictObject({
    schemaVersion: schemaVersion().meta({ description: 'Version of this format.' }),
    drill: labelName('a drill name', 60, 'region-loss-failover').meta({ description: 'Name; the file is called the same.' }),
    description: sentence('what it is for', ['The loss of the writing Region, and a failover under load.']).meta({
      description: 'What it is for, in a sentence or two.',
    }),
    group: groupName().meta({ description: 'Tenant group that is drilled.' }),
    targets: list(option(['lab', 'aws']), { min: 1, max: 2 })
      .prefault(['lab', 'aws'])
      .meta({ description: 'Where it may run.' }),
    failure: failure().optional().meta({
      description: 'Failure of the proof (`stampkit verify --fail`) whose bound the measured times are held against.',
    }),
    load: loadSchema,
    steadyState: steadyStateSchema.prefault({}),
    timeout: span('1h', 1).prefault('1h').meta({ description: 'For the whole method. Then it is rolled back.' }),
    method: list(methodStepSchema, { min: 1, max: 50 }).meta({ description: 'What is broken and what is done about it.' }),
    expect: expectationsSchema.prefault({}),
    rollbacks: list(rollbackStepSchema, { max: 20 })
      .prefault([])
      .meta({ description: 'Always run, in this order, after every fault has been ended; also after Ctrl-C.' }),
  })
  .meta({ description: 'A drill: a hypothesis, what is broken, what is expected, and the way back.' });
