import { duration } from '../durations';
import { labelName } from '../names';
import { pattern, Rejection } from '../scalar';

/** Id of a stamp: `<group>-<region code>`. */
export const stampId = () =>
  pattern(
    { title: 'a stamp', maxLength: 63, examples: ['enterprise-use1'] },
    /^[a-z][a-z0-9-]*-[a-z][a-z0-9]{1,11}$/,
    new Rejection('invalid-name', 'is not the id of a stamp', 'use <group>-<Region code>, such as enterprise-use1'),
  );

/** Id of a step of the same file. */
export const stepId = () => labelName('a step', 40, 'lose-region');

export const populationName = () => labelName('a population', 40, 'new-york');

/** Part of a drill that a person waits for: up to a day. */
export const span = (example: string, min = 0) => duration({ range: { min, max: 86_400 }, fraction: true, example });
