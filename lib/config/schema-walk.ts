import { z } from 'zod';
import { entryOf } from '../entry-of';
import { isMapping } from './yaml-source';

/** The keys that a mapping may have at a path of a value, or undefined where the schema has no fixed keys. */
export function knownKeys(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): readonly string[] | undefined {
  let current: z.core.$ZodType | undefined = schema;
  let data = value;
  for (const key of path) {
    current = child(unwrap(current, data), key);
    data = valueAt(data, [key]);
    if (current === undefined) return undefined;
  }
  const target = unwrap(current, data);
  return target instanceof z.ZodObject ? Object.keys(target.shape) : undefined;
}

/** What a value holds at a path, or undefined. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((data, key) => {
    if (Array.isArray(data) && typeof key === 'number') return data[key];
    return isMapping(data) && typeof key === 'string' ? entryOf(data, key) : undefined;
  }, value);
}

/** The schema that judges the value: without defaults around it, and of a choice the part that fits. */
function unwrap(schema: z.core.$ZodType, data: unknown): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) return unwrap(schema.def.innerType, data);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const key = schema.def.discriminator;
    const word = valueAt(data, [key]);
    const option = schema.def.options.find((part) => part._zod.propValues?.[key]?.has(word as string));
    return option === undefined ? schema : unwrap(option, data);
  }
  if (schema instanceof z.ZodUnion) {
    const option = schema.def.options.find((part) => part instanceof z.ZodArray === Array.isArray(data));
    return option === undefined ? schema : unwrap(option, data);
  }
  return schema;
}

function child(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<string, z.core.$ZodType>)[String(key)];
  if (schema instanceof z.ZodRecord) return schema.def.valueType;
  if (schema instanceof z.ZodArray) return schema.def.element;
  return undefined;
}
