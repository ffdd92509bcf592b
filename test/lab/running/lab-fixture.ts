import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../lib/aws/operations/clock';
import { localJournal } from '../../../lib/aws/operations/local-journal';
import type { ParsedFleet } from '../../../lib/assembly/parsed-fleet';
import { loadFleet } from '../../../lib/cli/load-fleet';
import { loadLab } from '../../../lib/cli/lab-module';
import { synthesizeFacts } from '../../../lib/cli/verify/synthesize';
import type { Lab, Supervisor } from '../../../lib/lab';
import type { OperationPorts } from '../../../lib/ports';
import type { Fleet } from '../../../lib/topology/types';
import { EXAMPLE_STAMPS } from '../../support/cli';

const root = join(__dirname, '..', '..', '..');

/** The programs of the lab, as the sources are now. */
export function buildLab(): void {
  const script = `import('./scripts/bundle-lab.mjs').then(({ bundleLab }) => bundleLab())`;
  execFileSync(process.execPath, ['-e', script], { cwd: root, stdio: 'inherit' });
}

export interface RunningLab {
  readonly fleet: Fleet;
  readonly supervisor: Supervisor;
  readonly lab: Lab;
  readonly ports: OperationPorts;
  /** Ends it; leaves nothing. */
  readonly end: () => Promise<void>;
}

let facts: Promise<ParsedFleet> | undefined;

/** A lab of some groups of the example fleet. */
export async function runLab(groups: readonly string[], speed = 20): Promise<RunningLab> {
  const { fleet } = loadFleet(EXAMPLE_STAMPS);
  if (fleet === undefined) throw new Error('the example fleet is broken');
  facts ??= synthesizeFacts(fleet);
  const { Lab, startLab } = loadLab();
  const supervisor = await startLab({ facts: await facts, zones: [fleet.zone], speed, groups });
  const journal = mkdtempSync(join(tmpdir(), 'lab-journal-'));
  const lab = Lab.of(supervisor.plan);
  return {
    fleet,
    supervisor,
    lab,
    ports: lab.ports({ clock: systemClock(), reporter: { event: () => undefined }, localJournal: localJournal(journal) }),
    end: async () => {
      await supervisor.down();
      rmSync(journal, { recursive: true, force: true });
    },
  };
}

/** Waits until it is true; the test's own time-out ends it. */
export async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 100));
}
