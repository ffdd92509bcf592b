/** Numbers above it are milliseconds: as seconds it would be the year 5138. */
const LAST_SECOND = 1e11;

/**
 * The instant that a value of a column or attribute stands for: seconds or milliseconds since 1970, or a date and time in ISO order, UTC
 * unless it says otherwise. Undefined when it is none.
 */
export function instantOf(text: string): Date | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    const number = Number(text);
    return valid(new Date(Math.abs(number) > LAST_SECOND ? number : number * 1000));
  }
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))? ?(Z|[+-]\d{2}(?::?\d{2})?(?::\d{2})?)?$/i.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const [, date, time = '00:00:00', zone = 'Z'] = match;
  return valid(new Date(`${date}T${milliseconds(time)}${offset(zone)}`));
}

/** Engines write up to nine digits; three are certain to be read. */
function milliseconds(time: string): string {
  return time.replace(/(\.\d{1,3})\d*$/, '$1');
}

/** PostgreSQL writes `+00`, JavaScript wants `+00:00`. */
function offset(zone: string): string {
  if (/^z$/i.test(zone)) return 'Z';
  const [, sign = '+', hours = '00', minutes = '00'] = /^([+-])(\d{2}):?(\d{2})?/.exec(zone) ?? [];
  return `${sign}${hours}:${minutes}`;
}

function valid(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date;
}
