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

/** The lab's programs, as {@link buildLab} leaves them. */
export const BUILT_LAB = join(root, 'dist', 'lab');

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
  /** What the start took once the templates were read, in seconds. */
  readonly startSeconds: number;
  /** Ends it; leaves nothing. */
  readonly end: () => Promise<void>;
}

let facts: Promise<ParsedFleet> | undefined;

/** What a test breaks before a lab starts. */
export interface LabEdits {
  /** Other templates than those of the example fleet. */
  readonly edit?: (facts: ParsedFleet) => ParsedFleet;
  /** Folder of other programs than those that were built. */
  readonly programs?: string;
}

/** A lab of some groups of the example fleet, or of all. */
export async function runLab(
  groups: readonly string[] | undefined,
  speed = 20,
  { edit = (given) => given, programs }: LabEdits = {},
): Promise<RunningLab> {
  const { fleet } = loadFleet(EXAMPLE_STAMPS);
  if (fleet === undefined) throw new Error('the example fleet is broken');
  facts ??= synthesizeFacts(fleet);
  const { Lab, startLab } = loadLab();
  const edited = edit(await facts);
  const begun = performance.now();
  const supervisor = await startLab({
    facts: edited,
    zones: [fleet.zone],
    speed,
    ...(groups !== undefined && { groups }),
    ...(programs !== undefined && { programs }),
  });
  const startSeconds = (performance.now() - begun) / 1000;
  const journal = mkdtempSync(join(tmpdir(), 'lab-journal-'));
  const lab = Lab.of(supervisor.plan);
  return {
    fleet,
    supervisor,
    startSeconds,
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
