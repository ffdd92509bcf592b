import { z } from 'zod';
import { list } from './collections';
import { duration } from './durations';
import { pattern, Rejection } from './scalar';

/** Kinds of failures, as `verify --fail` and the proof name them. */
const FAILURE =
  '(az|stamp|region|writer|database|queue|deployment|check|checkers|dependency|control|plane|image|secret|data|account):[A-Za-z0-9][A-Za-z0-9._/-]*';
const KINDS =
  'az, stamp, region, writer, database, queue, deployment, check, checkers, dependency, control, plane, image, secret, data and account';

const objective = (meaning: string) =>
  z
    .strictObject({
      rto: duration({ range: { min: 1, max: 30 * 86_400 }, example: '20m' }).meta({
        description: 'Longest time until the group serves again.',
      }),
      rpo: duration({ range: { min: 0, max: 30 * 86_400 }, example: '1m' }).meta({
        description: 'Longest span of acknowledged writes that may be lost.',
      }),
    })
    .meta({ description: meaning });

/** Two failures at once, such as `region:use1+region:usw2`. */
const failurePair = () =>
  pattern(
    { title: 'a pair of failures', examples: ['region:use1+region:usw2'] },
    new RegExp(`^${FAILURE}\\+${FAILURE}$`),
    new Rejection('invalid-value', 'is not a pair of failures', `write kind:id+kind:id; kinds are ${KINDS}`),
  );

/** A failure or a pair of failures; `pair:` before a pair is optional. */
export const failure = () =>
  pattern(
    { title: 'a failure', examples: ['pair:region:use1+region:usw2'] },
    new RegExp(`^(${FAILURE}|(pair:)?${FAILURE}\\+${FAILURE})$`),
    new Rejection('invalid-value', 'is not a failure', `write kind:id, or pair:kind:id+kind:id; kinds are ${KINDS}`),
  );

export const objectivesSchema = z
  .strictObject({
    availability: objective('Objectives for infrastructure failures: a zone, a stamp, a Region, a database writer.'),
    recovery: objective('Objectives for data loss, recovered from backups.'),
    survive: list(failurePair(), { max: 50 }).prefault([]).meta({
      description: 'Pairs of failures that must stay inside the availability objective too; other pairs are only reported.',
    }),
  })
  .meta({
    description:
      'What the group promises. `check` refuses objectives that the mechanism cannot keep whatever is deployed; `verify`, and every synth, prove from the templates that each single failure stays inside them.',
  });
