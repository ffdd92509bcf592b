import { describe, expect, test } from 'vitest';
import { scheduleInterval } from '../../lib/assembly/schedule-interval';

const HOUR = 3600;
const DAY = 24 * HOUR;

describe('scheduleInterval: the longest time between two runs', () => {
  test.each([
    ['rate(12 hours)', 12 * HOUR],
    ['rate(1 day)', DAY],
    ['rate(5 minutes)', 300],
    ['cron(0 5 * * ? *)', DAY],
    ['cron(0 5 ? * * *)', DAY],
    ['cron(0 * * * ? *)', HOUR],
    ['cron(0/15 * * * ? *)', 900],
    ['cron(0 */6 * * ? *)', 6 * HOUR],
    ['cron(0 0/7 * * ? *)', 7 * HOUR],
    ['cron(0 6,18 * * ? *)', 12 * HOUR],
    // From the evening to the next morning.
    ['cron(0 9-17 * * ? *)', 16 * HOUR],
    ['cron(0 5 ? * SUN *)', 7 * DAY],
    ['cron(0 5 ? * MON-FRI *)', 3 * DAY],
    ['cron(0 5 ? * 1 *)', 7 * DAY],
    ['cron(0 10 1 * ? *)', 31 * DAY],
    ['cron(0 10 1,15 * ? *)', 17 * DAY],
  ])('%s', (expression, seconds) => {
    expect(scheduleInterval(expression)).toBe(seconds);
  });

  test.each([
    'cron(0 5 1 1 ? *)',
    'cron(0 5 * * ? 2027)',
    'cron(0 5 L * ? *)',
    'cron(0 5 ? * 2#1 *)',
    'cron(61 5 * * ? *)',
    'at(2027-01-01T00:00:00)',
    '',
  ])('does not guess %s', (expression) => {
    expect(scheduleInterval(expression)).toBeUndefined();
  });
});
