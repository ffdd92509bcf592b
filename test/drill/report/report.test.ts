import { describe, expect, test } from 'vitest';
import { drillReport, type DrillReport, type ReportContext } from '../../../lib/drill/report/document';
import { pastRun, trends } from '../../../lib/drill/report/history';
import { htmlReport } from '../../../lib/drill/report/html';
import { junitXml } from '../../../lib/drill/report/junit';
import { drillExitCode } from '../../../lib/drill/report/verdict';
import type { Bound } from '../../../lib/resilience/bounds/types';
import { USUAL_SAMPLE } from '../../../lib/drill/measure/slowness';
import { Ground, shipped } from '../run/support';

const term = (name: string, pessimistic: number, lab: 'emulated' | 'real') => ({
  ...{ name, kind: 'detection' as const, typical: 0, pessimistic, because: '', source: '', assumptions: [], lab, critical: true },
});
const BOUNDS: { rto: Bound; rpo: Bound } = {
  rto: { typical: 0, pessimistic: 400, terms: [term('promote', 300, 'real'), term('ttl', 100, 'emulated')] },
  rpo: { typical: 0, pessimistic: 5, terms: [] },
};
const CONTEXT: ReportContext = {
  target: 'lab',
  speed: 1,
  command: "npx stampkit drill 'stamps/drills/region-loss-failover.yaml' --target lab",
  environment: { node: 'v20', '<script>': '"&' },
  bounds: () => BOUNDS,
};
const SPEC = { ...shipped('region-loss-failover'), description: 'Loss of <b>use1</b> & failover' };

async function reportOf(expectations: object = {}, seeds: readonly number[] = [1]): Promise<DrillReport> {
  const runs = [];
  for (const seed of seeds) {
    runs.push(await new Ground().run({ ...SPEC, expect: { ...SPEC.expect, ...expectations } }, { bounds: () => BOUNDS, seed }));
  }
  return drillReport(SPEC, runs, CONTEXT);
}

const good = reportOf();
const bad = reportOf({ rto: 0.001 });
const twice = reportOf({}, [1, 2]);

describe('the report as data', () => {
  test('says everything in one line', async () => {
    expect((await good).verdict).toMatch(
      /^COMPLETED: region-loss-failover on lab: every expectation held; RTO \d+ min.* of 6 min 40 s that the proof allows, RPO /,
    );
    expect((await bad).verdict).toMatch(
      /^DEVIATED: region-loss-failover on lab: RTO: every population writes again: .* wanted at most 0.001 s$/,
    );
  });

  test('shows a slow machine: how slow, and both bounds', async () => {
    const ground = new Ground();
    ground.gauge = (since) =>
      Promise.resolve(Array.from({ length: 400 }, (_, at) => ({ at: since + at * 1000, took: 2.5 * USUAL_SAMPLE })));
    const stretched = (slowness: number) => ({ ...BOUNDS, rto: { ...BOUNDS.rto, pessimistic: 400 * slowness } });
    const report = drillReport(SPEC, [await ground.run(SPEC, { bounds: stretched })], { ...CONTEXT, bounds: stretched });
    expect(report.verdict).toContain(
      "of 16 min 40 s at the machine's slowness of 2.5 (6 min 40 s without) that the proof allows",
    );
    expect(report.looseness.rto?.bound).toBe(1000);
    expect(report.followUps.join()).toContain('up to 2.5 times as long for the same work');
    const html = htmlReport(report);
    expect(html).toContain('2.5 times as long as on an idle machine');
    expect(html).toMatch(/Terms of the bound of the RTO.*promote.*5 min.*real/s);
  });

  test('survives JSON', async () => {
    const report = await good;
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report).toMatchObject({ schemaVersion: 1, kind: 'drill-report', status: 'completed', worst: 0 });
  });

  test('tells emulated from real, and where a bound is loose', async () => {
    const report = await good;
    expect(report.runs[0]?.measurement?.rtoComparison).toMatchObject({ emulated: 100, real: 300 });
    expect(report.followUps.join('\n')).toMatch(/The bound of the RTO is loose: .* promote 5 min \(real\), ttl 100 s/);
    expect(report.followUps.at(-1)).toMatch(/^Emulated terms .* says nothing about AWS/);
  });

  test('of several runs has the distribution, and shows the worst', async () => {
    const report = await twice;
    expect(report.rto).toMatchObject({ runs: 2, endless: 0 });
    expect(report.runs.map(({ seed }) => seed)).toEqual([1, 2]);
  });

  test.each([
    ['completed', 0],
    ['deviated', 1],
    ['failed', 1],
    ['aborted', 3],
    ['interrupted', 3],
  ] as const)('%s ends with exit code %d', (status, code) => {
    expect(drillExitCode(status)).toBe(code);
  });
});

