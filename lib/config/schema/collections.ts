import { z } from 'zod';
import { Rejection, type ScalarType, text } from './scalar';

/** A list with at least and at most so many entries. */
export function list<T extends z.ZodType>(entry: T, { min = 0, max = 1000 }: { min?: number; max?: number } = {}): z.ZodArray<T> {
  return z.array(entry).min(min).max(max);
}

/** A mapping from names of one kind to values of one kind. */
export function mapping<T extends z.ZodType>(key: ScalarType<string>, value: T): z.ZodRecord<ScalarType<string> & MappingKey, T> {
  return z.record(key, value);
}

/** zod wants the input type of a key to be text; a key of a YAML mapping always is. */
type MappingKey = z.core.$ZodRecordKey;

/** AWS tags: the kit adds a few of its own to the 50 that AWS allows. */
export function tags() {
  return mapping(
    text({ title: 'a tag key', maxLength: 128, examples: ['cost-center'] }, (value) => {
      if (value.toLowerCase().startsWith('aws:'))
        return new Rejection('reserved-name', 'starts with aws:', 'AWS keeps such tags to itself');
      if (value.toLowerCase().startsWith('stampkit:')) {
        return new Rejection('reserved-name', 'starts with stampkit:', 'stampkit sets such tags itself');
      }
      return tagText(value, 1, 128);
    }),
    text({ title: 'a tag value', maxLength: 256, examples: ['platform'] }, (value) => tagText(value, 0, 256)),
  );
}

/** Characters that every AWS service takes in tags. */
function tagText(value: string, min: number, max: number): string | Rejection {
  if (value.length < min || value.length > max) {
    return new Rejection('invalid-value', `has ${value.length} characters`, `use ${min} to ${max}`);
  }
  if (/^[\p{L}\p{N}\p{Zs}_.:/=+\-@]*$/u.test(value)) return value;
  return new Rejection(
    'invalid-value',
    'has characters that tags cannot hold',
    'use letters, digits, spaces and _ . : / = + - @',
  );
}
