import type { DrillReport, RunReport } from './document';
import { escapeText } from './escape';

/** The report for CI: a suite for each run, a test case for each expectation, and one for the run itself. */
export function junitXml(report: DrillReport): string {
  const suites = report.runs.map((run, index) => suite(report, run, index));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeText(report.drill)}">\n${suites.join('\n')}\n</testsuites>\n`;
}

function suite(report: DrillReport, run: RunReport, index: number): string {
  const cases = [
    ran(run),
    ...run.judged.map((judged) => testCase(judged.title, judged.state, `${judged.measured}; wanted ${judged.wanted}`)),
  ];
  const count = (word: string): number => cases.filter((each) => each.includes(`<${word}`)).length;
  const name = report.runs.length === 1 ? report.drill : `${report.drill} ${index + 1}`;
  const time = (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000;
  const attributes = [
    `name="${escapeText(name)}"`,
    `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`,
    `time="${time}" timestamp="${run.startedAt.slice(0, 19)}"`,
  ];
  const classname = ` classname="drill.${escapeText(report.target)}.${escapeText(report.drill)}"`;
  return `  <testsuite ${attributes.join(' ')}>\n${cases.map((each) => `    ${each.replace('<testcase', `<testcase${classname}`)}`).join('\n')}\n  </testsuite>`;
}

/** Whether it ran as it is written; expectations are cases of their own. */
function ran(run: RunReport): string {
  const name = 'runs as it is written';
  switch (run.status) {
    case 'completed':
    case 'deviated': {
      const way = run.deviations.filter((text) => /^(the fault|the way back|not steady)/.test(text));
      return way.length === 0 ? testCase(name, 'held', '') : testCase(name, 'broken', way.join('; '));
    }
    case 'failed':
      return testCase(name, 'broken', run.detail);
    case 'aborted':
    case 'interrupted':
      return `<testcase name="${name}"><error message="${escapeText(`${run.status}: ${run.detail}`)}"/></testcase>`;
  }
}

function testCase(name: string, state: 'held' | 'broken' | 'not-applicable', message: string): string {
  const start = `<testcase name="${escapeText(name)}"`;
  if (state === 'held') return `${start}/>`;
  if (state === 'not-applicable') return `${start}><skipped message="${escapeText(message)}"/></testcase>`;
  return `${start}><failure message="${escapeText(message)}"/></testcase>`;
}
