import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DrillReport } from '../../drill/report/document';
import { htmlReport } from '../../drill/report/html';
import { type PastRun, pastRun } from '../../drill/report/history';
import { junitXml } from '../../drill/report/junit';

/** Files of a report: one for people, one for programs, one for CI. */
export interface ReportFiles {
  readonly html: string;
  readonly json: string;
  readonly junit: string;
}

/** Writes `<out>/<drill>/<time>.{html,json,xml}`. */
export function writeReport(out: string, report: DrillReport): ReportFiles {
  const folder = join(out, report.drill);
  mkdirSync(folder, { recursive: true });
  const base = join(folder, report.startedAt.replace(/[-:]/g, '').replace(/\.\d+Z$/, 'Z'));
  const files = { html: `${base}.html`, json: `${base}.json`, junit: `${base}.xml` };
  writeFileSync(files.html, htmlReport(report));
  writeFileSync(files.json, `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(files.junit, junitXml(report));
  return files;
}

/** Past reports of one drill, or of all that are there. What is no report is left out. */
export function readHistory(out: string, drill?: string): PastRun[] {
  const names = drill === undefined ? entries(out) : [drill];
  return names.flatMap((name) =>
    entries(join(out, name))
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => {
        try {
          return pastRun(JSON.parse(readFileSync(join(out, name, file), 'utf8'))) ?? [];
        } catch {
          return [];
        }
      }),
  );
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
