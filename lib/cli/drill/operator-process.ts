import { systemClock } from '../../aws/operations/clock';
import { localJournal } from '../../aws/operations/local-journal';
import type { LabPlan } from '../../lab';
import { go, lookAndPrepare } from '../../operations/engine';
import { CancellationSource } from '../../operations/execute/cancellation';
import type { Identity } from '../../operations/execute/execute';
import type { OperationReport } from '../../operations/execute/operation-report';
import type { OperationFinding } from '../../operations/finding-codes';
import type { JournalEntry } from '../../operations/journal/journal-entry';
import type { Plan } from '../../operations/plan';
import type { OperationRequest } from '../../operations/request';
import type { LocalJournal } from '../../ports';
import type { Fleet } from '../../topology/types';
import { loadLab } from '../lab-module';

/** What an operator's process is told, as one JSON document on its standard input. */
export interface OperatorOrder {
  readonly plan: LabPlan;
  readonly fleet: Fleet;
  readonly request: OperationRequest;
  readonly identity: Identity;
  /** Folder of the local journal. */
  readonly journal: string;
  /** It stands still once it has journaled that a step whose id begins so has started, and waits for its end. */
  readonly crashAt: string;
}

/** What it says, one JSON document a line. */
export type OperatorWord =
  | { readonly is: 'said'; readonly message: string }
  | { readonly is: 'planned'; readonly plan: Plan }
  | { readonly is: 'refused'; readonly findings: readonly OperationFinding[] }
  | { readonly is: 'standing'; readonly operation: string; readonly step: string }
  | { readonly is: 'ended'; readonly report: OperationReport };

/** Carries out one operation in a lab, as a process of its own that somebody is going to kill. */
export async function runOperator(
  { plan, fleet, request, identity, journal, crashAt }: OperatorOrder,
  say: (word: OperatorWord) => void,
): Promise<void> {
  const { Lab } = loadLab();
  const ports = Lab.of(plan).ports({
    clock: systemClock(),
    reporter: {
      event: ({ message }) => {
        say({ is: 'said', message });
      },
    },
    localJournal: standingStill(localJournal(journal), crashAt, say),
  });
  const looked = await lookAndPrepare(ports, fleet, request, { identity });
  if (looked.plan === undefined || !looked.allowed) {
    say({ is: 'refused', findings: looked.findings });
    return;
  }
  say({ is: 'planned', plan: looked.plan });
  const report = await go(ports, fleet, looked, { identity, hash: looked.plan.hash, cancellation: new CancellationSource() });
  if (report === undefined || report.result === 'refused') say({ is: 'refused', findings: report?.findings ?? looked.findings });
  else say({ is: 'ended', report });
}

/** A journal that is on disk when it says where it stands, and then never returns. */
function standingStill(journal: LocalJournal, at: string, say: (word: OperatorWord) => void): LocalJournal {
  return {
    append: async (operation, line) => {
      await journal.append(operation, line);
      const entry = JSON.parse(line) as JournalEntry;
      if (entry.kind !== 'intent' || !entry.step.startsWith(at)) return;
      say({ is: 'standing', operation, step: entry.step });
      await new Promise(() => {
        // An open promise alone does not keep a process.
        setInterval(() => undefined, 60_000);
      });
    },
    read: (operation) => journal.read(operation),
    list: () => journal.list(),
  };
}
