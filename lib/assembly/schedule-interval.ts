const MINUTE = 60;
const DAY_MINUTES = 24 * 60;
const WEEK_DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** The longest month: what a monthly schedule may have to wait. */
const MONTH_DAYS = 31;

/**
 * The longest time between two runs of an EventBridge schedule, in seconds: `rate(12 hours)`, or `cron(...)` with fixed minutes, hours and
 * days of week or month. Undefined for everything else, such as schedules of certain months or years.
 */
export function scheduleInterval(expression: string): number | undefined {
  const rate = /^rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)$/.exec(expression.trim());
  if (rate !== null)
    return Number(rate[1]) * { minute: MINUTE, hour: 60 * MINUTE, day: DAY_MINUTES * MINUTE }[rate[2] as 'minute'];
  const fields = /^cron\((.+)\)$/.exec(expression.trim())?.[1]?.trim().split(/\s+/) ?? [];
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = '*'] = fields;
  if (fields.length < 5 || month !== '*' || year !== '*') return undefined;
  const minutes = expand(minute, 0, 59);
  const hours = expand(hour, 0, 23);
  const days = daysOf(dayOfMonth, dayOfWeek);
  if (minutes === undefined || hours === undefined || days === undefined) return undefined;
  const times = hours.flatMap((at) => minutes.map((past) => at * 60 + past));
  return longestGap(times, days.days, days.cycle) * MINUTE;
}

/** Days on which it runs inside a cycle of 1 (daily), 7 or 31 days. */
function daysOf(dayOfMonth: string, dayOfWeek: string): { readonly days: readonly number[]; readonly cycle: number } | undefined {
  const everyDay = (field: string): boolean => field === '*' || field === '?';
  if (everyDay(dayOfMonth) && everyDay(dayOfWeek)) return { days: [0], cycle: 1 };
  if (everyDay(dayOfMonth)) {
    const numbered = WEEK_DAYS.reduce((field, name, index) => field.replaceAll(name, String(index + 1)), dayOfWeek.toUpperCase());
    const days = expand(numbered, 1, 7);
    return days && { days, cycle: WEEK_DAYS.length };
  }
  const days = everyDay(dayOfWeek) ? expand(dayOfMonth, 1, MONTH_DAYS) : undefined;
  return days && { days, cycle: MONTH_DAYS };
}

function longestGap(times: readonly number[], days: readonly number[], cycle: number): number {
  const moments = days.flatMap((day) => times.map((time) => day * DAY_MINUTES + time)).sort((a, b) => a - b);
  const [first = 0] = moments;
  const wrapped = [...moments.slice(1), first + cycle * DAY_MINUTES];
  return Math.max(...moments.map((moment, index) => (wrapped[index] ?? moment) - moment));
}

/** `*`, `5`, `1,15`, `9-17`, `0/6`, and `*` with a step. */
function expand(field: string, least: number, most: number): number[] | undefined {
  const found: number[] = [];
  for (const part of field.split(',')) {
    const [, from = '', to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
    if (from === '') return undefined;
    const start = from === '*' ? least : Number(from);
    const end = to === undefined ? (from === '*' || step !== undefined ? most : start) : Number(to);
    if (start < least || end > most || step === '0') return undefined;
    for (let value = start; value <= end; value += Number(step ?? 1)) found.push(value);
  }
  return found.length === 0 ? undefined : found;
}
