import { PortError } from '../../ports';

/** A value as DynamoDB writes it: `{ "S": "text" }`, `{ "N": "1" }`. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

/** Keys of every table of the lab: `pk`, and `sk` where the item has one. */
export function keyOf(item: Item): string {
  return `${JSON.stringify(item['pk'] ?? null)} ${JSON.stringify(item['sk'] ?? null)}`;
}

/**
 * Conditions of a put: `attribute_not_exists(x)`, `attribute_exists(x)` and `x = :v`, joined by AND. Anything else is refused, so that nothing is
 * believed to be checked that is not.
 *
 * @throws PortError `invalid`
 */
export function holds(
  expression: string | undefined,
  item: Item | undefined,
  names: Readonly<Record<string, string>> = {},
  values: Readonly<Record<string, AttributeValue>> = {},
): boolean {
  if (expression === undefined) return true;
  return expression.split(/\s+AND\s+/i).every((part) => {
    const [, not, checked] = /^\s*attribute_(not_)?exists\s*\(\s*([\w#]+)\s*\)\s*$/.exec(part) ?? [];
    if (checked !== undefined) return (item?.[names[checked] ?? checked] !== undefined) === (not === undefined);
    const [, name, value] = /^\s*([\w#]+)\s*=\s*(:\w+)\s*$/.exec(part) ?? [];
    if (name === undefined || value === undefined) {
      throw new PortError(
        'invalid',
        { service: 'dynamodb', region: '-', call: 'PutItem' },
        `the lab cannot check ${part.trim()}`,
      );
    }
    return JSON.stringify(item?.[names[name] ?? name]) === JSON.stringify(values[value]);
  });
}