describe('the page', () => {
  test('needs nothing from anywhere and cannot run anything', async () => {
    const html = htmlReport(await good);
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|src=/);
    expect(html.match(/https?:\/\/[^"< ]+/g)).toEqual(['http://www.w3.org/2000/svg']);
  });

  test('writes text as text', async () => {
    const html = htmlReport(await good);
    expect(html).toContain('Loss of &lt;b&gt;use1&lt;/b&gt; &amp; failover');
    expect(html).toContain('&lt;script&gt;');
  });

  test('has a language, one first heading, captions, heads, and a name for the drawing', async () => {
    const html = htmlReport(await good);
    expect(html).toContain('<html lang="en">');
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html.match(/<table/g)?.length).toBe(html.match(/<caption>/g)?.length);
    expect(html).not.toMatch(/<th(?! scope)[ >]/);
    expect(html).toMatch(/<svg [^>]*role="img" aria-labelledby="chart-title chart-about"/);
    expect(html.indexOf('<h3')).toBeGreaterThan(html.indexOf('<h2'));
  });

  test('says the verdict, phases, journal, environment and command; and of a bad run what broke', async () => {
    const html = htmlReport(await bad);
    for (const text of ['DEVIATED', 'Phases against', 'lose-region', 'Environment', 'npx stampkit drill', 'BROKEN', 'new-york']) {
      expect(html).toContain(text);
    }
    expect(htmlReport(await twice)).toContain('Distribution');
  });

  test('of a drill that never began is a page too', async () => {
    const ground = new Ground();
    ground.aws.traffic.sick.add('enterprise-use1');
    ground.aws.traffic.sick.add('enterprise-usw2');
    const report = drillReport(SPEC, [await ground.run(SPEC)], CONTEXT);
    expect(htmlReport(report)).toContain('ABORTED');
    expect(junitXml(report)).toMatch(/errors="1"/);
  });
});

describe('JUnit', () => {
  test('has a case for every expectation, and one for the run', async () => {
    const xml = junitXml(await bad);
    expect(xml).toMatch(/<testsuite name="region-loss-failover" tests="12" failures="1" errors="0" skipped="\d+"/);
    expect(xml).toMatch(
      /<testcase classname="drill.lab.region-loss-failover" name="RTO: every population writes again"><failure message="/,
    );
    expect(junitXml(await good)).toMatch(/failures="0" errors="0"/);
    expect(junitXml(await twice).match(/<testsuite /g)).toHaveLength(2);
  });
});

describe('history', () => {
  test('reads what reports say, and nothing else', async () => {
    expect(pastRun(JSON.parse(JSON.stringify(await good)))).toMatchObject({ drill: 'region-loss-failover', runs: 1, bound: 400 });
    for (const other of [undefined, null, 'x', {}, { kind: 'drill-report', schemaVersion: 2 }])
      expect(pastRun(other)).toBeUndefined();
  });

  test.each([
    [[10], 'unknown'],
    [[10, 10.5], 'steady'],
    [[10, 10, 12], 'worse'],
    [[10, 10, 8], 'better'],
    [[10, undefined], 'unknown'],
  ])('%j is %s', (times, direction) => {
    const past = times.map((rto, index) => ({
      ...{ drill: 'd', target: 'lab', speed: 10, startedAt: `2026-01-0${index + 1}`, status: 'completed' as const, runs: 1 },
      ...(rto !== undefined && { rto }),
    }));
    expect(trends([...past].reverse())).toMatchObject([{ direction, runs: past }]);
  });

  test('does not compare different targets or speeds', () => {
    const run = { drill: 'd', target: 'lab', speed: 1, startedAt: '2026-01-01', status: 'completed' as const, runs: 1, rto: 1 };
    expect(trends([run, { ...run, speed: 10 }, { ...run, target: 'aws' }])).toHaveLength(3);
  });
});
