import type { ControlItem, ControlTableStore, PointerReading, Pointers, Stacks } from '../../ports';
import { compareText } from '../../order';
import type { AttributeValue, Item } from '../region/item';
import type { LabAccess } from './access';

/** The control table through a Region's replica. */
export function labControlTable(access: LabAccess): ControlTableStore {
  const table = access.plan.tables.find(({ control }) => control)?.name ?? '';
  return {
    get: async (region, pk, sk) => {
      const place = { service: 'dynamodb', region, call: 'GetItem' };
      const key = { pk: { S: pk }, sk: { S: sk } };
      const item = await access.read<Item | null>(access.region(region, place).rpc, 'table.get', { table, key }, place);
      return item === null ? undefined : itemOf(item);
    },
    put: (region, { pk, sk, version, body }, condition) => {
      const place = { service: 'dynamodb', region, call: 'PutItem' };
      const item = { pk: { S: pk }, sk: { S: sk }, version: { N: String(version) }, body: { S: JSON.stringify(body) } };
      const checked =
        condition === 'absent'
          ? { condition: 'attribute_not_exists(pk)' }
          : { condition: 'version = :version', values: { ':version': { N: String(condition) } } };
      const unguarded = { validUntil: Infinity };
      return access.change(access.region(region, place).rpc, 'table.put', { table, item, ...checked }, place, unguarded);
    },
    query: async (region, pk) => {
      const place = { service: 'dynamodb', region, call: 'Query' };
      const items = await access.read<Item[]>(access.region(region, place).rpc, 'table.all', { table }, place);
      return items
        .filter((item) => item['pk']?.['S'] === pk)
        .map(itemOf)
        .sort((a, b) => compareText(a.sk, b.sk));
    },
  };
}

function itemOf(item: Item): ControlItem {
  const text = (value: AttributeValue | undefined): string => (typeof value?.['S'] === 'string' ? value['S'] : '');
  return {
    pk: text(item['pk']),
    sk: text(item['sk']),
    version: Number(item['version']?.['N']),
    body: JSON.parse(text(item['body'])) as unknown,
  };
}

/** SSM parameters. */
export function labPointers(access: LabAccess): Pointers {
  const read = async (region: string, name: string): Promise<PointerReading | undefined> => {
    const place = { service: 'ssm', region, call: 'GetParameter' };
    return (await access.read<PointerReading | null>(access.region(region, place).rpc, 'ssm.get', { name }, place)) ?? undefined;
  };
  return {
    read,
    write: async ({ region, name, value, version, guard }) => {
      const place = { service: 'ssm', region, call: 'PutParameter' };
      if ((await read(region, name))?.version !== version) return 'conflict';
      const written = await access.change<PointerReading>(
        access.region(region, place).rpc,
        'ssm.put',
        { name, value },
        place,
        guard,
      );
      return written.version === version + 1 ? 'written' : 'conflict';
    },
  };
}

/** Stacks of the assembly are what is deployed in a lab. */
export function labStacks(access: LabAccess, deployed: ReadonlySet<string>): Stacks {
  return {
    exists: async (region, stack) => {
      const place = { service: 'cloudformation', region, call: 'DescribeStacks' };
      await access.read(access.region(region, place).rpc, 'ping', {}, place);
      return deployed.has(stack);
    },
  };
}
