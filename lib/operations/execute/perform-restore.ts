import type { RestoreRecord } from '../observation';
import { parsePointer } from '../observe/pointer-document';
import { restoresKey } from '../observe/observe';
import type { Action, RestoreNote } from '../plan';
import type { RunContext } from './context';
import { controlReplicas } from './control';
import type { Performed } from './perform';

const ATTEMPTS = 5;

/**
 * Swaps the one indirection to a database (design 6). Members of the document that the new database does not decide stay.
 *
 * @throws Error when the cluster is not there, or the parameter keeps changing
 */
export async function writePointer(
  { region, name, value }: Extract<Action, { do: 'write-pointer' }>,
  { ports, hold }: RunContext,
): Promise<Performed> {
  for (let round = 0; round < ATTEMPTS; round += 1) {
    const live = await ports.pointers.read(region, name);
    if (live === undefined) throw new Error(`there is no parameter ${name} in ${region}`);
    const before = parsePointer(live.value) ?? { engine: '' };
    let document: Record<string, unknown>;
    if (value.to === 'table') {
      document = { ...before, engine: 'dynamodb', table: value.table };
    } else {
      const cluster = await ports.databases.cluster(value.region, value.cluster);
      if (cluster === undefined) throw new Error(`there is no cluster ${value.cluster} in ${value.region}`);
      const { writerEndpoint: writer, readerEndpoint: reader, port } = cluster;
      document = { engine: value.engine, writer, reader, port, name: before.name ?? value.databaseName };
    }
    const text = JSON.stringify(document);
    if (text === live.value) return { detail: 'says so already' };
    const result = await ports.pointers.write({ region, name, value: text, version: live.version, guard: hold.guard() });
    if (result === 'written') return { detail: `was ${live.value}`, data: { before: live.value } };
  }
  throw new Error(`the parameter ${name} in ${region} changes under our hands`);
}

/** Keeps what became of a restore, so that `status` and a later cut-over know it. */
export async function recordRestore(note: RestoreNote, { ports, view, plan, hold }: RunContext): Promise<Performed> {
  const replicas = controlReplicas(ports, view, plan);
  const pk = restoresKey(view.group.name);
  for (let round = 0; round < ATTEMPTS; round += 1) {
    hold.guard();
    const found = await replicas.get(pk, note.id);
    const before = found?.body as RestoreRecord | undefined;
    const record: RestoreRecord = {
      ...note,
      group: view.group.name,
      askedAt: before?.askedAt ?? ports.clock.now(),
    };
    const item = { pk, sk: note.id, version: (found?.version ?? 0) + 1, body: record };
    if ((await replicas.put(item, found?.version ?? 'absent')) === 'written')
      return { detail: `restore ${note.id} is ${note.state}` };
  }
  throw new Error(`the record of restore ${note.id} changes under our hands`);
}
