import type { OperationPorts } from '../../ports';
import { compareText } from '../../order';
import type { GroupView } from '../group-view';
import type { DnsObservation } from '../observation';

/** Which stamps the group's name leads to, vantage point by vantage point: its addresses compared with each stamp's own. */
export async function observeDns(ports: Pick<OperationPorts, 'dns'>, { group }: GroupView): Promise<DnsObservation[]> {
  const [answers, ...own] = await Promise.all([
    ports.dns.answers(group.recordName),
    ...group.stamps.map((stamp) => ports.dns.answers(stamp.values.recordName)),
  ]);
  const owners = new Map<string, string>();
  group.stamps.forEach((stamp, at) => {
    for (const answer of own[at] ?? []) for (const address of answer.addresses) owners.set(address, stamp.id);
  });
  return answers.map(({ vantage, authoritative, addresses, error }) => ({
    vantage,
    authoritative,
    stamps: [...new Set(addresses.flatMap((address) => owners.get(address) ?? []))].sort(compareText),
    foreign: addresses.some((address) => !owners.has(address)),
    ...(error !== undefined && { error }),
  }));
}
