import type { OperationPorts } from '../../ports';
import type { GroupView } from '../group-view';
import { controlReplicas } from '../execute/control';
import { Journal, readJournal, reconcileJournal } from './journal';
import { noteOperation } from './operation-index';

/**
 * Brings an operation that ran without the control table into it: its entries, its line in the group's list, and a last entry that says so.
 *
 * @returns how many entries the table did not have
 * @throws PortError when no replica answers
 */
export async function reconcile(ports: OperationPorts, view: GroupView, operation: string): Promise<number> {
  const replicas = controlReplicas(ports, view);
  const added = await reconcileJournal(ports.localJournal, replicas, operation);
  if (added === 0) return 0;
  const entries = await readJournal(ports.localJournal, replicas, operation);
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
  }
  const seq = Math.max(...entries.filter((entry) => entry.token === token).map((entry) => entry.seq)) + 1;
  const journal = new Journal(ports.localJournal, ports.clock, { operation, token, replicas, from: seq });
  await journal.append({ kind: 'reconciled', entries: added }, true);
  return added;
}
