import { isPortError, type LocalJournal, type OperationPorts } from '../../ports';
import type { GroupView } from '../group-view';
import { report } from '../execute/context';
import { controlReplicas } from '../execute/control';
import type { ControlReplicas } from '../lease/control-replicas';
import { acquireLease } from '../lease/lease';
import { Journal, readJournal, reconcileJournal } from './journal';
import type { JournalEntry } from './journal-entry';
import { noteOperation } from './operation-index';

/**
 * Brings an operation that ran without the control table into it: its entries, its line in the group's list, and a last entry that says so.
 * One that has not ended is named by the group's lease from then on, so that nobody starts another over it unknowingly.
 *
 * @returns how many entries the table did not have
 * @throws PortError when no replica answers
 */
export async function reconcile(ports: OperationPorts, view: GroupView, operation: string): Promise<number> {
  const replicas = controlReplicas(ports, view);
  const added = await reconcileJournal(ports.localJournal, replicas, operation);
  const entries = await readJournal(ports.localJournal, replicas, operation);
  if (added === 0 && !isDark(entries)) return 0;
  const begin = entries.find((entry) => entry.kind === 'begin');
  const end = entries.findLast((entry) => entry.kind === 'end');
  const token = Math.max(...entries.map((entry) => entry.token));
  if (begin?.kind === 'begin') {
    await noteOperation(replicas, view.group.name, {
      operation,
      kind: begin.plan.operation,
      variant: begin.plan.variant,
      operator: begin.operator,
      begun: begin.at,
      hash: begin.plan.hash,
      ...(end?.kind === 'end' && { result: end.result, ended: end.at }),
    });
    if (!hasEnded(entries)) await nameIt(ports, replicas, { group: view.group.name, operation, operator: begin.operator, token });
  }
  const seq = Math.max(...entries.filter((entry) => entry.token === token).map((entry) => entry.seq)) + 1;
  const journal = new Journal(ports.localJournal, ports.clock, { operation, token, replicas, from: seq });
  await journal.append({ kind: 'reconciled', entries: added }, true);
  return added;
}

/** Every operation of the group that this machine ran in the dark and the table has not been told of. Silence leaves them for next time. */
export async function reconcileDark(ports: OperationPorts, view: GroupView): Promise<void> {
  for (const operation of await darkOperations(ports.localJournal, view.group.name)) {
    try {
      await reconcile(ports, view, operation);
    } catch (error) {
      if (!isPortError(error)) throw error;
      const message = `${operation} ran without a lease and is not in the control table yet: ${error.message}`;
      report(ports, { level: 'warning', code: 'not-reconciled', message, data: { operation } });
    }
  }
}

/** Operations of a group that ran without the control table and were not brought to it since, by their journals on this machine. */
export async function darkOperations(local: LocalJournal, group: string): Promise<string[]> {
  const dark: string[] = [];
  for (const operation of (await local.list()).filter((id) => id.includes(`-${group}-`))) {
    const entries = await readJournal(local, undefined, operation);
    const begin = entries.find((entry) => entry.kind === 'begin');
    if (begin?.kind === 'begin' && begin.plan.group === group && isDark(entries)) dark.push(operation);
  }
  return dark;
}

function isDark(entries: readonly JournalEntry[]): boolean {
  const last = entries.findLastIndex(runsInTheDark);
  return last >= 0 && !entries.slice(last).some((entry) => entry.kind === 'reconciled');
}

/** True for the entry that begins a run without a lease. */
export function runsInTheDark(entry: JournalEntry): boolean {
  return (entry.kind === 'begin' || entry.kind === 'resume') && entry.breakGlass !== undefined;
}

/** Nothing is left to go on with. */
export function hasEnded(entries: readonly JournalEntry[]): boolean {
  const last = entries.findLast((entry) => entry.kind === 'end' || entry.kind === 'begin' || entry.kind === 'resume');
  return last?.kind === 'end' && (last.result === 'completed' || last.over === true || last.detail.startsWith('replaced by '));
}

async function nameIt(
  ports: OperationPorts,
  replicas: ControlReplicas,
  dark: { readonly group: string; readonly operation: string; readonly operator: string; readonly token: number },
): Promise<void> {
  const { group, operation, operator, token } = dark;
  const taken = await acquireLease(replicas, ports.clock, {
    group,
    operation,
    takesOver: operation,
    holder: `${operator}, reconciling ${operation}`,
    operator,
    above: token,
    patient: false,
  });
  if (taken.kind === 'acquired') {
    await taken.lease.release(operation);
    return;
  }
  const other = taken.record?.unfinished ?? 'another operation';
  const message = `${operation} has not ended, and ${other} is in its place: look at both before anything is resumed`;
  report(ports, { level: 'warning', code: 'not-named', message, data: { operation } });
}
