import { describe, expect, test } from 'vitest';
import type { HealthCheck, HealthCheckConfig } from '../../../lib/assembly/route53-types';
import {
  CHECKER_LOCATIONS,
  type CheckState,
  type CheckerReport,
  type CheckVerdict,
  type DnsState,
  checkStatus,
} from '../../../lib/resilience/dns';
import { check } from './zone';

function status(config: Partial<HealthCheckConfig>, state?: CheckState, world: DnsState = {}): CheckVerdict {
  return checkStatus('c', new Map([['c', check('c', config).HealthCheckConfig]]), {
    ...world,
    ...(state !== undefined && { checks: { c: state } }),
  });
}

/** So many checkers with that verdict. */
const reports = (...counts: [CheckerReport['verdict'], number][]): CheckState => ({
  kind: 'checkers',
  reports: counts.map(([verdict, checkers], index) => ({ location: CHECKER_LOCATIONS[index]!, verdict, checkers })),
});
const PASSES: CheckState = { kind: 'endpoint', passes: true };
const FAILS: CheckState = { kind: 'endpoint', passes: false };
const NEW: CheckState = { kind: 'no-data' };

describe('types of checks (aws-facts 2.1)', () => {
  test.each<[row: string, config: Partial<HealthCheckConfig>, state: CheckState | undefined, healthy: boolean]>([
    ['HTTP', { Type: 'HTTP' }, PASSES, true],
    ['HTTP', { Type: 'HTTP' }, FAILS, false],
    ['HTTPS', { Type: 'HTTPS' }, PASSES, true],
    ['HTTPS', { Type: 'HTTPS' }, FAILS, false],
    ['HTTP_STR_MATCH', { Type: 'HTTP_STR_MATCH', SearchString: 'ok' }, PASSES, true],
    ['HTTPS_STR_MATCH', { Type: 'HTTPS_STR_MATCH', SearchString: 'ok' }, FAILS, false],
    ['TCP', { Type: 'TCP' }, PASSES, true],
    ['TCP', { Type: 'TCP' }, FAILS, false],
    ['RECOVERY_CONTROL On', { Type: 'RECOVERY_CONTROL' }, { kind: 'routing-control', on: true }, true],
    ['RECOVERY_CONTROL Off', { Type: 'RECOVERY_CONTROL' }, { kind: 'routing-control', on: false }, false],
    ['RECOVERY_CONTROL of which nothing is said', { Type: 'RECOVERY_CONTROL' }, undefined, true],
    ['CLOUDWATCH_METRIC', { Type: 'CLOUDWATCH_METRIC' }, { kind: 'metric', data: 'ok' }, true],
    ['CLOUDWATCH_METRIC', { Type: 'CLOUDWATCH_METRIC' }, { kind: 'metric', data: 'breaching' }, false],
    ['anything of which nothing is said', { Type: 'HTTPS_STR_MATCH', SearchString: 'gone', Inverted: true }, undefined, true],
    ['a verdict that is given', { Type: 'HTTPS', Inverted: true }, { kind: 'status', healthy: false }, false],
  ])('%s', (_row, config, state, healthy) => {
    expect(status(config, state).healthy).toBe(healthy);
  });
});

describe('the 18 % rule (aws-facts 2.3)', () => {
  test.each<[row: string, state: CheckState, healthy: boolean]>([
    ['more than 18 %: healthy', reports(['pass', 19], ['fail', 81]), true],
    ['exactly 18 %: unhealthy', reports(['pass', 18], ['fail', 82]), false],
    ['exactly 18 % of 50: unhealthy', reports(['pass', 9], ['fail', 41]), false],
    ['3 of 16: healthy', reports(['pass', 3], ['fail', 13]), true],
    ['2 of 16: unhealthy', reports(['pass', 2], ['fail', 14]), false],
    ['one of three locations: healthy', reports(['pass', 1], ['fail', 2]), true],
    ['every checker passes', reports(['pass', 16]), true],
    ['no checker passes', reports(['fail', 16]), false],
    ['new check: healthy until there is data', NEW, true],
    ['no checker has a verdict yet', reports(['no-data', 16]), true],
  ])('%s', (_row, state, healthy) => {
    expect(status({}, state).healthy).toBe(healthy);
  });

  test('the share can be another', () => {
    const checks = new Map([['c', check('c').HealthCheckConfig]]);
    const state = { checks: { c: reports(['pass', 5], ['fail', 5]) } };
    expect(checkStatus('c', checks, state, { healthyShare: 0.5 }).healthy).toBe(false);
    expect(checkStatus('c', checks, state, { healthyShare: 0.4 }).healthy).toBe(true);
  });

  test('only the locations that the check chose count', () => {
    const state: CheckState = {
      kind: 'checkers',
      reports: [
        { location: 'us-east-1', verdict: 'fail' },
        { location: 'eu-west-1', verdict: 'pass' },
        { location: 'sa-east-1', verdict: 'fail' },
      ],
    };
    expect(status({ Regions: ['us-east-1', 'sa-east-1', 'us-west-2'] }, state).healthy).toBe(false);
    expect(status({}, state).healthy).toBe(true);
  });
});

