import { PortError } from '../../ports';
import type { Handlers } from '../net/rpc';
import type { LabPlan } from '../plan/lab-plan';
import type { GlobalClusters } from './global-clusters';
import { keyOf } from './item';
import type { MadeTable, RegionTables } from './tables';
import type { Vaults } from './vaults';

/** Items that one call of a copy takes. */
const PORTION = 500;

export interface TableRestore {
  readonly source:
    | { readonly kind: 'recovery-point'; readonly arn: string; readonly vault: string }
    | { readonly kind: 'continuous'; readonly resource: string; readonly at: number };
  readonly target: string;
  readonly restore: string;
}

/** The control plane of tables in a Region, as far as operations call it. */
export function tableHandlers(
  plan: LabPlan,
  region: string,
  tables: RegionTables,
  network: Pick<GlobalClusters, 'across'>,
): Handlers {
  const place = (call: string) => ({ service: 'dynamodb', region, call });
  const need = (name: string, call: string): MadeTable => {
    const found = tables.describe(name);
    if (found === undefined) throw new PortError('not-found', place(call), `there is no table ${name}`);
    return found;
  };
  const everywhere = async (regions: readonly string[], table: MadeTable): Promise<void> => {
    for (const other of regions) {
      const peer = plan.regions.find((each) => each.region === other);
      if (other === region) tables.add(table);
      else if (peer !== undefined) await network.across(other, peer.rpc, 'table.add', table);
    }
  };
  return {
    'table.describe': ({ table }: { table: string }) => tables.describe(table) ?? null,
    'table.add': (table: MadeTable) => {
      tables.add(table);
    },
    'table.dropHere': ({ table, restore }: { table: string; restore: string }) => {
      tables.drop(table, restore);
    },
    'table.addReplica': async ({ table, replica }: { table: string; replica: string }) => {
      const known = need(table, 'UpdateTable');
      if (known.replicas.includes(replica)) return;
      const next: MadeTable = { ...known, consistency: 'eventual', replicas: [...known.replicas, replica].sort() };
      const had = known.replicas;
      await everywhere([replica], next);
      for (const other of had) if (other !== region) await everywhere([other], next);
      tables.extend(next, replica);
    },
    'table.createStrong': async (wanted: {
      table: string;
      like: string;
      replicas: readonly string[];
      witness?: string;
      restore: string;
    }) => {
      if (tables.has(wanted.table)) throw new PortError('conflict', place('CreateTable'), `${wanted.table} exists`);
      const replicas = [...new Set([region, ...wanted.replicas])].sort();
      const members = new Set([...replicas, ...(wanted.witness === undefined ? [] : [wanted.witness])]);
      if (members.size !== 3) throw new PortError('invalid', place('CreateTable'), 'a strong table needs exactly three Regions');
      const { table: name, witness, restore } = wanted;
      await everywhere(replicas, {
        name,
        consistency: 'strong',
        replicas,
        control: false,
        restore,
        ...(witness !== undefined && { witness }),
      });
    },
    'table.copy': async ({ from, to }: { from: string; to: string }) => {
      need(from, 'Scan');
      need(to, 'BatchWriteItem');
      const present = new Set((await tables.all(to)).map(keyOf));
      const missing = (await tables.all(from)).filter((item) => !present.has(keyOf(item)));
      for (const item of missing.slice(0, PORTION)) await tables.put(to, { item, condition: 'attribute_not_exists(pk)' });
      return { copied: present.size + Math.min(PORTION, missing.length), done: missing.length <= PORTION };
    },
    'table.deleteRestored': async ({ table, restore }: { table: string; restore: string }) => {
      const known = tables.describe(table);
      if (known === undefined) return;
      tables.drop(table, restore);
      for (const other of known.replicas) {
        const peer = plan.regions.find((each) => each.region === other);
        if (other !== region && peer !== undefined) {
          await network.across(other, peer.rpc, 'table.dropHere', { table, restore }).catch(() => undefined);
        }
      }
    },
  };
}

/** Makes a table from a backup, or as a live one was at a moment. Started twice it is one restore. @throws PortError `conflict`, `not-found` */
export async function restoreTable(
  region: string,
  tables: RegionTables,
  vaults: Vaults,
  { source, target, restore }: TableRestore,
): Promise<void> {
  const known = tables.describe(target);
  if (known?.restore === restore) return;
  if (known !== undefined) {
    throw new PortError('conflict', { service: 'dynamodb', region, call: 'RestoreTable' }, `${target} exists`);
  }
  const items =
    source.kind === 'recovery-point'
      ? vaults.items(vaults.find(source.vault, source.arn))
      : (tables.eventualTable(source.resource)?.asOf(source.at) ?? []);
  tables.add({ name: target, consistency: 'eventual', replicas: [region], control: false, restore });
  for (const item of items) await tables.put(target, { item });
}
