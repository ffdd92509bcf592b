import { describe, expect, test } from 'vitest';
import { type Probe, checkerVerdict, probePasses } from '../../../lib/resilience/dns';

const FINE: Probe = { connected: 100, status: 200, answered: 100, body: 'stamp is fine', read: 10 };

describe('one probe (aws-facts 2.1, 2.3)', () => {
  test.each<[row: string, type: 'HTTP' | 'HTTPS', probe: Partial<Probe>, passes: boolean]>([
    ['status 200', 'HTTPS', {}, true],
    ['status 199', 'HTTPS', { status: 199 }, false],
    ['status 399: redirects pass and are not followed', 'HTTP', { status: 399 }, true],
    ['status 400', 'HTTP', { status: 400 }, false],
    ['connected within 4 s', 'HTTP', { connected: 4000 }, true],
    ['connected later', 'HTTP', { connected: 4001 }, false],
    ['status within 2 s after connecting', 'HTTPS', { connected: 4000, answered: 2000 }, true],
    ['status later', 'HTTPS', { answered: 2001 }, false],
  ])('%s', (_row, Type, probe, passes) => {
    expect(probePasses({ Type }, { ...FINE, ...probe })).toBe(passes);
  });

  test('nothing answers at all', () => {
    expect(probePasses({ Type: 'HTTPS' }, {})).toBe(false);
    expect(probePasses({ Type: 'TCP' }, {})).toBe(false);
  });

  test.each([
    ['within 10 s', 10_000, true],
    ['later', 10_001, false],
  ])('TCP connects %s', (_row, connected, passes) => {
    expect(probePasses({ Type: 'TCP' }, { connected })).toBe(passes);
  });

  test.each<[row: string, search: string, probe: Partial<Probe>, passes: boolean]>([
    ['found', 'is fine', {}, true],
    ['another case', 'IS FINE', {}, false],
    ['found in an error page', 'is fine', { status: 500 }, false],
    ['found on a redirect', 'is fine', { status: 302 }, true],
    ['body within a further 2 s', 'is fine', { read: 2000 }, true],
    ['body later', 'is fine', { read: 2001 }, false],
    ['wholly within the first 5,120 bytes', 'end', { body: `${'.'.repeat(5117)}end` }, true],
    ['one byte beyond', 'end', { body: `${'.'.repeat(5118)}end` }, false],
    ['bytes, not characters', 'end', { body: `${'ä'.repeat(2559)}end` }, false],
    ['no body', 'end', { body: undefined }, false],
  ])('string match: %s', (_row, SearchString, probe, passes) => {
    expect(probePasses({ Type: 'HTTPS_STR_MATCH', SearchString }, { ...FINE, ...probe })).toBe(passes);
  });
});

describe('one checker flips after so many equal results in a row (aws-facts 2.3)', () => {
  const series = (text: string) => Array.from(text, (letter) => letter === 'p');
  test.each([
    ['', 'no-data'],
    ['pp', 'no-data'],
    ['ppp', 'pass'],
    ['pppff', 'pass'],
    ['pppfff', 'fail'],
    ['pppffpff', 'pass'],
    ['fffpp', 'fail'],
    ['fffppp', 'pass'],
  ] as const)('3 in a row: "%s" is %s', (text, verdict) => {
    expect(checkerVerdict(series(text), 3)).toBe(verdict);
  });

  test('a threshold of 1 follows every probe', () => {
    expect(checkerVerdict(series('ppf'), 1)).toBe('fail');
  });
});
