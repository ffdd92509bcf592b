import { didYouMean } from '../suggest';
import { Rejection, scalar, type ScalarType, text } from './scalar';

export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

/** A whole number in a range; both ends are allowed. */
export function wholeNumber(title: string, { min, max }: NumberRange): ScalarType<number> {
  return scalar({ title, type: 'integer', minimum: min, maximum: max }, (value) => {
    if (typeof value !== 'number') return notANumber(value, 'a whole number');
    if (!Number.isInteger(value)) return new Rejection('wrong-type', 'is not a whole number', 'remove the fraction');
    return inRange(value, min, max);
  });
}

/** A number that may have a fraction, in a range; both ends are allowed. */
export function decimal(title: string, { min, max }: NumberRange, step?: number): ScalarType<number> {
  return scalar({ title, type: 'number', minimum: min, maximum: max }, (value) => {
    if (typeof value !== 'number') return notANumber(value, 'a number');
    if (step !== undefined && Number.isFinite(value) && !Number.isInteger(value / step)) {
      return new Rejection('invalid-value', `is not a multiple of ${step}`, `use a multiple of ${step}`);
    }
    return inRange(value, min, max);
  });
}

/** true or false. */
export function flag(): ScalarType<boolean> {
  return scalar({ title: 'true or false', type: 'boolean' }, (value) => {
    if (typeof value === 'boolean') return value;
    return new Rejection('wrong-type', 'is neither true nor false', 'write true or false, without quotes');
  });
}

/** One of a few words. */
export function option<const T extends string>(options: readonly T[]): ScalarType<T> {
  const known = new Set<string>(options);
  return text({ title: options.join(' | '), enum: options, examples: options.slice(0, 1) }, (value) => {
    if (known.has(value)) return value as T;
    return new Rejection(
      'unknown-option',
      'is not an allowed value',
      `${didYouMean(value, options)}use one of ${options.join(', ')}`,
    );
  });
}

function inRange(value: number, min: number, max: number): number | Rejection {
  if (value >= min && value <= max) return value;
  return new Rejection('out-of-range', 'is out of range', `use a number from ${min} to ${max}`);
}

function notANumber(value: unknown, wanted: string): Rejection {
  const quoted = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  return new Rejection('wrong-type', `is not ${wanted}`, quoted ? 'remove the quotes' : `write ${wanted}`);
}
