import type { ControlReplicas } from '../lease/control-replicas';
import type { OperationResult } from './journal-entry';
import type { OperationKind } from '../request';

/** One line of `journal list`: an operation of a group and how it ended. */
export interface OperationSummary {
  readonly operation: string;
  readonly kind: OperationKind;
  readonly variant: string;
  readonly operator: string;
  /** ISO 8601. */
  readonly begun: string;
  readonly hash: string;
  /** Absent while it has not ended. */
  readonly result?: OperationResult;
  readonly ended?: string;
  /** Seconds; as in the report. */
  readonly achievedRpoSeconds?: number;
  readonly achievedRtoSeconds?: number;
}

function indexKey(group: string, operation: string): { pk: string; sk: string } {
  return { pk: `operations#${group}`, sk: operation };
}

/** Notes that an operation began or ended. The journal has the whole truth; this is the list of a group. */
export async function noteOperation(replicas: ControlReplicas, group: string, summary: OperationSummary): Promise<void> {
  const key = indexKey(group, summary.operation);
  const found = await replicas.get(key.pk, key.sk);
  await replicas.put({ ...key, version: (found?.version ?? 0) + 1, body: summary }, found?.version ?? 'absent');
}

/** Notes how an operation ended that another one replaced. */
export async function noteReplaced(replicas: ControlReplicas, group: string, operation: string, ended: string): Promise<void> {
  const key = indexKey(group, operation);
  const found = await replicas.get(key.pk, key.sk);
  if (found !== undefined)
    await noteOperation(replicas, group, { ...(found.body as OperationSummary), result: 'aborted', ended });
}

/** Operations of a group, newest first: ids begin with their time. */
export async function listOperations(replicas: ControlReplicas, group: string): Promise<OperationSummary[]> {
  const items = await replicas.query(indexKey(group, '').pk);
  return items.map((item) => item.body as OperationSummary).reverse();
}
