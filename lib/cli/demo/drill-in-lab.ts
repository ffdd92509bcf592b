import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readDrill } from '../../config/drill/read-drill';
import type { DrillSpec } from '../../config/drill/types';
import { drillReport, type DrillReport } from '../../drill/report/document';
import { drillExitCode } from '../../drill/report/verdict';
import { type DrillRun, runDrill } from '../../drill/run/run-drill';
import { StampError } from '../../errors';
import { CancellationSource } from '../../operations/execute/cancellation';
import type { Fleet } from '../../topology/types';
import { type ReportFiles, writeReport } from '../drill/report-files';
import type { GroupLab, OpenGroupRequest } from '../drill/lab-target';
import { untilStopped } from '../operations/interrupts';
import { EXIT_OK, EXIT_STOPPED } from '../terminal';
import type { DemoOptions } from './run-demo';

/** Emulated waits are divided by this: intervals, TTLs, propagation. */
export const DEMO_SPEED = 10;

/** What the demo breaks, in this order, in one lab. */
const DRILLS = ['region-loss-failover', 'data-corruption-restore'] as const;

export type OpenDemoLab = (request: OpenGroupRequest) => Promise<GroupLab>;

export interface DemoDrill {
  readonly file: string;
  readonly spec: DrillSpec;
}

export interface DrillResult {
  readonly run: DrillRun;
  readonly report: DrillReport;
  readonly files: ReportFiles;
}

/** @throws StampError `DEMO_DRILL_MISSING` when the fleet has not the two drills, for one group */
export function demoDrills(stamps: string): DemoDrill[] {
  return DRILLS.map((name) => {
    const file = join(stamps, 'drills', `${name}.yaml`);
    const spec = existsSync(file) ? readDrill(file).spec : undefined;
    if (spec === undefined) {
      throw new StampError(
        'DEMO_DRILL_MISSING',
        `the demo runs ${file}, which is not there or has errors`,
        'Restore it, or run your own drills with `npx stampkit drill FILE`.',
      );
    }
    return { file, spec };
  });
}

/** Runs the drills one after another in one lab of their group. Ends at the first that does not hold. */
export async function drillInLab(
  drills: readonly DemoDrill[],
  fleet: Fleet,
  { terminal, host, openLab, out }: DemoOptions,
): Promise<{ readonly code: number; readonly results: readonly DrillResult[] }> {
  const [first] = drills;
  if (first === undefined) return { code: EXIT_OK, results: [] };
  const cancellation = new CancellationSource();
  const say = (line: string): void => {
    terminal.out(`   ${line}\n`);
  };
  const results: DrillResult[] = [];
  let code: number = EXIT_OK;
  await untilStopped(host, cancellation, say, async () => {
    const { seed } = first.spec.load;
    terminal.out(`6. the lab: ${first.spec.group} in miniature on this machine, at speed ${DEMO_SPEED}\n`);
    const lab = await openLab({
      ...{ fleet, group: first.spec.group, speed: DEMO_SPEED, seed, host },
      // What operations say to their reporter is in the report.
      say: (line) => {
        if (!line.startsWith(' ')) say(line);
      },
    });
    try {
      for (const [index, { spec, file }] of drills.entries()) {
        if (code !== EXIT_OK || cancellation.level > 0) break;
        terminal.out(`\n${7 + index}. ${spec.description}\n`);
        const bounds = lab.bounds(spec);
        const given = { cancellation, seed, ...(bounds !== undefined && { bounds }) };
        const run = await runDrill(spec, lab.target, {
          ...given,
          tell: ({ elapsed, part, message }) => {
            say(`${elapsed.toFixed(1).padStart(6)} s  ${part.padEnd(12)}  ${message}`);
          },
        });
        const command = `npx stampkit drill ${file} --speed ${DEMO_SPEED}`;
        const report = drillReport(spec, [run], {
          ...{ target: 'lab' as const, speed: DEMO_SPEED, command, environment: lab.target.environment },
          ...(bounds !== undefined && { bounds }),
        });
        results.push({ run, report, files: writeReport(out, report) });
        code = drillExitCode(report.status);
      }
    } finally {
      await lab.close();
    }
  });
  return { code: cancellation.level > 0 && code === EXIT_OK ? EXIT_STOPPED : code, results };
}
