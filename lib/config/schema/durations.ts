import type { Percent, Seconds } from '../types';
import type { NumberRange } from './numbers';
import { Rejection, scalar, type ScalarType } from './scalar';

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;
const PERCENTAGE = /^(\d{1,6}(?:\.\d{1,3})?)%$/;

/** How a duration key differs from "whole seconds up to a century". */
export interface DurationOptions {
  /** In seconds; both ends are allowed. */
  readonly range?: NumberRange;
  /** Fractions of a second make sense for this key, so `ms` is a unit. */
  readonly fraction?: boolean;
  readonly example?: string;
}

/** A century: nothing that is configured lasts longer, and every number stays exact. */
const MAX_SECONDS = 36_500 * 86_400;

/** A duration with one unit: `30s`, `5m`, `4h`, `35d`; with `fraction` also `200ms`. In seconds. */
export function duration(options: DurationOptions = {}): ScalarType<Seconds> {
  const { range = { min: 0, max: MAX_SECONDS }, fraction = false, example = '5m' } = options;
  const units = fraction ? ['ms', 's', 'm', 'h', 'd'] : ['s', 'm', 'h', 'd'];
  const form = `^[0-9]{1,9}(${units.join('|')})$`;
  return scalar({ title: 'a duration', type: 'string', pattern: form, examples: [example] }, (value) => {
    const seconds = parseDuration(value, units, example);
    if (seconds instanceof Rejection) return seconds;
    if (seconds < range.min || seconds > range.max) {
      const fix = `use a duration from ${formatSeconds(range.min)} to ${formatSeconds(range.max)}`;
      return new Rejection('out-of-range', 'is out of range', fix);
    }
    return seconds;
  });
}

/** Seconds of a duration text, or why it is none. */
export function parseDuration(value: unknown, units: readonly string[], example: string): Seconds | Rejection {
  if (typeof value === 'number') {
    return new Rejection('invalid-duration', 'has no unit', `write a duration such as ${example} (units: ${units.join(', ')})`);
  }
  const [, digits = '', unit = ''] = (typeof value === 'string' ? DURATION.exec(value) : null) ?? [];
  if (unit === 'ms' && !units.includes('ms')) {
    return new Rejection('invalid-duration', 'has a unit that is too fine', `use whole seconds, such as ${example}`);
  }
  const scale = SECONDS_PER_UNIT[unit];
  if (scale === undefined) {
    const fix = `write one number and one unit, such as ${example} (units: ${units.join(', ')})`;
    return new Rejection('invalid-duration', 'is not a duration', fix);
  }
  // Division keeps 200ms exactly 0.2, where a product would not.
  return unit === 'ms' ? Number(digits) / 1000 : Number(digits) * scale;
}

/** A percentage such as `100%`; 100 means 100 %. */
export function percentage({ min, max }: NumberRange): ScalarType<Percent> {
  const schema = { title: 'a percentage', type: 'string', pattern: '^[0-9]{1,6}(\\.[0-9]{1,3})?%$', examples: ['100%'] } as const;
  return scalar(schema, (value) => {
    const percent = parsePercentage(value);
    if (percent === undefined) {
      const problem = typeof value === 'number' ? 'has no % sign' : 'is not a percentage';
      return new Rejection('invalid-percentage', problem, 'write a percentage such as 100%');
    }
    if (percent < min || percent > max) {
      return new Rejection('out-of-range', 'is out of range', `use a percentage from ${min}% to ${max}%`);
    }
    return percent;
  });
}

/** The number before the sign, or undefined when the value is no percentage. */
export function parsePercentage(value: unknown): Percent | undefined {
  const match = typeof value === 'string' ? PERCENTAGE.exec(value) : null;
  return match === null ? undefined : Number(match[1]);
}

/** The largest unit that leaves no rest: `300` is `5m`. */
export function formatSeconds(seconds: Seconds): string {
  const [unit, scale] = Object.entries(SECONDS_PER_UNIT)
    .reverse()
    .find(([, size]) => seconds >= size && Number.isInteger(seconds / size)) ?? ['s', 1];
  return `${seconds / scale}${unit}`;
}