describe('partitioned checkers', () => {
  const blind = (count: number): DnsState => ({ blindCheckers: CHECKER_LOCATIONS.slice(0, count) });
  const lost = (count: number): DnsState => ({ lostCheckers: CHECKER_LOCATIONS.slice(0, count) });

  test.each<
    [
      row: string,
      config: Partial<HealthCheckConfig>,
      state: CheckState | undefined,
      world: DnsState,
      healthy: boolean,
      assumptions: string[],
    ]
  >([
    ['6 of 8 locations blind: 25 % still pass', {}, PASSES, blind(6), true, ['checkersEqual']],
    ['7 of 8 locations blind: 12.5 % are too few', {}, PASSES, blind(7), false, ['checkersEqual']],
    ['blind checkers change nothing about a dead endpoint', {}, FAILS, blind(3), false, []],
    [
      'a check at three locations survives two blind ones',
      { Regions: CHECKER_LOCATIONS.slice(0, 3) },
      PASSES,
      blind(2),
      true,
      ['checkersEqual'],
    ],
    ['a healthy inverted check stays healthy when checkers are blind', { Inverted: true }, undefined, blind(8), true, []],
    ['an evacuation needs more than 18 %: 7 of 8 blind undo it', { Inverted: true }, PASSES, blind(7), true, ['checkersEqual']],
    ['reports that do not arrive count as unhealthy', {}, PASSES, lost(7), false, ['lostReports', 'checkersEqual']],
    ['enough of them arrive', {}, PASSES, lost(6), true, ['checkersEqual']],
    ['none arrives', {}, PASSES, lost(8), false, ['lostReports']],
  ])('%s', (_row, config, state, world, healthy, assumptions) => {
    const verdict = status(config, state, world);
    expect(verdict.healthy).toBe(healthy);
    expect([...verdict.assumptions]).toEqual(assumptions);
  });

  test.each<[row: string, config: Partial<HealthCheckConfig>, state: CheckState, assumptions: string[]]>([
    [
      'an inverted check whose checkers disagree',
      { Inverted: true },
      reports(['pass', 8], ['fail', 8]),
      ['inversionOfAggregate'],
    ],
    ['an inverted check whose checkers agree', { Inverted: true }, reports(['pass', 16]), []],
    ['verdicts that decide and are missing', {}, reports(['no-data', 4], ['fail', 12]), ['partialData']],
    ['verdicts that are missing and decide nothing', {}, reports(['no-data', 4], ['pass', 12]), []],
  ])('assumptions of %s', (_row, config, state, assumptions) => {
    expect([...status(config, state).assumptions]).toEqual(assumptions);
  });
});

describe('inverted and disabled (aws-facts 2.4)', () => {
  test.each<[row: string, config: Partial<HealthCheckConfig>, state: CheckState | undefined, healthy: boolean]>([
    ['inverted flips a pass', { Inverted: true }, PASSES, false],
    ['inverted flips a failure', { Inverted: true }, FAILS, true],
    ['inverted without data: unhealthy until there is', { Inverted: true }, NEW, false],
    ['disabled: healthy whatever its endpoint does', { Disabled: true }, FAILS, true],
    ['disabled: healthy even against a verdict that is given', { Disabled: true }, { kind: 'status', healthy: false }, true],
    ['disabled after its creation', {}, { kind: 'disabled' }, true],
    ['disabled and inverted: unhealthy', { Disabled: true, Inverted: true }, FAILS, false],
    ['an inverted routing control', { Type: 'RECOVERY_CONTROL', Inverted: true }, { kind: 'routing-control', on: true }, false],
    ['an inverted metric', { Type: 'CLOUDWATCH_METRIC', Inverted: true }, { kind: 'metric', data: 'breaching' }, true],
  ])('%s', (_row, config, state, healthy) => {
    expect(status(config, state).healthy).toBe(healthy);
  });

  test('disabled and inverted is an assumption', () => {
    expect(status({ Disabled: true, Inverted: true }).assumptions).toEqual(['disabledInverted']);
    expect(status({ Disabled: true }).assumptions).toEqual([]);
  });
});

