import { z } from 'zod';
import { type Assumption, ASSUMPTION_NAMES, ASSUMPTIONS } from '../../facts/assumptions';
import { formatSeconds, parseDuration, parsePercentage } from './durations';
import { Rejection, scalar, type ScalarType } from './scalar';

const UNITS = ['ms', 's', 'm', 'h', 'd'];

/** A value in the unit of its assumption: a duration, a share (`0.18` or `18%`) or a count. */
function assumedNumber({ unit, meaning, pessimistic }: Assumption): ScalarType<number> {
  const example = unit === 'seconds' ? formatSeconds(pessimistic) : pessimistic;
  const title = { seconds: 'a duration', ratio: 'a share', count: 'a number' }[unit];
  const type = unit === 'seconds' ? 'string' : unit === 'ratio' ? (['number', 'string'] as const) : 'number';
  return scalar({ title, type, examples: [example] }, (value) => {
    if (unit === 'seconds') return parseDuration(value, UNITS, String(example));
    const percent = unit === 'ratio' ? parsePercentage(value) : undefined;
    const number = percent === undefined ? value : percent / 100;
    if (typeof number !== 'number') return new Rejection('wrong-type', `is not ${title}`, `write ${title} such as ${example}`);
    const max = unit === 'ratio' ? 1 : 1_000_000;
    if (number >= 0 && number <= max) return number;
    return new Rejection('out-of-range', 'is out of range', `use a number from 0 to ${max}`);
  }).meta({ description: `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`, default: example });
}

const shape: Record<string, z.ZodOptional<ScalarType<number>>> = Object.fromEntries(
  ASSUMPTION_NAMES.map((name) => [name, assumedNumber(ASSUMPTIONS[name]).optional()]),
);

/** Overrides by name; one replaces the typical and the pessimistic value. */
export const assumptionsSchema = z.strictObject(shape).meta({
  description: 'Measured values that replace the numbers AWS does not promise. The default shown is the pessimistic one.',
});
