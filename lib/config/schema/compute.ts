import { z } from 'zod';
import { NUMBER_RANGES } from '../../facts/limits';
import { duration, percentage } from './durations';
import { image } from './identifiers';
import { decimal, flag, option, wholeNumber } from './numbers';
import { pattern, Rejection } from './scalar';
import { command, cpuUnits, environment, memoryMib, secrets } from './tasks';

const healthPath = () =>
  pattern(
    { title: 'a path', maxLength: 255, examples: ['/healthz'] },
    /^\/[A-Za-z0-9._~/-]*$/,
    new Rejection('invalid-value', 'is not a path', 'start with / and use letters, digits and . _ ~ / -, without a query'),
  );

const instanceType = () =>
  pattern(
    { title: 'an instance type', examples: ['m7g.large'] },
    /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
    new Rejection('invalid-value', 'is not an instance type', 'use an EC2 instance type such as m7g.large'),
  );

export const computeSchema = z
  .strictObject({
    kind: option(['fargate', 'ec2']).prefault('fargate').meta({
      description: '`fargate`: no instances to run. `ec2`: the same tasks on instances of an Auto Scaling group.',
    }),
    image: image().meta({
      description:
        'Image of the web tasks. `{region}` becomes the Region of the stamp: the promise that the image is replicated there.',
    }),
    command: command().optional().meta({ description: 'Command that replaces the one of the image.' }),
    cpu: cpuUnits().prefault(512).meta({ description: 'CPU units of one task; 1024 is one vCPU.' }),
    memory: memoryMib().prefault(1024).meta({ description: 'Memory of one task in MiB.' }),
    port: wholeNumber('a port', { min: 1, max: 65_535 }).prefault(8080).meta({ description: 'Port the task listens on.' }),
    healthPath: healthPath().prefault('/healthz').meta({ description: 'Path that answers 200 when the task can serve.' }),
    peakRequestsPerSecond: decimal('requests per second', { min: 0.01, max: 10_000_000 }).meta({
      description: 'Peak load of the whole group. Capacity is computed from it, with one zone gone.',
    }),
    requestsPerSecondPerTask: decimal('requests per second', { min: 0.01, max: 1_000_000 }).meta({
      description: 'What one task serves at its target load; measure it.',
    }),
    maxCapacity: percentage({ min: 100, max: 10_000 }).prefault('200%').meta({
      description: 'Upper bound of scaling, as a percentage of the computed minimum.',
    }),
    cpuTarget: percentage({ min: 10, max: 90 }).prefault('60%').meta({ description: 'CPU load that scaling aims at.' }),
    stopTimeout: duration({ range: NUMBER_RANGES.stopTimeout, example: '60s' }).prefault('60s').meta({
      description: 'Time between SIGTERM and SIGKILL, 2 s to 120 s (aws-facts 16); not shorter than `deregistrationDelay`.',
    }),
    deregistrationDelay: duration({ range: NUMBER_RANGES.deregistrationDelay, example: '30s' }).prefault('30s').meta({
      description: 'Time the load balancer lets requests finish on a task that is being stopped.',
    }),
    architecture: option(['x86_64', 'arm64']).prefault('x86_64').meta({ description: 'CPU architecture of the image.' }),
    instanceType: instanceType().optional().meta({ description: 'EC2 only, required there: type of the instances.' }),
    tasksPerInstance: wholeNumber('a number of tasks', { min: 1, max: 120 }).optional().meta({
      description:
        'EC2 only: how many tasks one instance carries, one when left out. Each task takes a network interface: an m7g.large has three, one of them its own, unless the account turns on `awsvpcTrunking`.',
    }),
    readonlyRootFilesystem: flag().prefault(true).meta({
      description: 'The files of the container cannot be changed; `/tmp` stays writable, in memory. For web tasks and worker.',
    }),
    tmpSize: wholeNumber('MiB', { min: 1, max: 10_240 }).prefault(64).meta({
      description: 'Size of the in-memory `/tmp` in MiB; what is used of it counts as memory of the task.',
    }),
    environment: environment()
      .prefault({})
      .meta({ description: 'Environment variables of the tasks; `STAMP_*` are set by stampkit.' }),
    secrets: secrets().prefault({}).meta({
      description: 'Environment variable to name of a Secrets Manager secret, which must exist in the Region of every stamp.',
    }),
  })
  .meta({ description: 'The web tasks.' });
