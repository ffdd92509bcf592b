import { mkdtempSync, readFileSync, writeFileSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DrillSpec } from '../../../lib/config/drill/types';
import { EngineOperator } from '../../../lib/drill/run/operator';
import { type DrillRun, runDrill } from '../../../lib/drill/run/run-drill';
import { CancellationSource } from '../../../lib/operations/execute/cancellation';
import type { OperationPorts } from '../../../lib/ports';
import type { Fleet } from '../../../lib/topology/types';
import type { RunningLab } from './lab-fixture';

export interface RunEdits {
  /** What stands between the operator and the lab. */
  readonly operatorPorts?: (ports: OperationPorts) => OperationPorts;
  /** What the operator knows of the fleet. */
  readonly fleet?: (fleet: Fleet) => Fleet;
}

/** Runs a drill in a lab that is there, as `stampkit drill` does in one of its own. Its journal is printed when it fails to end as a test wants it. */
export async function drillIn(
  { fleet: whole, lab, ports }: RunningLab,
  spec: DrillSpec,
  { operatorPorts = (given) => given, fleet: edit = (given) => given }: RunEdits = {},
): Promise<DrillRun> {
  const fleet = edit({ ...whole, groups: whole.groups.filter(({ name }) => name === spec.group) });
  const target = {
    name: 'lab' as const,
    speed: lab.plan.speed,
    lookEvery: 250,
    fleet,
    ports,
    operator: new EngineOperator(operatorPorts(ports), fleet, { operator: 'test', holder: `test/${spec.drill}` }),
    faults: lab.faults,
    workload: lab.workload,
    timeline: lab.timeline,
    environment: {},
  };
  return runDrill(spec, target, { cancellation: new CancellationSource() });
}

/** Lines of a run's journal, for the message of a test that fails. */
export function journalOf({ journal }: DrillRun): string {
  return journal.map(({ elapsed, step = '', message }) => `${elapsed.toFixed(1)} s ${step} ${message}`).join('\n');
}

/**
 * A copy of the lab's programs in which some lines are not what they were. What ships has no switch for that.
 *
 * @throws Error when a line is not there exactly once: then the test would break nothing
 */
export function programsWithout(built: string, lines: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lab-programs-'));
  cpSync(built, folder, { recursive: true });
  const file = join(folder, 'process.js');
  const text = Object.entries(lines).reduce(
    (program, [line, instead]) => {
      if (program.split(line).length !== 2) throw new Error(`the program does not say exactly once: ${line}`);
      return program.replace(line, instead);
    },
    readFileSync(file, 'utf8'),
  );
  writeFileSync(file, text);
  return folder;
}