describe('checks on CloudWatch alarms (aws-facts 2.5)', () => {
  const Type = 'CLOUDWATCH_METRIC';
  const missing = (lastKnown?: boolean): CheckState => ({
    kind: 'metric',
    data: 'insufficient',
    ...(lastKnown !== undefined && { lastKnown }),
  });

  test.each<[row: string, config: Partial<HealthCheckConfig>, state: CheckState, healthy: boolean, assumptions: string[]]>([
    ['SetAlarmState has no effect: the data counts', {}, { kind: 'metric', data: 'ok', alarmState: 'ALARM' }, true, []],
    ['it does not wait for the alarm', {}, { kind: 'metric', data: 'breaching', alarmState: 'OK' }, false, []],
    ['insufficient data: Healthy', { InsufficientDataHealthStatus: 'Healthy' }, missing(false), true, []],
    ['insufficient data: Unhealthy', { InsufficientDataHealthStatus: 'Unhealthy' }, missing(true), false, []],
    [
      'insufficient data: LastKnownStatus, which was healthy',
      { InsufficientDataHealthStatus: 'LastKnownStatus' },
      missing(true),
      true,
      [],
    ],
    [
      'insufficient data: LastKnownStatus, which was unhealthy',
      { InsufficientDataHealthStatus: 'LastKnownStatus' },
      missing(false),
      false,
      [],
    ],
    ['new, no last status: healthy', { InsufficientDataHealthStatus: 'LastKnownStatus' }, NEW, true, []],
    ['nothing said about missing data', {}, missing(false), false, ['insufficientDataDefault']],
    [
      'inverted: what missing data stands for is not inverted',
      { InsufficientDataHealthStatus: 'Healthy', Inverted: true },
      missing(),
      true,
      ['insufficientDataInverted'],
    ],
    [
      'inverted, no last status: unhealthy',
      { InsufficientDataHealthStatus: 'LastKnownStatus', Inverted: true },
      missing(),
      false,
      ['insufficientDataInverted'],
    ],
  ])('%s', (_row, config, state, healthy, assumptions) => {
    const verdict = status({ Type, ...config }, state);
    expect(verdict.healthy).toBe(healthy);
    expect([...verdict.assumptions]).toEqual(assumptions);
  });
});

describe('calculated checks (aws-facts 2.6)', () => {
  const CHILDREN = ['x', 'y', 'z'];
  const calculated = (
    HealthThreshold: number | undefined,
    down: string[],
    config: Partial<HealthCheckConfig> = {},
    children: HealthCheck[] = CHILDREN.map((id) => check(id)),
  ): CheckVerdict => {
    const parent = check('c', {
      Type: 'CALCULATED',
      ChildHealthChecks: CHILDREN,
      ...(HealthThreshold !== undefined && { HealthThreshold }),
      ...config,
    });
    const checks = new Map([parent, ...children].map(({ Id, HealthCheckConfig: own }) => [Id, own]));
    return checkStatus('c', checks, { checks: Object.fromEntries(down.map((id) => [id, FAILS])) });
  };

  test.each<[row: string, threshold: number | undefined, down: string[], healthy: boolean]>([
    ['as many healthy children as needed', 2, ['x'], true],
    ['one fewer', 2, ['x', 'y'], false],
    ['all children: one unhealthy', 3, ['z'], false],
    ['all children healthy', 3, [], true],
    ['threshold 0: always healthy', 0, CHILDREN, true],
    ['threshold above the number of children: always unhealthy', 4, [], false],
  ])('%s', (_row, threshold, down, healthy) => {
    expect(calculated(threshold, down).healthy).toBe(healthy);
  });

  test('an assumption about a child counts only where the threshold hangs on it', () => {
    const parent = (HealthThreshold: number) =>
      new Map([
        ['c', check('c', { Type: 'CALCULATED', ChildHealthChecks: ['x', 'who'], HealthThreshold }).HealthCheckConfig],
        ['x', check('x').HealthCheckConfig],
      ]);
    expect(checkStatus('c', parent(1)).assumptions).toEqual([]);
    expect(checkStatus('c', parent(2)).assumptions).toEqual(['checkNotGiven']);
    expect(checkStatus('c', parent(2), { checks: { x: FAILS } }).assumptions).toEqual([]);
  });

  test('names the children that fail, and why', () => {
    expect(calculated(3, ['y']).detail).toBe('2 of 3 checks healthy, 3 needed (unhealthy: HTTPS check of ?: fails)');
  });

  test('inverted', () => {
    expect(calculated(3, ['y'], { Inverted: true }).healthy).toBe(true);
  });

  test('a disabled child counts as healthy', () => {
    expect(calculated(3, ['x'], {}, [check('x', { Disabled: true }), check('y'), check('z')]).healthy).toBe(true);
  });

  test('a new inverted child counts as unhealthy', () => {
    const checks = new Map(
      [check('c', { Type: 'CALCULATED', ChildHealthChecks: ['x'], HealthThreshold: 1 }), check('x', { Inverted: true })].map(
        ({ Id, HealthCheckConfig: own }) => [Id, own],
      ),
    );
    expect(checkStatus('c', checks, { checks: { x: NEW } }).healthy).toBe(false);
  });

  test('a calculated child, which Route 53 refuses, never counts as healthy, even in a circle', () => {
    expect(
      calculated(3, [], {}, [
        check('x', { Type: 'CALCULATED', ChildHealthChecks: ['c'], HealthThreshold: 0 }),
        check('y'),
        check('z'),
      ]).healthy,
    ).toBe(false);
  });
});

test('a check that nobody knows is healthy by assumption, unless somebody says otherwise', () => {
  expect(checkStatus('who', new Map())).toMatchObject({ healthy: true, assumptions: ['checkNotGiven'] });
  expect(checkStatus('who', new Map(), { checks: { who: { kind: 'status', healthy: false } } })).toMatchObject({
    healthy: false,
    assumptions: [],
  });
  expect(checkStatus('constructor', new Map(), { checks: {} })).toMatchObject({ healthy: true });
});
