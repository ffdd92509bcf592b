import { z } from 'zod';
import { NUMBER_RANGES } from '../../facts/limits';
import { duration } from './durations';
import { image } from './identifiers';
import { wholeNumber } from './numbers';
import { command, cpuUnits, memoryMib } from './tasks';

/** AWS's default is 4 days; the kit keeps messages as long as SQS can, because an evacuated Region may come back late. */
const LONGEST_RETENTION = '14d';

export const workerSchema = z
  .strictObject({
    image: image().meta({ description: 'Image of the worker tasks; `{region}` as in `compute.image`.' }),
    command: command().optional().meta({ description: 'Command that replaces the one of the image.' }),
    cpu: cpuUnits().prefault(512).meta({ description: 'CPU units of one task; 1024 is one vCPU.' }),
    memory: memoryMib().prefault(1024).meta({ description: 'Memory of one task in MiB.' }),
    maxLatency: duration({ range: { min: 1, max: 1_209_600 }, example: '60s' }).meta({
      description: 'Longest acceptable time from sending a message to its end; also the age that raises the alarm.',
    }),
    averageProcessing: duration({ range: { min: 0.001, max: 43_200 }, fraction: true, example: '200ms' }).meta({
      description: 'Average processing time of one message; measure it. `ms` is allowed.',
    }),
    minTasks: wholeNumber('a number of tasks', { min: 1, max: 1000 }).prefault(3).meta({
      description:
        'Tasks that must still run with one zone gone. A stamp keeps ceil(minTasks / (zones - 1)) x zones: 6 for the default in three zones.',
    }),
    maxTasks: wholeNumber('a number of tasks', { min: 1, max: 5000 }).meta({ description: 'Most tasks per stamp.' }),
    stopTimeout: duration({ range: NUMBER_RANGES.stopTimeout, example: '120s' }).prefault('120s').meta({
      description: 'Time between SIGTERM and SIGKILL, 2 s to 120 s (aws-facts 16).',
    }),
    visibilityTimeout: duration({ range: NUMBER_RANGES.visibilityTimeout, example: '5m' }).prefault('5m').meta({
      description:
        'Time a received message stays hidden from other tasks; longer than one message takes, or it is processed twice.',
    }),
    retention: duration({ range: NUMBER_RANGES.messageRetention, example: '14d' }).prefault(LONGEST_RETENTION).meta({
      description: 'How long messages are kept. The default is the longest SQS offers: messages wait out the loss of a Region.',
    }),
    maxReceives: wholeNumber('a number of receives', { min: 1, max: 1000 }).prefault(5).meta({
      description: 'Receives before a message goes to the dead-letter queue.',
    }),
  })
  .meta({ description: 'Tasks that work off a queue. Leave it out for a group without a queue.' });
